"""Statements whose text comes again and again: each store keeps what it found out about them.

PostgreSQL plans a statement once for a connection in place of every time, which for a small write is most of its
work; SQLite is spared the search for our marks. Nothing else differs from `bulk.select`.

What was seen a few times is prepared, and of that the hundred used last are kept: statements whose text grows with
their rows never fill the memory. Results are cast to a type (`a.balance::bigint`), so that PostgreSQL plans
anew, and does not refuse, where a migration has changed a column since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from stammkunde.core import bulk

# So often a text was seen before it is prepared; PostgreSQL tries plans for its values five times more.
SEEN = 2
# Lists of so many keys at most.
FEW = 20
# Texts that are kept with their marks as the stores want them.
TEXTS = 500


def select(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a select."""
    if any(type(each) is list and len(each) > FEW for each in parameters):
        # A kept plan expects ten of a list, and goes through thousands one by one for each row of a shop.
        return bulk.select(sql, parameters)
    with _cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run_all(statements: Iterable[tuple[str, Sequence[Sequence[Any]]]]) -> None:
    """Run statements, each for some rows, one after the other: for SQLite, which is asked in its own process."""
    with _cursor() as cursor:
        for sql, rows in statements:
            if len(rows) == 1:
                cursor.execute(sql, rows[0])
            else:
                cursor.executemany(sql, rows)


def _cursor() -> Any:
    """Return a cursor within whatever Django wraps around its own."""
    store = connections[DEFAULT_DB_ALIAS]
    store.close_if_health_check_failed()
    store.ensure_connection()
    store.validate_thread_sharing()
    if store.vendor == "postgresql":
        if not store.settings_dict["PREPARES"]:
            return store.cursor()
        cursor = _planned()(store.connection)
    else:
        cursor = store.connection.cursor(factory=_Marked)
    return store.make_debug_cursor(cursor) if store.queries_logged else store.make_cursor(cursor)


class _Marked(SQLiteCursorWrapper):
    """SQLite's cursor, which remembers texts with marks of its own."""

    def convert_query(self, query: str, *, param_names: object = None) -> str:
        return _with_question_marks(query)


@cache
def _planned() -> Any:
    """Return the class of cursors that have PostgreSQL remember plans; psycopg is needed there alone."""
    psycopg: Any = import_module("psycopg")

    class Planned(psycopg.RawCursor):  # type: ignore[misc]
        """Whole numbers go as text: their size would else make a statement of its own of each."""

        def execute(self, query: str, params: Sequence[Any] = ()) -> Any:
            # Only here: Django's own statements hold their values, and none comes twice.
            self.connection.prepare_threshold = SEEN
            try:
                return super().execute(_with_numbers(query), [_plain(each) for each in params])
            finally:
                self.connection.prepare_threshold = None

    return Planned


def _plain(value: Any) -> Any:
    if type(value) is int:
        return str(value)
    if type(value) is list and value and type(value[0]) is int:
        return "{" + ",".join(map(str, value)) + "}"
    return value


@lru_cache(maxsize=TEXTS)
def _with_question_marks(sql: str) -> str:
    return sql.replace("%s", "?")


@lru_cache(maxsize=TEXTS)
def _with_numbers(sql: str) -> str:
    """Number the marks of a statement.

    >>> _with_numbers("SELECT %s + %s")
    'SELECT $1 + $2'
    """
    first, *rest = sql.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
