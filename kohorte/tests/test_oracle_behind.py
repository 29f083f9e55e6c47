"""The customers and orders behind a number, counted again, give the number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import kohorte
import product
import strategies
from oracle import examples, metrics, orders, periods, table

MONEY = {
    "average_order_value",
    "median_order_value",
    "customer_value",
    "customer_lifetime_value",
    "customer_lifetime_profit",
    "profit_per_customer",
    "value_after_a_year",
    "revenue",
}
RATIOS = {"repeat_revenue_retention", "cancellation_rate"}
CENSUS = {"revenue", "orders", "customers", "new_customers"}
LIFETIME = {"customer_lifetime_value", "customer_lifetime_profit"}
SHOPS = strategies.shops(min_orders=8).filter(lambda shop: shop.log is not None)

Record = dict[str, Any]


def behind(history: kohorte.History, row: table.Row) -> list[Record]:
    listing = history.behind(row.metric, grain=row.grain, period=row.period)
    return [dict(zip(listing.columns, record, strict=True)) for record in listing.rows]


def text(customers: Iterable[orders.Id]) -> set[str]:
    """Return ids as the library does: as text."""
    return {str(customer) for customer in customers}


def total(records: list[Record], column: str) -> Fraction:
    return sum((Fraction(record[column]) for record in records), Fraction(0))


def check(row: table.Row, records: list[Record], shop: strategies.Shop) -> None:
    assert row.value is not None
    assert len({record["customer_id"] for record in records}) == len(records)
    scale = 10**shop.digits if row.metric in MONEY else 1
    numerator = total(records, "numerator") / scale
    if row.metric in CENSUS:
        assert numerator == row.value
    elif row.metric == "returning_customers":
        stayed = text(who for who, part in row.behind.items() if part)
        assert {record["customer_id"] for record in records} == stayed
        assert numerator == row.value
    elif row.metric in LIFETIME:
        check_lifetime(row, records, numerator, shop)
    elif row.metric in RATIOS:
        assert row.value == numerator / total(records, "denominator") * 100
    else:
        parts = {record["customer_id"]: record["numerator"] for record in records}
        assert set(parts) == text(row.behind)
        for who, part in row.behind.items():
            exact = not isinstance(parts[str(who)], float)
            assert math.isclose(parts[str(who)], part * scale, rel_tol=0 if exact else 1e-9)
        assert total(records, "denominator") == row.n


def check_lifetime(
    row: table.Row, records: list[Record], revenue: Fraction, shop: strategies.Shop
) -> None:
    active = [record for record in records if record["denominator"]]
    assert {record["customer_id"] for record in active} == text(row.behind)
    assert len(active) == row.n
    churn = total(records, "lost") / total(records, "active_at_start")
    margin = Fraction(100)
    if row.metric == "customer_lifetime_profit":
        margin = Fraction(shop.settings.margin_percent or 0)
    windows = Fraction(shop.settings.retention_days, shop.settings.active_days)
    assert row.value == revenue / row.n * windows / churn * margin / 100


@given(shop=SHOPS)
@strategies.examples(10)
def test_customers_behind_every_number(shop: strategies.Shop) -> None:
    recount(shop)


@pytest.mark.slow
def test_customers_behind_the_numbers_of_a_busy_shop() -> None:
    settings = kohorte.Settings(
        active_days=90, retention_days=60, repeat_days=30, margin_percent=40
    )
    recount(strategies.Shop(tuple(examples.busy_shop()), (), settings, "EUR", ("month", "all")))


def recount(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        for slug in metrics.METRICS:
            for grain in (shop.grains[0], "all"):
                rows = [row for row in table.of(log, slug, grain) if row.segment == "all"]
                for row in rows[-4:]:
                    if row.value is not None:
                        check(row, behind(history, row), shop)


@given(shop=SHOPS)
@strategies.examples(10)
def test_orders_behind_a_period(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        for period in periods.of(log, shop.grains[0])[-8:]:
            listing = history.orders_behind(
                "purchase_frequency", grain=period.grain, period=period.label
            )
            found = [dict(zip(listing.columns, record, strict=True)) for record in listing.rows]
            inside = metrics.bought(log, period)
            assert {record["order_id"] for record in found} == text(p.order_id for p in inside)
            assert len(found) == len(inside)
            if log.amounts_known:
                revenue = float(orders.revenue_of(inside))
                assert math.isclose(total(found, "revenue"), revenue, abs_tol=1e-9)
