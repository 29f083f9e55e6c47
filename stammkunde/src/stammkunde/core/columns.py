"""Rows of the store as tables of DuckDB, the way from records to columns; and back by `pour`.

They travel through a temporary file of text, which keeps memory flat on both stores: PostgreSQL copies
it out, SQLite's rows are written by Python's csv. An empty text arrives as NULL.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection as store

AT_ONCE = 10_000
BLOCK = 1 << 20
_CELL = re.compile(r"\bs\.(\w+)")


def fetch(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    sql: str,
    parameters: Sequence[Any] = (),
    *,
    temporary: bool = False,
) -> None:
    """Make a table of what a select on the store finds.

    Parameters
    ----------
    columns
        Names and DuckDB types, in the order of the select.
    temporary
        Whether it goes with the connection, as it must where the file is only read.
    """
    with tempfile.TemporaryDirectory(prefix="stammkunde-") as folder:
        path = Path(folder) / "rows.csv"
        _write(path, sql, parameters)
        _read(connection, table, columns, path, temporary=temporary)


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Make a table of rows that are at hand."""
    with tempfile.TemporaryDirectory(prefix="stammkunde-") as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        _read(connection, table, columns, path, temporary=False)


def pour(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    parameters: Mapping[str, Any],
    *,
    table: str,
    further: Mapping[str, str] | None = None,
    by_one_statement: bool = False,
) -> None:
    """Insert what a select on DuckDB finds; no row becomes an object of ours on its way.

    It belongs into a transaction of the caller, and the rows are known to be new.

    Parameters
    ----------
    select
        Its columns are called as those of the table.
    further
        The SQL of more columns, or of what takes the place of one, in which `s` is the row, such as
        `(SELECT … WHERE id = s.key_id)`.
    by_one_statement
        For tables with triggers that collect for the search, which SQLite writes out behind each
        statement.
    """
    names = [name for name, *_ in connection.execute(f"DESCRIBE {select}", parameters).fetchall()]
    every = {name: f"s.{name}" for name in names} | dict(further or {})
    columns, values = ", ".join(every), ", ".join(every.values())
    is_staged = by_one_statement or (store.vendor == "postgresql" and bool(further))
    if not is_staged:
        _put(connection, select, parameters, table, every)
        return
    staging = f"pouring_{table}"
    with store.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {staging} AS SELECT {', '.join(names)} FROM {table} LIMIT 0"
        )
        _put(connection, select, parameters, staging, {name: f"s.{name}" for name in names})
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {staging} s")
        cursor.execute(f"DROP TABLE {staging}")


def _put(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    parameters: Mapping[str, Any],
    table: str,
    cells: Mapping[str, str],
) -> None:
    """Insert what a select on DuckDB finds into a table, whose cells on SQLite are told by SQL."""
    if store.vendor == "postgresql":
        with (
            tempfile.TemporaryDirectory(prefix="stammkunde-") as folder,
            store.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(cells)}) FROM STDIN (FORMAT csv)") as copy,
        ):
            path = Path(folder) / "rows.csv"
            connection.execute(
                f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER false)", parameters
            )
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    copy.write(block)
        return
    found = connection.execute(select, parameters)
    place = {each[0]: f"?{number}" for number, each in enumerate(found.description, 1)}
    bound = ", ".join(_CELL.sub(lambda cell: place[cell[1]], value) for value in cells.values())
    with store.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({bound})",
            _fetched(found),  # type: ignore[arg-type]
        )


def _fetched(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := found.fetchmany(AT_ONCE):
        yield from rows


def _write(path: Path, sql: str, parameters: Sequence[Any]) -> None:
    with store.cursor() as cursor:
        if store.vendor == "postgresql":
            with (
                path.open("wb") as file,
                cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", parameters) as copy,
            ):
                for block in copy:
                    file.write(block)
            return
        cursor.execute(sql, parameters)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            while rows := cursor.fetchmany(AT_ONCE):
                writer.writerows(rows)


def _read(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    path: Path,
    *,
    temporary: bool,
) -> None:
    names = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
    kind = "TEMP TABLE" if temporary else "TABLE"
    connection.execute(f"CREATE OR REPLACE {kind} {table} ({names})")
    if not path.stat().st_size:
        return
    connection.execute(
        f"INSERT INTO {table} SELECT * FROM read_csv($path, header = false, auto_detect = false, "
        "columns = $columns, delim = ',', quote = '\"', escape = '\"', nullstr = '', "
        "max_line_size = 16777216)",
        {"path": str(path), "columns": dict(columns)},
    )
