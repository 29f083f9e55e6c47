"""Rows into the store by the hundred thousand: COPY on PostgreSQL, executemany on SQLite.

Names of tables and columns come from our own code, never from a person; values are always bound.
What inserts and updates belongs into a transaction of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction

Row = Sequence[Any]
# PostgreSQL says so of a transaction that waited in a circle and was chosen to begin again.
DEADLOCK = "40P01"
# So many keys are looked up by one statement.
AT_ONCE = 20_000
# So many rows of each index are a sample: milliseconds, however large the tables are.
SAMPLE = 1_000


def sqlstate(error: Exception) -> str:
    """Return what PostgreSQL calls an error by, nothing on SQLite."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def constraint(error: Exception) -> str:
    """Return the name of what PostgreSQL found broken, nothing on SQLite."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "")


def insert(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows that are known to be new."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        # SQLite takes any iterable, so that a large one is never held whole.
        cursor.executemany(statement, rows)  # type: ignore[arg-type]


def add(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows by one statement; those that a unique key knows already stay as they are.

    SQLite writes out what triggers collected for the search after each statement: for tables with
    such triggers this takes a quarter of the time of `insert`.
    """
    if not rows:
        return
    names, staging = ", ".join(columns), f"incoming_{table}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {staging} AS SELECT {names} FROM {table} LIMIT 0")
        insert(staging, columns, rows)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {staging} WHERE true "
            "ON CONFLICT DO NOTHING"
        )
        cursor.execute(f"DROP TABLE {staging}")


def update(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Update rows by their id, which stands last in each."""
    if not rows:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            parts = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(f"UPDATE {table} SET {parts} WHERE id = %s", rows)
            return
        names = ", ".join((*columns, "id"))
        staging = f"changing_{table}"
        cursor.execute(
            f"CREATE TEMP TABLE {staging} ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0"
        )
        insert(staging, (*columns, "id"), rows)
        parts = ", ".join(f"{column} = s.{column}" for column in columns)
        cursor.execute(f"UPDATE {table} t SET {parts} FROM {staging} s WHERE s.id = t.id")
        cursor.execute(f"DROP TABLE {staging}")


def among(expression: str, values: Sequence[Any]) -> tuple[str, Any]:
    """Return the condition that an expression is one of many values, and its one parameter."""
    if connection.vendor == "postgresql":
        return f"{expression} = ANY(%s)", list(values)
    return f"{expression} IN (SELECT value FROM json_each(%s))", json.dumps(list(values))


def learn() -> None:
    """Let SQLite look at samples of its tables, by which it finds its ways; PostgreSQL does so by itself.

    Without that it takes the key of a shop for as narrow as that of a customer, and reads all orders of
    the shop to find those of the customer.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
            cursor.execute("ANALYZE")


def select(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a select."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement; return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def parts(values: Sequence[Any], size: int = AT_ONCE) -> Iterable[Sequence[Any]]:
    """Part values into pieces that one statement takes.

    >>> list(parts([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    return (values[start : start + size] for start in range(0, len(values), size))


def new_ids(table: str, count: int) -> list[int]:
    """Return ids that no other row of a table has or will have."""
    if not count:
        return []
    if connection.vendor == "postgresql":
        found = select(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            (table, count),
        )
        return [int(number) for (number,) in found]
    # Whoever is in an IMMEDIATE transaction is the only one who writes.
    (last,) = select(f"SELECT coalesce(max(id), 0) FROM {table}")[0]
    kept = select("SELECT seq FROM sqlite_sequence WHERE name = %s", (table,))
    first = max(int(last), int(kept[0][0]) if kept else 0) + 1
    return list(range(first, first + count))
