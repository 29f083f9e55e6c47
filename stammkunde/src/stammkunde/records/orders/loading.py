"""New rows of a file into the store by columns, as `writing` writes single ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from stammkunde.core import bulk, clock, columns
from stammkunde.records.orders.rules import LINES, ORDERS, Kind
from stammkunde.records.orders.writing import Origin, stamp

IDS = "given_ids"
_KEY = {
    name: f"(SELECT {column} FROM customers_key k WHERE k.id = s.key_id)"
    for name, column in (("key_id", "id"), ("customer_id", "customer_id"))
}


def insert(
    kind: Kind,
    connection: duckdb.DuckDBPyConnection,
    *,
    rows: str,
    lines: str,
    given: Mapping[str, Any],
    origin: Origin,
) -> int:
    """Insert rows of one kind that the store does not hold; return how many.

    It belongs into a transaction of the caller. The customer is the one that the key has at this moment;
    a key that is gone leaves its rows without.

    Parameters
    ----------
    rows
        The select of `n`, external_id, hash, file, line, of key_id where the kind has a person, and of
        the columns of the kind.
    lines
        That of the lines of orders, each behind the `n` of its order.
    given
        The parameters of both.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE given_rows AS {rows}", given)
    ((count,),) = connection.execute("SELECT count(*) FROM given_rows").fetchall()
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {IDS} AS SELECT unnest(list(n ORDER BY n)) AS n, "
        "unnest($ids) AS id FROM given_rows",
        {"ids": bulk.new_ids(kind.table, count)},
    )
    shop, by = int(origin.shop_id), "NULL" if origin.import_id is None else int(origin.import_id)
    columns.pour(
        connection,
        f"SELECT id, rows.* EXCLUDE (n), $source AS source, $now AS recorded_at, $now AS changed_at "
        f"FROM given_rows rows JOIN {IDS} USING (n) ORDER BY id",
        {"source": origin.source, "now": stamp(clock.now())},
        table=kind.table,
        further={"shop_id": str(shop), "made_by": str(by), "changed_by": str(by)}
        | (_KEY if kind.has_person else {}),
    )
    if kind is ORDERS:
        columns.pour(
            connection,
            f"SELECT id AS order_id, {', '.join(LINES)} FROM ({lines}) JOIN {IDS} USING (n) "
            "ORDER BY id, line_number",
            given,
            table="orders_orderline",
        )
    return int(count)
