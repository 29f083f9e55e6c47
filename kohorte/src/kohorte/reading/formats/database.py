"""Tables of databases, staged row by row as they are at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading.address import Address
from kohorte.reading.formats import headers, postgresql, sqlite, staging
from kohorte.reading.formats.headers import Head
from kohorte.reading.source import COLUMNS_MAX, Source

SQLITE_SIGN = sqlite.SIGN

Opened = AbstractContextManager[tuple[Sequence[str], Iterable[Sequence[object]]]]


def open_source(address: Address, *, connection: duckdb.DuckDBPyConnection, folder: Path) -> Source:
    """Open a table of a database; its rows are numbered from 1.

    Raises
    ------
    ReadError
        Without any password in it: if the database or the table cannot be reached.
    """
    opened: Opened = (sqlite if address.scheme == "sqlite" else postgresql).opened(address)
    with opened as (names, rows):
        if len(names) > COLUMNS_MAX:
            raise ReadError(
                "The file {file} has {columns} columns; at most {limit} are read.",
                file=address.name,
                columns=len(names),
                limit=COLUMNS_MAX,
            )
        staged = staging.stage(
            enumerate(rows, start=1),
            width=len(names),
            name=address.name,
            folder=folder,
            connection=connection,
        )
    head = Head(names=tuple(names), rows=0)
    return headers.source(head, staged, path=address, name=address.name)
