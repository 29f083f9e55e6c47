"""Small helpers for SQL: names and texts written so that no file can smuggle SQL into a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

Record = tuple[Any, ...]


def literal(text: str) -> str:
    """Write a text as an SQL string.

    >>> literal("Kunde's")
    "'Kunde''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    '''Write a name as an SQL identifier.

    >>> identifier('the "id"')
    '"the ""id"""'
    '''
    return '"' + name.replace('"', '""') + '"'


def texts(values: Iterable[str]) -> str:
    """Write texts as the inside of an SQL list.

    >>> texts(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(literal(value) for value in values)


def parquet(paths: Iterable[Path], *, numbered: bool = True) -> str:
    """Write a table function that reads Parquet files, with the number of each row if wanted."""
    number = ", file_row_number = true" if numbered else ""
    return f"read_parquet([{texts(str(path) for path in paths)}]{number})"


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Record]:
    """Run a query to its end and return its rows."""
    try:
        return connection.execute(query).fetchall()
    except RuntimeError as error:
        # The engine's word for Ctrl-C.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def row(connection: duckdb.DuckDBPyConnection, query: str) -> Record:
    """Run a query that returns exactly one row and return it."""
    (only,) = rows(connection, query)
    return tuple(only)


@contextmanager
def file_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let the engine keep the order of the file, which the line numbers rest on, for a while."""
    (kept,) = row(connection, "SELECT current_setting('preserve_insertion_order')")
    rows(connection, "SET preserve_insertion_order = true")
    try:
        yield
    finally:
        rows(connection, f"SET preserve_insertion_order = {'true' if kept else 'false'}")
