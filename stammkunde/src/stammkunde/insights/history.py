"""From the records to `kohorte`: the only bridge from rows to numbers.

`history` reads the rows themselves and is always of this moment; `of_columns` reads what was exported of
them, which is faster and as old as the export.
"""

from __future__ import annotations

import duckdb

from kohorte import History, Settings, currencies
from kohorte.engine import Engine
from stammkunde.core.shops.models import Shop
from stammkunde.insights import canonical, parts, rows
from stammkunde.insights.manifest import Manifest
from stammkunde.insights.watching import Watched
from stammkunde.records.orders import rules
from stammkunde.records.orders.models import Order

# What the engine may use: so much, and more for each million orders beyond the first two.
MEMORY_MB, MORE_MB, MOST_MB = 1_000, 400, 6_000


def history(shop: Shop) -> History:
    """Return the history of a shop as its records tell it now; whoever asks for it closes it."""
    engine = Engine(memory_limit=memory(Order.objects.filter(shop=shop).count()))
    with engine.closed_on_error():
        write(shop, connection=engine.connection)
        return _opened(engine, shop)


def of_columns(shop: Shop, manifest: Manifest, *, is_watched: bool = False) -> History:
    """Return the history of a shop as it was exported; whoever asks for it closes it.

    Parameters
    ----------
    is_watched
        Whether the engine notes which tables are read (see `reuse`).
    """
    engine = (Watched if is_watched else Engine)(memory_limit=memory(manifest.rows("orders")))
    with engine.closed_on_error():
        read(manifest, connection=engine.connection)
        return _opened(engine, shop)


def memory(orders: int) -> str:
    """Return what the engine may use for so many orders; beyond that it takes the disk.

    Some of what it groups by has to stay in memory whatever the limit, and that grows with the customers.

    >>> memory(50_000), memory(10_000_000), memory(10**9)
    ('1000MB', '4200MB', '6000MB')
    """
    more = max(0, orders - 2_000_000) * MORE_MB // 1_000_000
    return f"{min(MEMORY_MB + more, MOST_MB)}MB"


def settings(shop: Shop) -> Settings:
    """Return what the shop decided about its numbers."""
    return Settings(
        timezone=shop.zone,
        active_days=shop.window_days,
        week_start=shop.week_start,
        payment_days=shop.payment_days,
    )


def write(shop: Shop, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the canonical tables of a shop from its records."""
    for kind in rules.KINDS.values():
        rows.fetch(kind, shop_id=shop.pk, connection=connection, into=f"rows_{kind.name}")
    rows.fetch_lines(shop_id=shop.pk, connection=connection, into=f"rows_{rows.LINES}")
    rows.fetch_keys(shop_id=shop.pk, connection=connection, into="rows_keys")
    rows.fetch_people(shop_id=shop.pk, connection=connection, into="rows_people")
    canonical.write(connection)


def read(manifest: Manifest, *, connection: duckdb.DuckDBPyConnection) -> None:
    """Write the canonical tables of a shop from its columns."""
    for name in parts.TABLES:
        parts.read(manifest, name, connection=connection, into=f"rows_{name}")
    canonical.write(connection)


def _opened(engine: Engine, shop: Shop) -> History:
    return History(
        engine,
        settings=settings(shop),
        currency=shop.currency,
        exponent=currencies.exponent(shop.currency),
        lacking=_lacking(engine.connection),
    )


def _lacking(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    amounts, units = connection.execute(
        "SELECT count(amount_minor), count(units) FROM orders"
    ).fetchall()[0]
    return frozenset(name for name, count in (("amounts", amounts), ("units", units)) if not count)
