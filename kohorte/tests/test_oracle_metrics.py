"""The oracle gives the worked examples, and what a person computes with pencil and paper."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import pytest

from kohorte import results
from kohorte import settings as shop
from oracle import activity, examples, orders, table
from oracle.examples import day, log, order


def whole(found: orders.Log, slug: str, segment: str = "all") -> table.Row:
    (row,) = [row for row in table.of(found, slug, "all") if row.segment == segment]
    return row


def monthly(found: orders.Log, slug: str) -> dict[str, Fraction | None]:
    return {row.period: row.value for row in table.of(found, slug, "month")}


class TestWorkedExamples:
    def test_start_100_gained_60_end_150_is_ninety_percent(self) -> None:
        shop_of_100 = log(examples.hundred_sixty_hundred_fifty(), settings=examples.ONE_YEAR)
        moved = activity.turnover(shop_of_100, shop_of_100.end)
        assert (len(moved.start), len(moved.new), len(moved.end)) == (100, 60, 150)
        assert whole(shop_of_100, "customer_retention_rate").value == 90
        assert whole(shop_of_100, "customer_churn_rate").value == 10
        assert whole(shop_of_100, "returning_customers").value == 90

    def test_100_at_the_end_of_whom_60_are_new_leaves_40(self) -> None:
        recorded = examples.hundred_sixty_hundred_fifty()
        kept = recorded[:100] + recorded[150:]
        assert whole(log(kept, settings=examples.ONE_YEAR), "returning_customers").value == 40

    def test_50_of_100_bought_again(self) -> None:
        found = log(examples.fifty_of_hundred())
        assert whole(found, "repeat_purchase_rate").value == 50
        assert whole(found, "repeat_purchase_rate").n == 100

    def test_150_orders_of_100_customers_are_one_and_a_half(self) -> None:
        assert whole(log(examples.fifty_of_hundred()), "purchase_frequency").value == Fraction(3, 2)

    def test_order_value_times_frequency_is_revenue_per_customer(self) -> None:
        found = log(examples.fifty_of_hundred())
        value = whole(found, "average_order_value").value
        frequency = whole(found, "purchase_frequency").value
        revenue, customers = whole(found, "revenue").value, whole(found, "customers").value
        assert value is not None
        assert frequency is not None
        assert revenue is not None
        assert customers is not None
        assert value * frequency == revenue / customers == whole(found, "customer_value").value


@pytest.fixture(scope="module")
def kiosk() -> orders.Log:
    """Anna buys in January and February, Ben twice on one day, Cem again after 40 days.

    January: 4 orders, 3 customers, 70.00. February: 3 orders, 2 customers, 60.00, one order
    by someone unknown beside them.
    """
    return log(
        [
            order("anna", "2024-01-01", cents=1000, units=1),
            order("ben", "2024-01-10", cents=1500, units=2),
            order("ben", "2024-01-10", cents=2500, units=3),
            order("cem", "2024-01-20", cents=2000, units=4),
            order("anna", "2024-02-05", cents=3000, units=5),
            order("cem", "2024-02-29", cents=0, units=6),
            order("dora", "2024-02-10", cents=3000, units=1),
            order(None, "2024-02-11", cents=9900, units=9),
        ],
        settings=shop.Settings(active_days=20, retention_days=20, repeat_days=35),
    )


class TestKiosk:
    def test_counts_and_money(self, kiosk: orders.Log) -> None:
        expected = {
            ("2024-01", "all"): (Fraction(70), 4),
            ("2024-01", "new"): (Fraction(70), 4),
            ("2024-01", "existing"): (Fraction(0), 0),
            ("2024-01", "unidentified"): (Fraction(0), 0),
            ("2024-02", "all"): (Fraction(60), 3),
            ("2024-02", "new"): (Fraction(30), 1),
            ("2024-02", "existing"): (Fraction(30), 2),
            ("2024-02", "unidentified"): (Fraction(99), 1),
        }
        rows = table.of(kiosk, "revenue", "month")
        assert {(row.period, row.segment): row.value for row in rows} == {
            where: value for where, (value, _) in expected.items()
        }
        assert {(row.period, row.segment): row.n for row in rows} == {
            where: n for where, (_, n) in expected.items()
        }

    def test_behavior(self, kiosk: orders.Log) -> None:
        expected = {
            "purchase_frequency": {"2024-01": Fraction(4, 3), "2024-02": Fraction(1)},
            "purchase_quantity": {"2024-01": Fraction(10, 4), "2024-02": Fraction(4)},
            "purchase_quantity_per_customer": {"2024-01": Fraction(10, 3), "2024-02": Fraction(4)},
            "customer_value": {"2024-01": Fraction(70, 3), "2024-02": Fraction(20)},
            "repeat_purchase_rate": {"2024-01": Fraction(100, 3), "2024-02": Fraction(0)},
            "returning_customer_rate": {"2024-01": Fraction(0), "2024-02": Fraction(200, 3)},
            "new_customers": {"2024-01": Fraction(3), "2024-02": Fraction(1)},
        }
        assert {slug: monthly(kiosk, slug) for slug in expected} == expected

    def test_the_fixed_window_leaves_out_the_young(self, kiosk: orders.Log) -> None:
        january, february = table.of(kiosk, "repeat_rate_90_days", "month")
        assert (january.value, january.n, january.complete) == (Fraction(200, 3), 3, True)
        assert (february.value, february.n, february.complete) == (None, 0, False)

    def test_activity_counts_the_days_before(self, kiosk: orders.Log) -> None:
        assert activity.active(kiosk, dt.date(2024, 1, 21)) == {"anna", "ben", "cem"}
        assert activity.active(kiosk, dt.date(2024, 1, 22)) == {"ben", "cem"}
        assert activity.active(kiosk, dt.date(2024, 1, 10)) == {"anna"}

    def test_movements_add_up(self, kiosk: orders.Log) -> None:
        january, february = activity.movements(kiosk, "month")
        assert (january.active_at_start, january.new, january.active_at_end) == (None, None, 1)
        assert february == results.Movement(
            "month", "2024-02", dt.date(2024, 2, 1), dt.date(2024, 3, 1), 1, 1, 1, 1, 2
        )

    def test_orders_per_active_customer_counts_the_active_without_orders(
        self, kiosk: orders.Log
    ) -> None:
        row = table.of(kiosk, "orders_per_active_customer", "day")[-1]
        assert (row.period, row.value, row.n) == ("2024-02-29", Fraction(1, 2), 2)


def test_lifetime_value_is_value_per_year_times_years() -> None:
    """10 customers of 10.00 in 100 days, one in ten lost per 100 days: 100.00 in a lifetime."""
    recorded = [order(i, day(i)) for i in range(10)] + [order(i, day(199 - i)) for i in range(9)]
    settings = shop.Settings(active_days=100, margin_percent=40)
    found = log(recorded, settings=settings)
    row = whole(found, "customer_lifetime_value")
    assert row.value == 100
    assert row.n == 9
    assert whole(found, "customer_lifetime_profit").value == 40
    # All customers spend the same: only churn varies. var(log churn) = (1 − c) / (c · n).
    assert row.low == pytest.approx(100 * math.exp(-1.959963984540054 * math.sqrt(0.9)))


def test_nobody_lost_gives_no_lifetime() -> None:
    recorded = [order("a", day(0)), order("a", day(199))]
    found = log(recorded, settings=shop.Settings(active_days=100))
    assert whole(found, "customer_churn_rate").value == 0
    assert whole(found, "customer_lifetime_value").value is None


def test_a_short_history_knows_nothing_of_retention() -> None:
    recorded = [order("a", day(0)), order("a", day(198))]
    found = log(recorded, settings=shop.Settings(active_days=100))
    assert whole(found, "customer_retention_rate").value is None
    found = log([*recorded, order("b", day(199))], settings=shop.Settings(active_days=100))
    assert whole(found, "customer_retention_rate").value == 100
