"""Both stores and the cast, for every test below (see `stores_and_cast.py`)."""

from __future__ import annotations

from remembering import remembered_numbers
from stores_and_cast import (
    cast,
    django_db_setup,
    folder_of_its_own,
    own_store,
    postgresql_store,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_generate_tests,
    sqlite_store,
    store,
)

__all__ = [
    "cast",
    "django_db_setup",
    "folder_of_its_own",
    "own_store",
    "postgresql_store",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_generate_tests",
    "remembered_numbers",
    "sqlite_store",
    "store",
]
