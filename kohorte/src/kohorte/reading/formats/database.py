"""Tables of databases: SQLite through the standard library, PostgreSQL through psycopg; read only."""

from __future__ import annotations

import importlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.address import Address, secrets
from kohorte.reading.formats import headers, staging
from kohorte.reading.formats.headers import Head
from kohorte.reading.source import COLUMNS_MAX, Source

SQLITE_SIGN = b"SQLite format 3\0"
BATCH_ROWS = 5_000
TABLES_SHOWN = 40
CONNECT_SECONDS = 20


def open_source(address: Address, *, connection: duckdb.DuckDBPyConnection, folder: Path) -> Source:
    """Open a table of a database, as it is at one moment; its rows are numbered from 1.

    Raises
    ------
    ReadError
        Without any password in it: if the database or the table cannot be reached.
    """
    reader = _of_sqlite if address.scheme == "sqlite" else _of_postgresql
    with reader(address) as (names, rows):
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


@contextmanager
def _of_sqlite(address: Address) -> Iterator[tuple[Sequence[str], Iterable[Sequence[object]]]]:
    path = Path(address.database)
    _require_sqlite(path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            opened.text_factory = lambda text: text.decode("utf-8", errors="replace")
            opened.execute("PRAGMA query_only = ON")
            opened.execute("PRAGMA trusted_schema = OFF")
            listed = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
            tables = [str(name) for (name,) in opened.execute(listed)]
            wanted = {name.lower(): name for name in tables}.get(address.table.lower())
            if wanted is None:
                raise unknown_table(address, tables)
            rows = opened.execute(f"SELECT * FROM {sql.identifier(wanted)}")
            yield [column[0] for column in rows.description], _batched(rows)
    except sqlite3.Error as error:
        raise ReadError(
            "The database {file} cannot be read ({problem}).", file=path.name, problem=str(error)
        ) from None


def _require_sqlite(path: Path) -> None:
    if not path.is_file():
        raise ReadError("The file {file} does not exist.", file=str(path))
    with path.open("rb") as file:
        begins = file.read(len(SQLITE_SIGN))
    if begins != SQLITE_SIGN:
        raise ReadError("The file {file} is no SQLite database.", file=path.name)


def _batched(rows: Any) -> Iterator[Sequence[object]]:
    batches = iter(lambda: rows.fetchmany(BATCH_ROWS), [])
    return itertools.chain.from_iterable(batches)


def unknown_table(address: Address, tables: Sequence[str]) -> ReadError:
    """Return the error that lists the tables there are."""
    shown = ", ".join(tables[:TABLES_SHOWN]) + (" …" if len(tables) > TABLES_SHOWN else "")
    if not address.table:
        return ReadError(
            "The address {address} names no table. Add ?table=NAME; there are: {tables}.",
            address=address.shown,
            tables=shown or "–",
        )
    return ReadError(
        "There is no table “{table}” under {address}. There are: {tables}.",
        table=address.table,
        address=address.shown,
        tables=shown or "–",
    )


@contextmanager
def _of_postgresql(address: Address) -> Iterator[tuple[Sequence[str], Iterable[Sequence[object]]]]:
    try:
        psycopg = importlib.import_module("psycopg")
    except ImportError:
        raise ReadError(
            "PostgreSQL is read through psycopg, which is not installed: "
            'pip install "kohorte[postgresql]".'
        ) from None
    try:
        with psycopg.connect(address.database, connect_timeout=CONNECT_SECONDS) as opened:
            opened.read_only = True
            opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            schema, _, table = address.table.rpartition(".")
            tables = opened.execute(
                "SELECT table_schema, table_name FROM information_schema.tables "
                "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
            ).fetchall()
            schema = schema or "public"
            if (schema, table) not in tables:
                raise unknown_table(address, [f"{s}.{t}" for s, t in tables])
            with opened.cursor(name="kohorte") as rows:
                rows.itersize = BATCH_ROWS
                rows.execute(
                    f"SELECT * FROM {sql.identifier(schema)}.{sql.identifier(table)}".encode()
                )
                yield [column.name for column in rows.description or ()], rows
    except psycopg.Error as error:
        raise ReadError(
            "The database {file} cannot be read ({problem}).",
            file=address.shown,
            problem=_without_secrets(str(error), address),
        ) from None


def _without_secrets(message: str, address: Address) -> str:
    """Return the first line of a driver's message without any password."""
    line = (message.splitlines() or [""])[0].strip().rstrip(".")
    for secret in secrets(address):
        line = line.replace(secret, "…")
    return line
