"""Tables of PostgreSQL, through psycopg; read only, and without any password in what is said."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.address import Address, secrets
from kohorte.reading.formats import addressed

BATCH_ROWS = 1_000
CONNECT_SECONDS = 8
# The type of what is no text and no number, such as a picture.
_BYTEA = 17


@contextmanager
def opened(address: Address) -> Iterator[tuple[Sequence[str], Iterable[Sequence[object]]]]:
    """Open a table or view: its columns and its rows.

    Raises
    ------
    ReadError
        Without any password in it: if the database or the table cannot be reached.
    """
    try:
        psycopg = importlib.import_module("psycopg")
    except ImportError:
        raise ReadError(
            "PostgreSQL is read through psycopg, which is not installed: "
            'pip install "kohorte[postgresql]".'
        ) from None
    try:
        with psycopg.connect(address.database, connect_timeout=CONNECT_SECONDS) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            # Each batch of rows is a statement of its own.
            patience = round(addressed.QUIET_SECONDS * 1_000)
            connection.execute(f"SET statement_timeout = {patience}")
            table = _table(connection, address)
            described = connection.execute(f"SELECT * FROM {table} LIMIT 0".encode()).description
            chosen = ", ".join(_cell(column) for column in described)
            with connection.cursor(name="kohorte") as rows:
                rows.itersize = BATCH_ROWS
                rows.execute(f"SELECT {chosen} FROM {table}".encode())
                yield [column.name for column in described], rows
    except psycopg.errors.QueryCanceled:
        raise addressed.quiet(address) from None
    except psycopg.Error as error:
        raise addressed.unreadable(address.shown, _without_secrets(str(error), address)) from None


def _table(connection: Any, address: Address) -> str:
    schema, _, table = address.table.rpartition(".")
    tables = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    ).fetchall()
    schema = schema or "public"
    if (schema, table) not in tables:
        raise addressed.unknown_table(address, [f"{s}.{t}" for s, t in tables])
    return f"{sql.identifier(schema)}.{sql.identifier(table)}"


def _cell(column: Any) -> str:
    name = sql.identifier(column.name)
    return f"''::bytea AS {name}" if column.type_code == _BYTEA else name


def _without_secrets(message: str, address: Address) -> str:
    """Return the first line of a driver's message without any password."""
    line = (message.splitlines() or [""])[0].strip().rstrip(".")
    for secret in secrets(address):
        line = line.replace(secret, "…")
    return line
