"""What customers bring from one year to the next, by hand; random shops are the oracle's."""

from __future__ import annotations

import datetime as dt

import pytest

import kohorte
from beside.shop import Record
from kohorte.results import Grain, Row


def order(number: int, customer: str, on: str, euros: int) -> Record:
    return {
        "order_id": str(number),
        "customer_id": customer,
        "placed_at": dt.datetime.fromisoformat(on),
        "amount_minor": 100 * euros,
    }


# In February 2023 Anna buys for 100, Ben for 200, Cleo for 300; a year on Anna for 400, Ben for 50.
ORDERS = [
    order(1, "first", "2023-01-31", 1),
    order(2, "anna", "2023-02-01", 60),
    order(3, "anna", "2023-02-28", 40),
    order(4, "ben", "2023-02-10", 200),
    order(5, "cleo", "2023-02-20", 300),
    order(6, "anna", "2024-02-29", 400),
    order(7, "ben", "2024-02-01", 50),
    order(8, "dora", "2024-02-02", 1000),
    order(9, "cleo", "2024-03-01", 500),
]


def rows(slug: str, grain: Grain = "month", orders: list[Record] = ORDERS) -> dict[str, Row]:
    with kohorte.History.from_records(orders=orders, currency="EUR") as history:
        return {f"{row.period} {row.segment}": row for row in history.metric(slug, grain=grain)}


def said(row: Row) -> str:
    assert row.reason is not None
    return row.reason.render("de")


class TestRevenueAYearOn:
    def test_the_same_customers_a_year_later(self) -> None:
        found = rows("repeat_revenue_retention")
        assert (found["2024-02 all"].value, found["2024-02 all"].n) == (75, 3)
        assert found["2024-02 gross"].value == 25
        assert found["2024-03 all"].n == 0

    def test_a_period_that_the_data_hold_in_part_is_no_measure(self) -> None:
        """The data begin on 31 January 2023: January a year on has nothing whole to compare with."""
        found = rows("repeat_revenue_retention")
        january = found["2024-01 all"]
        assert (january.value, january.n) == (None, 0)
        assert said(january) == (
            "Das ist nur für Monate, Quartale und Jahre bekannt, die in den Daten auch ein Jahr "
            "davor ganz enthalten sind."
        )
        assert rows("repeat_revenue_retention", "week")["2024-W09 all"].value is None

    def test_where_nobody_bought_a_year_before_that_is_said(self) -> None:
        march = rows("repeat_revenue_retention")["2024-03 all"]
        assert said(march) == "In diesem Zeitraum gab es ein Jahr davor keinen Umsatz."

    def test_the_customers_behind_it_are_those_of_a_year_before(self) -> None:
        with kohorte.History.from_records(orders=ORDERS) as history:
            found = history.behind("repeat_revenue_retention", grain="month", period="2024-02")
            assert found.rows == (
                ("anna", 40_000, 10_000),
                ("ben", 5_000, 20_000),
                ("cleo", 0, 30_000),
            )
            placed = history.orders_behind(
                "repeat_revenue_retention", grain="month", period="2024-02", segment="gross"
            )
            assert [record[0] for record in placed.rows] == ["7", "6"]
            assert history.behind("repeat_revenue_retention").rows == ()


class TestValueAfterAYear:
    def test_the_first_365_days_count(self) -> None:
        """Anna's year ends with 31 January 2024 and Cleo's with 19 February; Ben is back in time."""
        found = rows("value_after_a_year")
        assert found["2023-02 all"].value == pytest.approx((100 + 250 + 300) / 3)
        assert found["2023-02 all"].n == 3
        assert found["2023-02 all"].complete
        later = [*ORDERS, order(10, "first", "2024-01-30", 5), order(11, "first", "2024-01-31", 7)]
        assert rows("value_after_a_year", orders=later)["2023-01 all"].value == 6

    def test_a_first_order_must_be_a_year_old(self) -> None:
        """The data end with 1 March 2024: who began on 4 March 2023 has had 364 days."""
        orders = [
            *ORDERS,
            order(10, "emil", "2023-03-03", 10),
            order(11, "fay", "2023-03-04", 20),
        ]
        found = rows("value_after_a_year", orders=orders)["2023-03 all"]
        assert (found.value, found.n, found.complete) == (10, 1, False)
        young = rows("value_after_a_year")["2024-02 all"]
        assert (young.value, young.n, young.complete) == (None, 0, False)
        assert said(young) == "Keine erste Bestellung dieses Zeitraums ist schon ein Jahr alt."

    def test_the_orders_behind_it_reach_a_year_on(self) -> None:
        later = [*ORDERS, order(10, "first", "2024-01-30", 5)]
        with kohorte.History.from_records(orders=later) as history:
            found = history.orders_behind("value_after_a_year", grain="month", period="2023-01")
        assert [record[0] for record in found.rows] == ["1", "10"]
