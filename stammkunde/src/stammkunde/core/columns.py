"""Rows of the store as tables of DuckDB: the way from records to columns.

They travel through a temporary file of text, which keeps memory flat on both stores: PostgreSQL copies
it out, SQLite's rows are written by Python's csv. An empty text arrives as NULL.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection as store

AT_ONCE = 10_000


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
