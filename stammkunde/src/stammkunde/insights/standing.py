"""Scores flow down: what the history says of each customer is written beside the customer.

What is computed is compared with what is there, and only rows that differ are written, in parts of a
transaction each: a process that is killed leaves some of them, and the next one writes the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import duckdb

from kohorte import History, due, rfm
from kohorte.conditions.customers import RFM_GROUPS
from stammkunde.core import clock, columns
from stammkunde.core.shops.models import Shop
from stammkunde.insights import export, history, snapshots
from stammkunde.records.customers import standings

# Counted up whenever standings hold something else.
VERSION = 2
# What is computed from the history, in the order in which it is written.
OWN = {
    "customer_id": "BIGINT", "recency": "SMALLINT", "frequency": "SMALLINT", "monetary": "SMALLINT",
    "rfm": "SMALLINT", "value_minor": "BIGINT", "profit_minor": "BIGINT",
    "purchase_days": "INTEGER", "last_on": "DATE", "due_on": "DATE", "late_on": "DATE",
    "basis": "VARCHAR",
}  # fmt: skip
NEW, HELD, LIFELESS = "standings_new", "standings_held", "standings_lifeless"
Between = Callable[[], None]


def silent() -> None:
    """Do nothing between two parts."""


def refresh(shop: Shop, *, between: Between = silent) -> bool:
    """Let the standings of a shop be those of its columns; return whether there was anything to do.

    Parameters
    ----------
    between
        Called between the parts; may raise to stop.
    """
    found = export.current(shop.pk)
    if found is None:
        return False
    of = f"{VERSION} {found.id} {snapshots.decisions(shop)} {snapshots.definitions()}"
    if standings.basis(shop).of == of:
        return False
    with history.of_columns(shop, found) as opened:
        between()
        compute(opened)
        write(shop, opened.engine.connection, between=between)
        standings.rest_on(
            shop,
            of=of,
            as_of=opened.span.ends_on - dt.timedelta(days=1) if opened.span else None,
            made_at=clock.now(),
            customers=_count(opened.engine.connection),
            pauses=_pauses(opened),
        )
    return True


def compute(opened: History) -> None:
    """Make the table of what the history says of each customer."""
    engine = opened.engine
    if opened.span is None:
        empty = ", ".join(f"{name} {kind}" for name, kind in OWN.items())
        engine.connection.execute(f"CREATE OR REPLACE TEMP TABLE {NEW} ({empty})")
        return
    bounds = rfm.thresholds(engine, exponent=opened.exponent)
    for name in ("purchases", "customer_totals", "wait_counts"):
        engine.keep(name)
    groups = " ".join(
        f"WHEN s.recency = {recency} AND s.frequency = {frequency} "
        f"THEN {RFM_GROUPS.index(rfm.group_of(recency, frequency)) + 1}"
        for recency in range(1, rfm.SCORES + 1)
        for frequency in range(1, rfm.SCORES + 1)
    )
    profits = "SELECT NULL AS customer_id, NULL AS profit_minor"
    if "costs" not in opened.lacking:
        # A refund reduces revenue and cost in the same proportion, whether or not it names its order.
        profits = (
            "SELECT v.customer_id, CASE WHEN count(o.profit_minor) = count(*) THEN round(sum(o.profit_minor) "
            "* CASE WHEN v.revenue_minor > 0 THEN v.value_minor / v.revenue_minor ELSE 1 END) "
            "END AS profit_minor FROM customer_values AS v "
            "JOIN order_profits AS o ON o.customer_id = v.customer_id "
            "GROUP BY v.customer_id, v.revenue_minor, v.value_minor"
        )
    day = "DATE '1970-01-01'"
    cells = {
        "customer_id": "t.customer_id",
        "recency": "s.recency",
        "frequency": "s.frequency",
        "monetary": "CASE WHEN t.revenue_minor IS NOT NULL THEN s.monetary END",
        "rfm": f"CASE {groups} END",
        "value_minor": "v.value_minor",
        "profit_minor": "p.profit_minor",
        "purchase_days": "n.purchase_days",
        "last_on": f"{day} + t.last_day",
        "due_on": f"{day} + t.last_day + n.usual_days",
        "late_on": f"{day} + t.last_day + n.late_days",
        "basis": "n.basis",
    }
    chosen = ", ".join(f"CAST({cells[name]} AS {kind}) AS {name}" for name, kind in OWN.items())
    engine.write(
        NEW,
        f"SELECT {chosen} FROM customer_totals AS t "
        f"JOIN ({rfm.SCORED}) AS s ON s.customer_id = t.customer_id "
        "JOIN customer_values AS v ON v.customer_id = t.customer_id "
        "LEFT JOIN next_orders AS n ON n.customer_id = t.customer_id "
        f"LEFT JOIN ({profits}) AS p ON p.customer_id = t.customer_id",
        rfm.bound(bounds, exponent=opened.exponent),
    )


def write(shop: Shop, connection: duckdb.DuckDBPyConnection, *, between: Between = silent) -> None:
    """Write what differs between a table of `OWN` columns and the store; whoever is not in it goes."""
    fetch_held(shop.pk, connection, OWN)
    columns.fetch(
        connection, LIFELESS, {"id": "BIGINT"},
        "SELECT id FROM customers_customer WHERE shop_id = %s "
        "AND (merged_into_id IS NOT NULL OR erased_at IS NOT NULL)",
        (shop.pk,), temporary=True,
    )  # fmt: skip
    connection.execute(f"DELETE FROM {NEW} WHERE customer_id IN (SELECT id FROM {LIFELESS})")
    gone = f"SELECT customer_id FROM {HELD} EXCEPT SELECT customer_id FROM {NEW}"
    for rows in parts(connection, gone):
        standings.drop(shop.pk, [customer_id for (customer_id,) in rows])
        between()
    for rows in parts(connection, changed(OWN)):
        standings.put(shop.pk, tuple(OWN), rows)
        between()


def fetch_held(shop_id: int, connection: duckdb.DuckDBPyConnection, held: dict[str, str]) -> None:
    """Make a table of some columns of the standings that the store holds."""
    columns.fetch(
        connection,
        HELD,
        held,
        f"SELECT {', '.join(held)} FROM {standings.TABLE} WHERE shop_id = %s",
        (shop_id,),
        temporary=True,
    )


def changed(held: dict[str, str]) -> str:
    """Return the select of new rows that the store does not hold so; days as texts."""
    names = ", ".join(held)
    written = {"DATE": "CAST({0} AS VARCHAR)", "VARCHAR": "coalesce({0}, '')"}
    cells = ", ".join(written.get(kind, "{0}").format(name) for name, kind in held.items())
    return (
        f"SELECT {cells} FROM (SELECT {names} FROM {NEW} EXCEPT SELECT {names} FROM {HELD}) "
        "ORDER BY customer_id"
    )


def parts(connection: duckdb.DuckDBPyConnection, select: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a select in parts that one transaction writes."""
    cursor = connection.execute(select)
    while rows := cursor.fetchmany(standings.CHUNK):
        yield rows


def _pauses(opened: History) -> dict[str, int]:
    """Return how many finished pauses are behind each curve that speaks."""
    if opened.span is None:
        return {}
    rows = opened.engine.rows(
        "SELECT nth, CAST(sum(came) AS BIGINT) AS came FROM pause_laws GROUP BY nth ORDER BY nth"
    )
    return {
        str(row["nth"]): row["came"]
        for row in rows
        if row["came"] >= (due.KNOWN_FROM if row["nth"] else 1)
    }


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM {NEW}").fetchall()
    return int(count)
