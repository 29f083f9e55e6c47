"""The oracle counts the right orders on the right days."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from kohorte import settings as shop
from oracle import examples, orders
from oracle.examples import log, order, refund


def test_only_counted_states_count() -> None:
    recorded = [
        order("a", "2024-01-05", order_id="counted"),
        order("a", "2024-01-01", state="cancelled"),
        order("a", "2024-01-02", state="test"),
        order("a", "2024-01-03", state="unpaid"),
    ]
    found = log(recorded)
    assert [purchase.order_id for purchase in found.purchases] == ["counted"]
    assert (found.start, found.end) == (dt.date(2024, 1, 5), dt.date(2024, 1, 6))


def test_a_full_refund_removes_the_order_and_a_partial_one_its_part() -> None:
    recorded = [
        order("a", "2024-01-01", cents=1000, order_id="full"),
        order("a", "2024-01-02", cents=1000, order_id="part"),
        order("a", "2024-01-03", cents=0, order_id="gift"),
    ]
    refunds = [refund("full", 600), refund("full", 400), refund("part", 999), refund(None, 500)]
    found = log(recorded, *refunds)
    assert {p.order_id: p.revenue for p in found.purchases} == {
        "part": Fraction(1, 100),
        "gift": 0,
    }


def test_amounts_that_are_unknown_stay_unknown() -> None:
    found = log([order("a", "2024-01-01", cents=None, order_id=1)], refund(1, 500))
    assert found.purchases[0].revenue is None
    assert not found.amounts_known


@pytest.mark.parametrize(
    ("timezone", "at", "expected"),
    [
        ("UTC", "2024-03-30 23:59:59", "2024-03-30"),
        ("Europe/Berlin", "2024-03-30 22:59:59", "2024-03-30"),
        ("Europe/Berlin", "2024-03-30 23:00:00", "2024-03-31"),
        ("Europe/Berlin", "2024-03-31 21:59:59", "2024-03-31"),
        ("Europe/Berlin", "2024-03-31 22:00:00", "2024-04-01"),
        ("America/New_York", "2024-11-04 04:59:59", "2024-11-03"),
        ("America/New_York", "2024-11-03 04:00:00", "2024-11-03"),
        ("Asia/Kolkata", "2024-01-01 18:30:00", "2024-01-02"),
        ("Pacific/Apia", "2011-12-30 10:00:00", "2011-12-31"),
    ],
)
def test_days_are_local(timezone: str, at: str, expected: str) -> None:
    assert orders.local_day(dt.datetime.fromisoformat(at), timezone).isoformat() == expected


def test_since_and_until_bound_the_history_even_without_orders_there() -> None:
    bounds = shop.Settings(since=dt.date(2024, 1, 10), until=dt.date(2024, 1, 20))
    recorded = [order("a", f"2024-01-{number:02}") for number in (9, 10, 15, 20, 21)]
    found = log(recorded, settings=bounds)
    assert [purchase.placed_on.day for purchase in found.purchases] == [10, 15, 20]
    assert (found.start, found.end) == (dt.date(2024, 1, 10), dt.date(2024, 1, 21))
    found = log(recorded[2:3], settings=bounds)
    assert (found.start, found.end) == (dt.date(2024, 1, 10), dt.date(2024, 1, 21))


def test_unidentified_orders_open_the_history() -> None:
    found = log([order(None, "2024-01-01"), order("a", "2024-01-05")])
    assert found.start == dt.date(2024, 1, 1)
    assert len(found.identified) == 1


def test_nothing_counted_is_no_history() -> None:
    assert orders.read([], settings=shop.Settings()) is None
    cancelled = [examples.order("a", "2024-01-01", state="cancelled")]
    assert orders.read(cancelled, settings=shop.Settings()) is None
