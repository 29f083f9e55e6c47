"""From the records to `kohorte`: the only bridge from rows to numbers.

What an unfinished import made does not count yet, and of what it changed counts what was before; what a
merge joined counts as one customer. Ids of customers are ours, so that lists lead to their pages.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from kohorte import History, Settings, currencies, tables
from kohorte.engine import Engine
from stammkunde.core import columns
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import queries as imports
from stammkunde.records.orders import rules
from stammkunde.records.orders.rules import Kind

MEMORY_LIMIT = "1GB"
_OWN = {"id": "BIGINT", "source": "VARCHAR", "external_id": "VARCHAR", "customer_id": "BIGINT"}
_OTHER_NAMES = {"order_id": "order_number"}


def history(shop: Shop) -> History:
    """Return the history of a shop as its records tell it; whoever asks for it closes it."""
    engine = Engine(memory_limit=MEMORY_LIMIT)
    with engine.closed_on_error():
        write(shop, connection=engine.connection)
        return History(
            engine,
            settings=settings(shop),
            currency=shop.currency,
            exponent=currencies.exponent(shop.currency),
            lacking=_lacking(engine.connection),
        )


def settings(shop: Shop) -> Settings:
    """Return what the shop decided about its numbers."""
    return Settings(
        timezone=shop.zone,
        active_days=shop.window_days,
        week_start=shop.week_start,
        payment_days=shop.payment_days,
    )


def write(shop: Shop, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the canonical tables of a shop."""
    unfinished = imports.unfinished(shop.pk)
    for kind in rules.KINDS.values():
        _fetch(kind, shop_id=shop.pk, unfinished=unfinished, connection=connection)
    _fetch_lines(shop_id=shop.pk, unfinished=unfinished, connection=connection)
    connection.execute(
        "CREATE OR REPLACE TABLE order_numbers AS SELECT id, source, external_id, CASE WHEN "
        "count(*) OVER (PARTITION BY external_id) > 1 THEN source || ' ' || external_id "
        "ELSE external_id END AS order_id FROM rows_orders"
    )
    for kind in rules.KINDS.values():
        _canonical(kind, connection=connection)
    _lines_and_people(shop.pk, connection=connection)
    for kind in rules.KINDS.values():
        connection.execute(f"DROP TABLE rows_{kind.name}")


def _types(kind: Kind) -> Mapping[str, str]:
    """Return the columns of a kind with their types, as the store holds them."""
    theirs = {column.name: column.type for column in tables.EVERY[kind.name].columns}
    return {name: theirs[kind.said.get(name, name)] for name in kind.columns}


def _fetch(
    kind: Kind,
    *,
    shop_id: int,
    unfinished: list[int],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Fetch the rows of a kind that count."""
    types = _types(kind)
    person = "customer_id" if kind.has_person else "NULL"
    chosen = ", ".join(types)
    columns_ = {**_OWN, **types}
    counts, changing = "", ", ".join(map(str, unfinished))
    if unfinished:
        counts = f" AND (changed_by IS NULL OR changed_by NOT IN ({changing}))"
    columns.fetch(
        connection,
        f"rows_{kind.name}",
        columns_,
        f"SELECT id, source, external_id, {person}, {chosen} FROM {kind.table} "
        f"WHERE shop_id = %s AND deleted_at IS NULL{counts}",
        (shop_id,),
    )
    if not unfinished:
        return
    columns.fetch(
        connection,
        "rows_before",
        {"id": "BIGINT", "source": "VARCHAR", "external_id": "VARCHAR", "before": "VARCHAR"},
        f"SELECT r.id, r.source, r.external_id, v.before FROM orders_version v "
        f"JOIN {kind.table} r ON r.id = v.row_id WHERE v.shop_id = %s AND v.kind = %s "
        f"AND v.undone_at IS NULL AND v.import_id IN ({changing}) "
        f"AND r.changed_by = v.import_id",
        (shop_id, kind.name),
    )
    cells = ", ".join(
        f"json_extract_string(before, '$.{name}')::{type_}" for name, type_ in types.items()
    )
    owner = "json_extract_string(before, '$.customer_id')::BIGINT" if kind.has_person else "NULL"
    connection.execute(
        f"INSERT INTO rows_{kind.name} SELECT id, source, external_id, {owner}, {cells} "
        "FROM rows_before WHERE json_extract_string(before, '$.deleted_at') IS NULL"
    )
    if kind is rules.ORDERS:
        connection.execute("CREATE OR REPLACE TABLE orders_before AS SELECT * FROM rows_before")


def _fetch_lines(
    *, shop_id: int, unfinished: list[int], connection: duckdb.DuckDBPyConnection
) -> None:
    types = {
        column.name: column.type
        for column in tables.ORDER_LINES.columns
        if column.name != "order_id"
    }
    counts = ""
    if unfinished:
        changing = ", ".join(map(str, unfinished))
        counts = f" AND (o.changed_by IS NULL OR o.changed_by NOT IN ({changing}))"
    columns.fetch(
        connection,
        "rows_lines",
        {"id": "BIGINT", **types},
        f"SELECT l.order_id, {', '.join(f'l.{name}' for name in types)} FROM orders_orderline l "
        f"JOIN orders_order o ON o.id = l.order_id WHERE o.shop_id = %s AND o.deleted_at IS NULL{counts}",
        (shop_id,),
    )
    if unfinished:
        cells = ", ".join(
            f"json_extract_string(line, '$[{place}]')::{type_}"
            for place, type_ in enumerate(types.values())
        )
        connection.execute(
            f"INSERT INTO rows_lines SELECT id, {cells} FROM (SELECT id, "
            "unnest(json_extract(before, '$.lines[*]')) AS line FROM orders_before "
            "WHERE json_extract_string(before, '$.deleted_at') IS NULL)"
        )


def _canonical(kind: Kind, *, connection: duckdb.DuckDBPyConnection) -> None:
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
            cell = "r.customer_id::VARCHAR"
        else:
            cell = f"r.{ours.get(column.name, column.name)}"
        cells.append(f"({cell})::{column.type} AS {column.name}")
    join = ""
    if kind is rules.ORDERS:
        join = "JOIN order_numbers n ON n.id = r.id"
    elif "order_number" in kind.columns:
        join = "LEFT JOIN order_numbers n ON n.source = r.source AND n.external_id = r.order_number"
    # An id that two channels use is told apart by its channel.
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


def _lines_and_people(shop_id: int, *, connection: duckdb.DuckDBPyConnection) -> None:
    names = ", ".join(
        f"l.{column.name}" for column in tables.ORDER_LINES.columns if column.name != "order_id"
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE order_lines AS SELECT n.order_id, {names} FROM rows_lines l "
        "JOIN order_numbers n ON n.id = l.id"
    )
    columns.fetch(
        connection,
        "rows_customers",
        {"id": "BIGINT", "country": "VARCHAR"},
        "SELECT id, country FROM customers_customer WHERE shop_id = %s",
        (shop_id,),
    )
    connection.execute(
        "CREATE OR REPLACE TABLE customers AS SELECT id::VARCHAR AS customer_id, country "
        "FROM rows_customers WHERE id IN (SELECT customer_id FROM rows_orders UNION ALL "
        "SELECT customer_id FROM rows_refunds)"
    )
    for table in (tables.EXCLUDED_ROWS, tables.IDENTITIES):
        tables.create(connection, table)
    for name in ("rows_lines", "rows_customers", "order_numbers"):
        connection.execute(f"DROP TABLE {name}")


def _lacking(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    amounts, units = connection.execute(
        "SELECT count(amount_minor), count(units) FROM orders"
    ).fetchall()[0]
    return frozenset(name for name, count in (("amounts", amounts), ("units", units)) if not count)
