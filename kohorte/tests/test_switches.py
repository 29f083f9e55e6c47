"""What is left out can be counted after all, and the other way round; open orders have a term."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import kohorte
from kohorte import exclusions
from kohorte.errors import SettingError
from kohorte.settings import COUNTABLE, UNCOUNTED, Settings

DAY = dt.datetime(2024, 1, 1, 12)  # noqa: DTZ001  # UTC without zone, as the tables hold it


def order(number: int, *, day: int = 0, **columns: Any) -> dict[str, Any]:
    known = {"customer_id": f"c{number}", "placed_at": DAY + dt.timedelta(days=day)}
    return {"order_id": str(number), "amount_minor": 1000} | known | columns


def counted(orders: list[dict[str, Any]], **settings: Any) -> tuple[set[str], dict[str, int]]:
    """Return the ids of the counted orders, and how many were left out for each reason."""
    refunds = settings.pop("refunds", ())
    with kohorte.History.from_records(
        orders=orders, refunds=refunds, settings=Settings(**settings)
    ) as history:
        rows = history.engine.rows("SELECT order_id FROM counted_orders")
        left_out = exclusions.by_reason(history.engine, exponent=2)
    return {row["order_id"] for row in rows}, {one.reason: one.orders for one in left_out}


@pytest.mark.parametrize("state", UNCOUNTED)
def test_an_order_left_out_for_its_state_counts_on_request(state: str) -> None:
    orders = [order(1), order(2, state=state)]
    assert counted(orders) == ({"1"}, {state: 1})
    assert counted(orders, count=(state,)) == ({"1", "2"}, {})


def test_an_open_order_counts_until_its_term_is_over() -> None:
    orders = [order(1, state="open"), order(2, day=10, state="open"), order(3, day=40)]
    assert counted(orders, payment_days=30) == ({"2", "3"}, {"unpaid": 1})
    assert counted(orders, payment_days=40) == ({"1", "2", "3"}, {})
    assert counted(orders, payment_days=0) == ({"3"}, {"unpaid": 2})


def test_the_term_runs_to_the_end_of_the_range_that_was_asked_for() -> None:
    orders = [order(1, state="open"), order(2, day=40)]
    until = (DAY + dt.timedelta(days=20)).date()
    assert counted(orders, until=until) == ({"1"}, {"outside_range": 1})


def test_open_orders_count_for_ever_or_never_on_request() -> None:
    orders = [order(1, state="open"), order(2, day=400)]
    assert counted(orders, count=("unpaid",)) == ({"1", "2"}, {})
    assert counted(orders, leave_out=("open",), count=("unpaid",)) == ({"2"}, {"open": 1})


def test_orders_worth_nothing_are_left_out_on_request_only() -> None:
    orders = [order(1), order(2, amount_minor=0)]
    assert counted(orders) == ({"1", "2"}, {})
    assert counted(orders, leave_out=("zero_value",)) == ({"1"}, {"zero_value": 1})


def test_a_fully_refunded_order_counts_on_request_with_nothing_left_of_it() -> None:
    refund = {"refund_id": "r", "order_id": "2", "refunded_at": DAY, "amount_minor": 1000}
    orders = [order(1), order(2)]
    assert counted(orders, refunds=[refund]) == ({"1"}, {"fully_refunded": 1})
    found = counted(orders, refunds=[refund], count=("fully_refunded",))
    assert found == ({"1", "2"}, {})


@pytest.mark.parametrize("setting", ["count", "leave_out"])
def test_a_reason_that_cannot_be_switched_is_named_with_those_that_can(setting: str) -> None:
    with pytest.raises(SettingError, match="not “no_customer”"):
        Settings(**{setting: ("no_customer",)})


def test_every_reason_that_can_be_switched_has_words() -> None:
    assert set(COUNTABLE) <= set(exclusions.REASONS)
