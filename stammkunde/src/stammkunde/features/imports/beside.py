"""Files without orders, such as costs or tickets, read beside the orders that the store holds already.

`kohorte` is given the store's orders and people as finished tables, so that it finds customers by number
or address and orders by number, exactly as beside a file of orders.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from kohorte import reading
from kohorte.reading import Reading, ReadOptions
from kohorte.settings import Settings
from stammkunde.core import columns
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports.cells import OURS
from stammkunde.records.orders.models import Order

_FINISHED = {
    "orders": "order_id VARCHAR, customer_id VARCHAR, placed_at TIMESTAMP, currency VARCHAR",
    "customers": "customer_id VARCHAR, country VARCHAR",
    "identities": "customer_id VARCHAR, key VARCHAR, rule VARCHAR",
}


def is_possible(shop: Shop) -> bool:
    """Return whether the store has orders that files can be read beside."""
    return Order.objects.filter(shop=shop, deleted_at=None).exists()


def read(
    paths: Sequence[Path],
    *,
    shop: Shop,
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    options: ReadOptions,
    today: dt.date,
) -> Reading:
    """Read files without orders; only their own tables are left in the connection.

    Raises
    ------
    ReadError
        They cannot be read, or hold orders or refunds after all.
    """
    with tempfile.TemporaryDirectory(prefix="stammkunde-") as temporary:
        finished = _written(shop, folder=Path(temporary), connection=connection)
        found = reading.read(
            [*finished, *paths],
            connection=connection,
            settings=settings,
            options=replace(options, currency=shop.currency),
            today=today,
        )
        for (name,) in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall():
            connection.execute(f"DROP VIEW {name}")
    ours = {str(path) for path in finished}
    return replace(
        found,
        files=tuple(each for each in found.files if each.path not in ours),
        rows_read=sum(each.rows for each in found.files if each.path not in ours),
    )


def _written(shop: Shop, *, folder: Path, connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Write the orders and people of the store as finished tables."""
    owner = f"CASE WHEN {{}} IS NOT NULL THEN '{OURS}' || {{}} END"
    selects = {
        "orders": f"SELECT min(external_id), {owner.format('min(customer_id)', 'min(customer_id)')}, "
        "min(placed_at), %s FROM orders_order WHERE shop_id = %s AND deleted_at IS NULL "
        "GROUP BY external_id",
        "customers": f"SELECT '{OURS}' || id, country FROM customers_customer WHERE %s <> '' "
        "AND shop_id = %s AND merged_into_id IS NULL",
        "identities": f"SELECT '{OURS}' || customer_id, value, 'customer number' FROM customers_key "
        "WHERE %s <> '' AND shop_id = %s AND customer_id IS NOT NULL AND kind <> 'phone'",
    }
    paths = []
    for name, select in selects.items():
        types = dict(part.split() for part in _FINISHED[name].split(", "))
        columns.fetch(
            connection, "finished", types, select, (shop.currency, shop.pk), temporary=True
        )
        path = folder / f"stammkunde_{name}.parquet"
        connection.execute(f"COPY finished TO '{path}' (FORMAT parquet)")
        paths.append(path)
    connection.execute("DROP TABLE finished")
    return paths
