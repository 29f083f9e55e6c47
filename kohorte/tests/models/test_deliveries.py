"""How quickly the first order arrived, and whether as promised, against who comes again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

import kohorte
from kohorte.forecasts import drivers, first_orders, words
from kohorte.forecasts.drivers import Driver

START = dt.date(2025, 1, 1)


def shop(*, effect: float, customers: int = 3000) -> dict[str, list[dict[str, Any]]]:
    """Customers of whom half get their first order after nine days, and come `effect` times as often."""
    chance = np.random.default_rng(5)
    found: dict[str, list[dict[str, Any]]] = {"orders": [], "deliveries": []}
    for number in range(customers):
        slow = chance.random() < 0.5
        first = int(chance.integers(0, 60))
        days = 9 if slow else int(chance.integers(1, 3))
        again = 31 + int(chance.exponential(60 / (effect if slow else 1)))
        for place, at in enumerate([first, first + again]):
            if at <= 260:
                found["orders"].append(
                    {"order_id": f"{number}-{place}", "customer_id": str(number),
                     "placed_at": START + dt.timedelta(days=at)}
                )  # fmt: skip
        found["deliveries"].append(
            {"delivery_id": str(number), "order_id": f"{number}-0",
             "delivered_at": START + dt.timedelta(days=first + days),
             "promised_at": START + dt.timedelta(days=first + 3)}
        )  # fmt: skip
    return found


@pytest.mark.parametrize("effect", [1.0, 0.6])
def test_a_late_delivery_is_found_where_it_matters_and_only_there(effect: float) -> None:
    with kohorte.History.from_records(**shop(effect=effect)) as history:
        (delivery,) = drivers.since(history, ("delivery",)).drivers
        (promise,) = drivers.since(history, ("promise",)).drivers
    assert {delivery.value, delivery.against} == {"within_2", "later"}
    expected = effect if delivery.value == "later" else 1 / effect
    assert _holds(delivery, expected)
    assert delivery.beyond == (effect < 1)
    # All slow ones were promised sooner, so both facts say the same.
    assert {promise.value, promise.against} == {"late", "on_time"}
    assert promise.ratio in (pytest.approx(delivery.ratio), pytest.approx(1 / delivery.ratio))


def _holds(one: Driver, expected: float) -> bool:
    assert one.low is not None
    assert one.high is not None
    return one.low < expected < one.high


def told(*parcels: dict[str, Any], landmark_days: int = 30) -> tuple[Any, Any, Any]:
    """Return what is known of one customer's first order at the landmark."""
    orders = [
        {"order_id": "1", "customer_id": "anna", "placed_at": START},
        {"order_id": "2", "customer_id": "ben", "placed_at": START + dt.timedelta(days=90)},
    ]
    rows = [
        {"delivery_id": str(n), "order_id": "1",
         **{f"{name}_at": START + dt.timedelta(days=days) for name, days in parcel.items()}}
        for n, parcel in enumerate(parcels)
    ]  # fmt: skip
    with kohorte.History.from_records(orders=orders, deliveries=rows) as history:
        found = first_orders.waits(history, landmark_days=landmark_days)
        found = [row for row in found if row["customer_id"] == "anna"]
        sent, arrived, kept = (
            first_orders.values(found, fact)[0] for fact in ("dispatch", "delivery", "promise")
        )
    return sent, arrived, kept


@pytest.mark.parametrize(
    ("parcels", "expected"),
    [
        ([], ("no", "no", None)),
        ([{"shipped": 0, "delivered": 2}], ("within_2", "within_2", "no")),
        ([{"shipped": 3, "delivered": 5, "promised": 5}], ("within_4", "within_7", "on_time")),
        ([{"delivered": 8, "promised": 7}], ("no", "later", "late")),
        # An order has arrived when its last parcel has; one late parcel breaks the promise.
        (
            [{"delivered": 2, "promised": 2}, {"delivered": 6, "promised": 5}],
            ("no", "within_7", "late"),
        ),
        ([{"delivered": 2, "promised": 2}, {"shipped": 1}], ("no", "no", None)),
        # What came after the landmark had not come by it; what was promised for then was not late yet.
        ([{"delivered": 45, "promised": 40}], ("no", "later", "no")),
        ([{"delivered": 45, "promised": 20}], ("no", "later", "late")),
        # A day before the order is a mistake.
        ([{"delivered": -2}], ("no", "no", "no")),
    ],
)
def test_what_of_a_delivery_is_known_at_the_landmark(
    parcels: list[dict[str, int]], expected: tuple[str, ...]
) -> None:
    assert told(*parcels) == expected


def test_before_a_week_is_over_nobody_knows_who_waits_longer() -> None:
    assert told({"delivered": 6}, landmark_days=5) == ("no", "no", "no")
    assert told({"delivered": 5}, landmark_days=5) == ("no", "within_7", "no")


def test_they_are_told_in_words() -> None:
    said = words.fact("delivery"), words.fact_value("delivery", "within_4")
    assert [one.render("de") for one in said] == [
        "Lieferung des ersten Kaufs", "nach 3 bis 4 Tagen",
    ]  # fmt: skip


def test_an_order_that_comes_in_one_parcel_needs_no_number_for_it(tmp_path: Any) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "Order number,Customer,Date,Total\nB-1,anna,2026-01-05,20\nB-2,ben,2026-01-06,9\n"
    )
    parcels = tmp_path / "shipments.csv"
    parcels.write_text(
        "Order number,Shipped at,Delivered at\n#B-1,2026-01-06,2026-01-08\n"
        "B-2,2026-01-07,2026-01-09\nB-2,2026-01-08,\nB-3,,\n"
    )
    with kohorte.read(orders, parcels) as history:
        rows = history.engine.rows(
            "SELECT delivery_id, order_id, delivered_at::DATE::VARCHAR AS day FROM deliveries "
            "ORDER BY delivery_id"
        )
    assert [tuple(row.values()) for row in rows] == [
        ("B-1", "B-1", "2026-01-08"), ("B-2", "B-2", "2026-01-09"), ("B-2 2", "B-2", None),
    ]  # fmt: skip
