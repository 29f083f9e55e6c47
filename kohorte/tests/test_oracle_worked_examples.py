"""The worked examples of the retention literature, through the library's own front door."""

from __future__ import annotations

import pytest

import product
from kohorte import settings as shop
from oracle import examples, orders


def values(
    recorded: list[orders.Order], *, settings: shop.Settings | None = None
) -> dict[str, float | None]:
    """Return the library's metrics over the whole history."""
    settings = settings or shop.Settings()
    with product.of(recorded, [], currency="EUR", settings=settings) as history:
        rows = history.rows(grain="all")
    return {row.metric: row.value for row in rows if row.segment == "all"}


def test_start_100_gained_60_end_150_is_ninety_percent() -> None:
    recorded, settings = examples.hundred_sixty_hundred_fifty(), examples.ONE_YEAR
    found = values(recorded, settings=settings)
    assert found["customer_retention_rate"] == 90
    assert found["customer_churn_rate"] == 10
    with product.of(recorded, [], currency="EUR", settings=settings) as history:
        (moved,) = history.movements("all")
    assert (moved.active_at_start, moved.new, moved.reactivated) == (100, 60, 0)
    assert (moved.lost, moved.active_at_end) == (10, 150)


def test_100_at_the_end_of_whom_60_are_new_leaves_40() -> None:
    recorded = examples.hundred_sixty_hundred_fifty()
    found = values(recorded[:100] + recorded[150:], settings=examples.ONE_YEAR)
    assert found["returning_customers"] == 40


def test_50_of_100_bought_again() -> None:
    assert values(examples.fifty_of_hundred())["repeat_purchase_rate"] == 50


def test_150_orders_of_100_customers_are_one_and_a_half() -> None:
    assert values(examples.fifty_of_hundred())["purchase_frequency"] == 1.5


def test_order_value_times_frequency_is_customer_value() -> None:
    found = values(examples.fifty_of_hundred())
    basket, frequency = found["average_order_value"], found["purchase_frequency"]
    revenue, customers = found["revenue"], found["customers"]
    assert basket is not None
    assert frequency is not None
    assert revenue is not None
    assert customers is not None
    assert found["customer_value"] == pytest.approx(basket * frequency)
    assert found["customer_value"] == pytest.approx(revenue / customers)
