"""A shop in which nothing ever changes must not look as if it did."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import pytest

import kohorte
from kohorte import settings as shop

FIRST = dt.date(2022, 1, 1)
DAYS = 1096
CUSTOMERS = 8000


def stationary_orders() -> dict[int, list[int]]:
    """Return each customer's purchase days: joined any day, buying at an own, constant pace."""
    chance = random.Random(11)  # noqa: S311 – a simulation, not a secret
    found = {}
    for customer in range(CUSTOMERS):
        day = chance.randrange(DAYS)
        mean_gap = 1 / chance.gammavariate(1.5, 1 / 150)
        days = [day]
        while chance.random() < 0.85:
            day += 1 + int(chance.expovariate(1 / mean_gap))
            if day >= DAYS:
                break
            days.append(day)
        found[customer] = days
    return found


@pytest.fixture(scope="module")
def bought() -> dict[int, list[int]]:
    return stationary_orders()


def seen(bought: dict[int, list[int]], *, days: int) -> kohorte.History:
    """Return the history as it stood after some days."""
    noon = dt.datetime.combine(FIRST, dt.time(12))
    return kohorte.History.from_records(
        orders=[
            {
                "order_id": customer * DAYS + number,
                "customer_id": customer,
                "placed_at": noon + dt.timedelta(days=day),
                "amount_minor": 1000,
                "units": None,
                "state": "counted",
            }
            for customer, own in bought.items()
            for number, day in enumerate(own)
            if day < days
        ],
        refunds=[],
        currency="EUR",
        settings=shop.Settings(),
    )


@pytest.fixture(scope="module")
def history(bought: dict[int, list[int]]) -> Iterator[kohorte.History]:
    with seen(bought, days=DAYS) as found:
        yield found


def test_the_naive_repeat_rate_falls(bought: dict[int, list[int]]) -> None:
    """Young cohorts have had less time: the trap that the fixed window avoids."""
    ever = {2022: [0, 0], 2023: [0, 0], 2024: [0, 0]}
    for days in bought.values():
        counts = ever[(FIRST + dt.timedelta(days=days[0])).year]
        counts[0] += len(days) > 1
        counts[1] += 1
    rates = [100 * repeaters / customers for repeaters, customers in ever.values()]
    assert rates[0] - rates[2] > 20
    assert rates == sorted(rates, reverse=True)


def test_the_fixed_window_stays_flat(history: kohorte.History) -> None:
    rates = [row.value for row in history.metric("repeat_rate_90_days", grain="year")]
    known = [rate for rate in rates if rate is not None]
    assert len(known) == 3
    assert max(known) - min(known) < 4


def test_every_matured_quarter_agrees_with_all_others(history: kohorte.History) -> None:
    (whole,) = history.metric("repeat_rate_90_days", grain="all")
    quarters = history.metric("repeat_rate_90_days", grain="quarter")
    assert [row.complete for row in quarters] == [True] * 11 + [False]
    assert whole.value is not None
    outside = 0
    for row in quarters[:-1]:
        assert row.low is not None
        assert row.high is not None
        outside += not row.low <= whole.value <= row.high
    assert outside <= 1


def test_what_was_known_of_a_quarter_stays(
    history: kohorte.History, bought: dict[int, list[int]]
) -> None:
    """Seen a year earlier, the returning customers of a quarter were as many as today."""
    with seen(bought, days=DAYS - 366) as earlier:
        then = earlier.metric("returning_customer_rate", grain="quarter")
    now = history.metric("returning_customer_rate", grain="quarter")
    assert len(then) == 8
    assert [row.value for row in then] == [row.value for row in now[:8]]
