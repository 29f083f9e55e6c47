"""Both stores for every test that touches one, and the cast: two shops and their people.

A test marked `django_db` runs on SQLite and on PostgreSQL, and what it wrote is rolled back. One that
commits, starts threads or processes takes `own_store`: a database of its own, gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

import remembering  # type: ignore[import-not-found]
from stammkunde.config import database
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Membership, Shop
from tools import messages, postgres

STORES = ("sqlite", "postgresql")
PAGES = "dashboard"
ONE_STORE = os.environ.get("ONE_STORE") == "1"


@dataclass(frozen=True)
class Store:
    """A migrated database.

    Parameters
    ----------
    address
        As in `DATABASE_URL`.
    copied
        Makes a database that holds the same, and gives its address.
    """

    address: str
    copied: Callable[[], str] = field(repr=False)


def pytest_configure() -> None:
    """Compile the German words, which are kept as text only."""
    messages.compile_stale()
    remembering.hurry()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let tests that are marked `django_db` run on each store."""
    if metafunc.definition.get_closest_marker("django_db"):
        if "store" not in metafunc.fixturenames:
            metafunc.fixturenames.insert(0, "store")
        metafunc.parametrize("store", STORES, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what only shows on one store, every other day on the other; where it is to be quick, everything.

    Pages call what is tested below them on both stores; the figures of real data are read from pages of both
    (`insights/test_online_retail_in_store.py`). `make soak` leaves nothing out.
    """
    if "soak" not in config.option.markexpr:
        return
    today = clock.now().date().toordinal()
    kept = [item for item in items if not _is_for_another_day(item, today)]
    config.hook.pytest_deselected(
        items=[item for item in items if _is_for_another_day(item, today)]
    )
    items[:] = kept


def _is_for_another_day(item: pytest.Item, today: int) -> bool:
    if not ONE_STORE and PAGES not in item.path.parts:
        return False
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    store = parameters.get("store", parameters.get("own_store"))
    if store not in STORES:
        return False
    about = item.nodeid.replace(store, "")
    return STORES[(zlib.crc32(about.encode()) + today) % len(STORES)] != store


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Store:
    """Return a migrated SQLite database in a file, as the product has it."""
    folder = tmp_path_factory.mktemp("store")
    numbers = count(1)
    made = Store(f"sqlite:///{folder / 'store.sqlite3'}", lambda: copied())

    def copied() -> str:
        target = folder / f"copy{next(numbers)}.sqlite3"
        shutil.copyfile(folder / "store.sqlite3", target)
        return f"sqlite:///{target}"

    _migrate(made, django_db_blocker)
    return made


@pytest.fixture(scope="session")
def postgresql_store(django_db_blocker: Any) -> Iterator[Store]:
    """Return a migrated database of a PostgreSQL of the tests' own."""
    programs = postgres.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.running(programs) as server:
        where = f"postgresql://postgres@127.0.0.1:{server.port}"
        numbers = count(1)

        def copied() -> str:
            name = f"copy{next(numbers)}"
            server.ask(f"CREATE DATABASE {name} TEMPLATE store")
            return f"{where}/{name}"

        server.ask("CREATE DATABASE store")
        made = Store(f"{where}/store", copied)
        _migrate(made, django_db_blocker)
        yield made


def _migrate(store: Store, blocker: Any) -> None:
    with blocker.unblock(), as_default(store.address):
        call_command("migrate", verbosity=0)


@contextmanager
def as_default(address: str) -> Iterator[None]:
    """Let a database be the one that the product uses, in this thread and in new ones."""
    kept = connections.settings["default"]
    described = {**database.parse(address), "CONN_MAX_AGE": 0}
    settings = connections.configure_settings({"default": described})
    connections.settings["default"] = settings["default"]
    _forget_connection()
    try:
        yield
    finally:
        connections["default"].close()
        _forget_connection()
        connections.settings["default"] = kept


def _forget_connection() -> None:
    with suppress(AttributeError):
        del connections["default"]


@pytest.fixture(autouse=True)
def folder_of_its_own(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let no test write its columns and files where another finds them, or beside the code."""
    settings.DATA = tmp_path_factory.getbasetemp() / f"data-{uuid.uuid4().hex}"


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Let a test run on a store that it leaves as it was."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    with as_default(found.address):
        yield found


@pytest.fixture
def django_db_setup(store: Store) -> None:
    """Have the store in place before a test's transaction begins."""


@pytest.fixture(params=STORES)
def own_store(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Store]:
    """Return a database of the test's own on each store: commits, threads and processes are real."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    address = found.copied()
    with django_db_blocker.unblock(), as_default(address):
        yield Store(address, found.copied)
    if address.startswith("sqlite"):
        Path(address.removeprefix("sqlite:///")).unlink()


@dataclass(frozen=True)
class Cast:
    """Two shops: Käsehaus with one person of each role, and Teekontor, which is none of their business."""

    cheese: Shop
    tea: Shop
    olga: Person
    mara: Person
    anton: Person
    sven: Person
    tina: Person


@pytest.fixture
def cast(db: None) -> Cast:
    """Return the cast; Olga owns the Käsehaus, Mara markets, Anton analyses, Sven serves."""
    remembering.count_anew()
    return make_cast()


def make_cast() -> Cast:
    """Write the cast into the store."""
    people = {
        name: Person.objects.create_user(f"{name}@example.com", name=name.capitalize())
        for name in ("olga", "mara", "anton", "sven", "tina")
    }
    cheese = shops.found("Käsehaus", owner=people["olga"], actor=COMMAND)
    tea = shops.found("Teekontor", owner=people["tina"], actor=COMMAND)
    for name, role in (("mara", "marketer"), ("anton", "analyst"), ("sven", "support")):
        Membership.objects.create(shop=cheese, person=people[name], role=role)
    return Cast(cheese=cheese, tea=tea, **people)
