"""Canonical tables made from records, and the proof that they hold what they promise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from kohorte.errors import TableError
from kohorte.tables.beside import BESIDE
from kohorte.tables.known import STATES, TABLES
from kohorte.tables.orders import ORDERS, REFUNDS
from kohorte.tables.table import Column, Table


def create(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    records: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Create a canonical table and fill it with records; a missing column is empty.

    Raises
    ------
    TableError
        A record has a column that the table does not know, or a value of another type.
    """
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({columns})")
    if not records:
        return
    for record in records:
        _require_fitting(table, record)
    names = [column.name for column in table.columns]
    values = {name: [_filled(record.get(name)) for record in records] for name in names}
    items = ", ".join(f"UNNEST(${name}) AS {name}" for name in names)
    try:
        connection.execute(f"INSERT INTO {table.name} SELECT {items}", values)
    except duckdb.Error as error:
        raise TableError(
            "The records do not fit the table {table}: {reason}",
            table=table.name,
            reason=str(error).splitlines()[0],
        ) from error


def _filled(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _require_fitting(table: Table, record: Mapping[str, Any]) -> None:
    known = {column.name: column for column in table.columns}
    for name, value in record.items():
        if name not in known:
            raise TableError(
                "The table {table} has no column {column}. It has: {columns}.",
                table=table.name,
                column=name,
                columns=", ".join(known),
            )
        if known[name].type == "BIGINT" and not isinstance(value, int | None):
            raise TableError(
                "In the table {table} the column {column} takes whole numbers, not {value}.",
                table=table.name,
                column=name,
                value=str(value),
            )


def complete(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Create the tables beside the orders that are missing, empty; return which ones are empty."""
    for table in BESIDE.values():
        if not _columns(connection, table):
            create(connection, table)
    return frozenset(
        name
        for name in BESIDE
        if not _number(connection, f"SELECT COUNT(*) FROM (SELECT 1 FROM {name} LIMIT 1)")
    )


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Prove that the canonical tables in a connection hold what they promise.

    Raises
    ------
    TableError
        A column is missing, a value that must be there is not, an id repeats, an amount is
        negative, or amounts or units are known for some orders only.
    """
    for table in TABLES.values():
        present = _columns(connection, table)
        for column in table.columns:
            if column.name not in present:
                raise TableError(
                    "The table {table} lacks the column {column}.",
                    table=table.name,
                    column=column.name,
                )
            if not column.nullable:
                _require_filled(connection, table, column)
        if table.unique:
            _require_unique(connection, table)
    _require_known_states(connection)
    for name in ("amount_minor", "units"):
        _require_all_or_none(connection, name)
    for table in (ORDERS, REFUNDS):
        _require_not_negative(connection, table)


def _require_all_or_none(connection: duckdb.DuckDBPyConnection, column: str) -> None:
    missing = _number(
        connection,
        f"SELECT CASE WHEN COUNT({column}) > 0 THEN COUNT(*) - COUNT({column}) ELSE 0 END "
        "FROM orders",
    )
    if missing:
        raise TableError(
            "In the table {table} the column {column} is empty in {count} rows and filled in "
            "others. Fill it everywhere or leave it out.",
            table="orders",
            column=column,
            count=missing,
        )


def _require_not_negative(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    negative = _number(connection, f"SELECT COUNT(*) FROM {table.name} WHERE amount_minor < 0")
    if negative:
        raise TableError(
            "In the table {table} the column {column} is negative in {count} rows. "
            "Refunds are rows of their own, with positive amounts.",
            table=table.name,
            column="amount_minor",
            count=negative,
        )


def _columns(connection: duckdb.DuckDBPyConnection, table: Table) -> set[str]:
    return {
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE table_name = $table",
            {"table": table.name},
        ).fetchall()
    }


def _require_filled(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> None:
    empty = _number(connection, f"SELECT COUNT(*) - COUNT({column.name}) FROM {table.name}")
    if empty:
        raise TableError(
            "In the table {table} the column {column} is empty in {count} rows.",
            table=table.name,
            column=column.name,
            count=empty,
        )


def _require_unique(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    repeated = _number(
        connection, f"SELECT COUNT(*) - COUNT(DISTINCT {table.unique}) FROM {table.name}"
    )
    if repeated:
        raise TableError(
            "In the table {table} the column {column} repeats in {count} {count:row|rows}.",
            table=table.name,
            column=str(table.unique),
            count=repeated,
        )


def _require_known_states(connection: duckdb.DuckDBPyConnection) -> None:
    unknown = _number(
        connection,
        "SELECT COUNT(*) FROM orders WHERE state NOT IN "
        f"({', '.join(repr(state) for state in STATES)})",
    )
    if unknown:
        raise TableError(
            "{count} {count:order has|orders have} an unknown state. Known are: {states}.",
            count=unknown,
            states=", ".join(STATES),
        )


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
