"""What must hold for any shop, whatever its numbers are."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import random
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

import kohorte
import product
import strategies
from kohorte import results
from oracle import orders

COUNTS = {"revenue", "orders", "customers", "new_customers", "returning_customers"}
Value = float | None


def same(one: Value, other: Value, *, within: float = 1e-9) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=within, abs_tol=within)


def monthly(history: kohorte.History) -> dict[product.Key, results.Row]:
    """Return all rows by month and close the history."""
    with history:
        return product.keyed(history.rows(grain="month"))


def times(factor: int, value: Value) -> Value:
    return None if value is None else factor * value


@given(shop=strategies.shops(min_orders=2, spans=(14, 120)), order=st.randoms())
@strategies.examples(8)
def test_the_order_of_the_file_does_not_matter(shop: strategies.Shop, order: random.Random) -> None:
    shuffled, refunds = list(shop.recorded), list(shop.refunds)
    order.shuffle(shuffled)
    order.shuffle(refunds)
    with product.history(shop) as history:
        before, others_before = product.keyed(history.rows(grain="week")), others(history)
    with product.history(shop, recorded=shuffled, refunds=refunds) as history:
        after, others_after = product.keyed(history.rows(grain="week")), others(history)
    assert set(before) == set(after)
    for key, row in before.items():
        again = after[key]
        assert (row.n, row.complete, row.reason) == (again.n, again.complete, again.reason)
        for name in ("value", "low", "high"):
            assert same(getattr(row, name), getattr(again, name)), (key, name)
    assert others_before == others_after


def others(history: kohorte.History) -> tuple[object, ...]:
    return (
        history.movements("week"),
        history.cohorts(grain="week", age="calendar"),
        history.cohorts(grain="week", age="rolling"),
        history.rfm(),
    )


@given(shop=strategies.shops(min_orders=2, spans=(14, 120)))
@strategies.examples(8)
def test_twice_the_customers_double_the_counts_and_leave_the_rates(shop: strategies.Shop) -> None:
    twins = [
        dataclasses.replace(
            order,
            order_id=f"{order.order_id} again",
            customer_id=None if order.customer_id is None else f"{order.customer_id} again",
        )
        for order in shop.recorded
    ]
    # Ids are of one type in a file, so the first ones become text as well.
    firsts = [
        dataclasses.replace(
            order,
            order_id=str(order.order_id),
            customer_id=None if order.customer_id is None else str(order.customer_id),
        )
        for order in shop.recorded
    ]
    refunds = [
        dataclasses.replace(
            refund,
            refund_id=f"{refund.refund_id}{suffix}",
            order_id=None if refund.order_id is None else f"{refund.order_id}{suffix}",
            customer_id=None,
        )
        for refund in shop.refunds
        for suffix in ("", " again")
    ]
    once = monthly(product.history(shop))
    twice = monthly(product.history(shop, recorded=firsts + twins, refunds=refunds))
    assert set(once) == set(twice)
    for key, row in once.items():
        factor = 2 if row.metric in COUNTS else 1
        assert same(times(factor, row.value), twice[key].value), key
        assert twice[key].n == 2 * row.n, key
        assert twice[key].complete == row.complete, key


@given(
    shop=strategies.shops(min_orders=2, zones=("UTC",), spans=(14, 120)), weeks=st.integers(1, 60)
)
@strategies.examples(8)
def test_shifted_by_weeks_the_weekly_numbers_shift_along(shop: strategies.Shop, weeks: int) -> None:
    shift = dt.timedelta(days=7 * weeks)
    since, until = shop.settings.since, shop.settings.until
    later = dataclasses.replace(
        shop,
        recorded=tuple(
            dataclasses.replace(order, placed_at=order.placed_at + shift) for order in shop.recorded
        ),
        settings=dataclasses.replace(
            shop.settings, since=since and since + shift, until=until and until + shift
        ),
    )
    with product.history(shop) as history:
        here = history.rows(grain="week")
    with product.history(later) as history:
        there = history.rows(grain="week")
    assert len(here) == len(there)
    for row, moved in zip(here, there, strict=True):
        assert (row.metric, row.segment) == (moved.metric, moved.segment)
        assert row.starts_on + shift == moved.starts_on
        assert (row.n, row.complete) == (moved.n, moved.complete)
        assert same(row.value, moved.value)
        assert same(row.low, moved.low, within=1e-6)
        assert same(row.high, moved.high, within=1e-6)


@given(shop=strategies.shops(min_orders=2))
@strategies.examples(12)
def test_parts_add_up(shop: strategies.Shop) -> None:
    grains = shop.grains[-3:]
    with product.history(shop) as history:
        asked = [product.keyed(history.rows(grain=grain)) for grain in grains]
        movements = [moved for grain in grains for moved in history.movements(grain)]
    for rows in asked:
        for period in {row.period for row in rows.values()}:
            check_one_period(rows, period)
    for moved in movements:
        if moved.active_at_start is not None:
            gained = (moved.new or 0) + (moved.reactivated or 0)
            assert moved.active_at_start + gained - (moved.lost or 0) == moved.active_at_end


def check_one_period(rows: Mapping[product.Key, results.Row], period: str) -> None:
    def value(slug: str, segment: str = "all") -> Value:
        return rows[slug, period, segment].value

    retention, churn = value("customer_retention_rate"), value("customer_churn_rate")
    if retention is not None:
        assert churn is not None
        assert same(retention + churn, 100)
    for slug in ("orders", "revenue"):
        new, existing, both = value(slug, "new"), value(slug, "existing"), value(slug)
        if both is not None:
            assert new is not None
            assert existing is not None
            assert same(new + existing, both)
    new, existing, both = (value("customers", part) for part in ("new", "existing", "all"))
    assert new is not None
    assert existing is not None
    assert both is not None
    assert max(new, existing) <= both <= new + existing
    assert value("new_customers") == new
    if both:
        assert same(value("returning_customer_rate"), existing / both * 100)
    basket, frequency = value("average_order_value"), value("purchase_frequency")
    if basket is not None:
        assert frequency is not None
        assert same(basket * frequency, value("customer_value"))
    for row in rows.values():
        if row.low is not None:
            assert row.value is not None
            assert row.high is not None
            slack = 1e-9 * max(1, abs(row.value))
            assert row.low - slack <= row.value <= row.high + slack


POINT_IN_TIME = ("returning_customer_rate", "purchase_frequency", "average_order_value")


@given(
    shop=strategies.shops(min_orders=2, bounded=False),
    customer=st.integers(0, 9),
    days=st.integers(1, 400),
    cents=st.sampled_from(strategies.CENTS),
)
@strategies.examples(12)
def test_a_later_order_never_changes_a_complete_period(
    shop: strategies.Shop, customer: int, days: int, cents: int
) -> None:
    log = shop.log
    if log is None:
        return
    who = sorted({order.customer_id for order in shop.recorded if order.customer_id is not None})
    latest = max(order.placed_at for order in shop.recorded)
    later = orders.Order(
        len(shop.recorded) + 1,
        who[customer] if customer < len(who) else None,
        latest + dt.timedelta(days=days),
        cents if log.amounts_known else None,
        shop.recorded[0].units,
    )
    before = monthly(product.history(shop))
    after = monthly(product.history(shop, recorded=(*shop.recorded, later)))
    for key, row in before.items():
        if row.metric in POINT_IN_TIME and row.complete:
            assert (row.value, row.n) == (after[key].value, after[key].n), key
