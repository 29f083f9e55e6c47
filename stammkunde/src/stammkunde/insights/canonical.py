"""Rows become the tables that `kohorte` knows: numbers are joined to orders, keys to customers."""

from __future__ import annotations

import duckdb

from kohorte import tables
from stammkunde.insights import rows
from stammkunde.records.orders import rules
from stammkunde.records.orders.rules import Kind


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the canonical tables of `rows_<kind>`, `rows_order_lines`, `rows_keys` and `rows_people`.

    An order number that two channels use is told apart by its channel. Ids of customers are ours, so
    that lists lead to their pages.
    """
    connection.execute(
        "CREATE OR REPLACE TABLE order_numbers AS SELECT id, source, external_id, CASE WHEN "
        "count(*) OVER (PARTITION BY external_id) > 1 THEN source || ' ' || external_id "
        "ELSE external_id END AS order_id FROM rows_orders"
    )
    for kind in rules.KINDS.values():
        _kind(kind, connection=connection)
    names = ", ".join(
        f"l.{column.name}" for column in tables.ORDER_LINES.columns if column.name != "order_id"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE order_lines AS SELECT n.order_id, {names} "
        f"FROM rows_{rows.LINES} l JOIN order_numbers n ON n.id = l.id"
    )
    connection.execute(
        "CREATE OR REPLACE TABLE customers AS SELECT id::VARCHAR AS customer_id, country "
        "FROM rows_people WHERE id::VARCHAR IN (SELECT customer_id FROM orders UNION ALL "
        "SELECT customer_id FROM refunds)"
    )
    for table in (tables.EXCLUDED_ROWS, tables.IDENTITIES):
        tables.create(connection, table)
    for name in (*(f"rows_{kind}" for kind in rules.KINDS), f"rows_{rows.LINES}"):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for name in ("rows_keys", "rows_people", "order_numbers"):
        connection.execute(f"DROP TABLE {name}")


def _kind(kind: Kind, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Make a canonical table of the rows of a kind."""
    cells = []
    ours = {theirs: name for name, theirs in kind.said.items()}
    for column in tables.EVERY[kind.name].columns:
        if kind is rules.ORDERS and column.name == "order_id":
            cell = "n.order_id"
        elif column.name in ours and column.name == "order_id":
            cell = f"coalesce(n.order_id, r.{ours[column.name]})"
        elif column.name == kind.number:
            cell = "r.external_id"
        elif column.name == kind.person and kind.has_person:
            cell = "coalesce(k.customer_id, r.customer_id)::VARCHAR"
        else:
            cell = f"r.{ours.get(column.name, column.name)}"
        cells.append(f"({cell})::{column.type} AS {column.name}")
    join = "LEFT JOIN rows_keys k ON k.id = r.key_id"
    if kind is rules.ORDERS:
        join += " JOIN order_numbers n ON n.id = r.id"
    elif "order_number" in kind.columns:
        join += (
            " LEFT JOIN order_numbers n ON n.source = r.source AND n.external_id = r.order_number"
        )
    unique = tables.EVERY[kind.name].unique
    select = f"SELECT {', '.join(cells)}, r.source AS own_source FROM rows_{kind.name} r {join}"
    if unique and kind is not rules.ORDERS:
        select = (
            f"SELECT * REPLACE (CASE WHEN count(*) OVER (PARTITION BY {unique}) > 1 "
            f"THEN own_source || ' ' || {unique} ELSE {unique} END AS {unique}) FROM ({select})"
        )
    connection.execute(
        f"CREATE OR REPLACE TABLE {kind.name} AS SELECT * EXCLUDE (own_source) FROM ({select})"
    )
