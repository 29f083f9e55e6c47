"""Rows of the records as tables of DuckDB, as they count now.

What an unfinished import made does not count yet, and of what it changed counts what was before. Numbers
that could tell a person, such as the address of a lead, are left behind: our own ids stand for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from kohorte import tables
from stammkunde.core import columns
from stammkunde.features.imports import queries as imports
from stammkunde.records.orders import rules
from stammkunde.records.orders.rules import Kind

LINES = "order_lines"
OWN = {
    "id": "BIGINT", "source": "VARCHAR", "external_id": "VARCHAR", "key_id": "BIGINT",
    "customer_id": "BIGINT", "changed_by": "BIGINT",
}  # fmt: skip
# Numbers by which rows name each other; those of other kinds are nobody's but ours.
NUMBERED = frozenset({"orders", "refunds", "products", "tickets", "returns"})
# What a select may be narrowed to: a condition on the row `r`, and its parameters.
Chosen = tuple[str, Sequence[Any]]
EVERY: Chosen = ("", ())


def types(kind: Kind) -> Mapping[str, str]:
    """Return what a kind's table holds: our own columns, and those of the kind."""
    theirs = {column.name: column.type for column in tables.EVERY[kind.name].columns}
    return {**OWN, **{name: theirs[kind.said.get(name, name)] for name in kind.columns}}


def line_types() -> Mapping[str, str]:
    """Return what the table of order lines holds: the order and when it was placed, then the line."""
    theirs = {column.name: column.type for column in tables.ORDER_LINES.columns}
    return {
        "id": "BIGINT",
        "placed_at": "TIMESTAMP",
        **{name: type_ for name, type_ in theirs.items() if name != "order_id"},
    }


def fetch(
    kind: Kind,
    *,
    shop_id: int,
    connection: duckdb.DuckDBPyConnection,
    into: str,
    chosen: Chosen = EVERY,
) -> None:
    """Make a table of the rows of a kind that count.

    Parameters
    ----------
    chosen
        Which of them, as a condition on `r`; all unless given.
    """
    held = types(kind)
    narrowed, values = chosen
    changing, shop = imports.UNFINISHED_SQL, (shop_id,)
    columns.fetch(
        connection,
        into,
        held,
        f"SELECT {', '.join(_cells(kind))} FROM {kind.table} r WHERE r.shop_id = %s "
        f"AND r.deleted_at IS NULL AND (r.changed_by IS NULL OR r.changed_by NOT IN ({changing}))"
        f"{narrowed}",
        (*shop, *shop, *values),
    )
    columns.fetch(
        connection,
        "rows_before",
        {"id": "BIGINT", "source": "VARCHAR", "external_id": "VARCHAR", "before": "VARCHAR"},
        f"SELECT r.id, r.source, {_number(kind)}, v.before FROM orders_version v "
        f"JOIN {kind.table} r ON r.id = v.row_id WHERE v.shop_id = %s AND v.kind = %s "
        f"AND v.undone_at IS NULL AND r.changed_by = v.import_id AND v.import_id IN ({changing})"
        f"{narrowed}",
        (*shop, kind.name, *shop, *values),
    )
    _add_before(kind, held, connection=connection, into=into)


def fetch_lines(
    *,
    shop_id: int,
    connection: duckdb.DuckDBPyConnection,
    into: str,
    chosen: Chosen = EVERY,
) -> None:
    """Make a table of the lines of orders that count; the orders themselves were fetched just before."""
    held = line_types()
    narrowed, values = chosen
    names = [name for name in held if name not in ("id", "placed_at")]
    columns.fetch(
        connection,
        into,
        held,
        f"SELECT r.id, r.placed_at, {', '.join(f'l.{name}' for name in names)} "
        "FROM orders_orderline l JOIN orders_order r ON r.id = l.order_id WHERE r.shop_id = %s "
        "AND r.deleted_at IS NULL AND (r.changed_by IS NULL OR r.changed_by NOT IN "
        f"({imports.UNFINISHED_SQL})){narrowed}",
        (shop_id, shop_id, *values),
    )
    cells = ", ".join(
        f"json_extract_string(line, '$[{place}]')::{held[name]}" for place, name in enumerate(names)
    )
    connection.execute(f"DELETE FROM {into} WHERE id IN (SELECT id FROM orders_before)")
    connection.execute(
        f"INSERT INTO {into} SELECT id, placed_at, {cells} FROM (SELECT id, "
        "json_extract_string(before, '$.placed_at')::TIMESTAMP AS placed_at, "
        "unnest(json_extract(before, '$.lines[*]')) AS line FROM orders_before "
        "WHERE json_extract_string(before, '$.deleted_at') IS NULL)"
    )


def fetch_keys(*, shop_id: int, connection: duckdb.DuckDBPyConnection, into: str) -> None:
    """Make the link table: which customer a key belongs to. A merge changes nothing else."""
    columns.fetch(
        connection,
        into,
        {"id": "BIGINT", "customer_id": "BIGINT"},
        "SELECT id, customer_id FROM customers_key WHERE shop_id = %s AND customer_id IS NOT NULL",
        (shop_id,),
    )


def fetch_people(*, shop_id: int, connection: duckdb.DuckDBPyConnection, into: str) -> None:
    """Make a table of what numbers tell customers apart by: the country, and no more."""
    columns.fetch(
        connection,
        into,
        {"id": "BIGINT", "country": "VARCHAR"},
        "SELECT id, country FROM customers_customer WHERE shop_id = %s",
        (shop_id,),
    )


def _cells(kind: Kind) -> list[str]:
    """Return what is selected of a row; whose it is follows from its key, where it has one."""
    person = ["NULL", "NULL"]
    if kind.has_person:
        person = ["r.key_id", "CASE WHEN r.key_id IS NULL THEN r.customer_id END"]
    return [
        "r.id", "r.source", _number(kind), *person, "r.changed_by",
        *(f"r.{name}" for name in kind.columns),
    ]  # fmt: skip


def _number(kind: Kind) -> str:
    return "r.external_id" if kind.name in NUMBERED else "CAST(r.id AS VARCHAR(20))"


def _add_before(
    kind: Kind, held: Mapping[str, str], *, connection: duckdb.DuckDBPyConnection, into: str
) -> None:
    """Put what rows were before an unfinished import changed them in their place."""
    said = {name: held[name] for name in ("changed_by", *kind.columns)}
    cells = ", ".join(
        f"json_extract_string(before, '$.{name}')::{type_}" for name, type_ in said.items()
    )
    person = "NULL, NULL"
    if kind.has_person:
        key, customer = (
            f"json_extract_string(before, '$.{name}')::BIGINT" for name in ("key_id", "customer_id")
        )
        person = f"{key}, CASE WHEN {key} IS NULL THEN {customer} END"
    connection.execute(f"DELETE FROM {into} WHERE id IN (SELECT id FROM rows_before)")
    connection.execute(
        f"INSERT INTO {into} SELECT id, source, external_id, {person}, {cells} FROM rows_before "
        "WHERE json_extract_string(before, '$.deleted_at') IS NULL"
    )
    if kind is rules.ORDERS:
        connection.execute("CREATE OR REPLACE TABLE orders_before AS SELECT * FROM rows_before")
