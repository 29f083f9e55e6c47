"""A shop in which nothing ever changes must not look as if it did."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import statistics
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


def seen(bought: dict[int, list[int]], *, days: int, active_days: int = 365) -> kohorte.History:
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
        settings=shop.Settings(active_days=active_days),
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


def of_years(history: kohorte.History, slug: str) -> list[float]:
    return [row.value for row in history.metric(slug, grain="year", segment="all") if row.value]


def test_the_curve_stays_flat_and_counts_the_young(history: kohorte.History) -> None:
    rates = of_years(history, "kaplan_meier_repeat_rate")
    assert len(rates) == 3
    assert max(rates) - min(rates) < 4
    (whole,) = history.metric("kaplan_meier_repeat_rate", grain="all", segment="all")
    (matured,) = history.metric("repeat_rate_90_days", grain="all")
    assert whole.n == CUSTOMERS > matured.n


def test_finished_pauses_seem_to_become_shorter(bought: dict[int, list[int]]) -> None:
    """Long pauses that began lately have not ended yet: the trap that open pauses avoid."""
    finished: dict[int, list[int]] = {2022: [], 2023: [], 2024: []}
    for days in bought.values():
        for day, following in itertools.pairwise(days):
            finished[(FIRST + dt.timedelta(days=day)).year].append(following - day)
    means = [statistics.fmean(pauses) for pauses in finished.values()]
    assert means == sorted(means, reverse=True)
    assert means[0] > 1.5 * means[2]


def test_pauses_with_the_open_ones_stay_as_long(history: kohorte.History) -> None:
    medians = history.metric("time_between_orders", grain="year", segment="all")
    for row in medians:
        assert row.low is not None
        assert row.high is not None
    assert max(row.low or 0 for row in medians) <= min(row.high or 0 for row in medians)


@pytest.fixture(scope="module")
def settled() -> dict[int, list[int]]:
    """Return purchase days of customers who have come and gone for long before the data begin."""
    chance = random.Random(12)  # noqa: S311 – a simulation, not a secret
    found = {}
    for customer in range(12_000):
        day, own = chance.randrange(-2_000, DAYS), []
        pace = 150 * chance.gammavariate(2, 0.5)
        while day < DAYS:
            own.append(day)
            if chance.random() > 0.85:
                break
            day += 1 + int(chance.expovariate(1 / pace))
        if inside := [day for day in own if day >= 0]:
            found[customer] = inside
    return found


def test_who_lapsed_long_ago_seems_likelier_to_return(settled: dict[int, list[int]]) -> None:
    """They had longer to come back by today: the trap that the fixed window avoids."""
    ever = [back_after(settled, start) for start in (200, 450, 700)]
    assert ever == sorted(ever, reverse=True)
    assert ever[0] > 1.25 * ever[2]


def back_after(bought: dict[int, list[int]], start: int, window: int = 200) -> float:
    """Return the share of the customers lapsed from a day on who bought again at any time since."""
    return statistics.fmean(
        any(day >= start + window for day in days)
        for days in bought.values()
        if any(start - window <= day < start for day in days)
        and not any(start <= day < start + window for day in days)
    )


@pytest.mark.parametrize("slug", ["lapse_rate", "reactivation_rate"])
def test_lapses_and_returns_within_a_window_stay_flat(
    settled: dict[int, list[int]], slug: str
) -> None:
    with seen(settled, days=DAYS, active_days=200) as history:
        rows = history.metric(slug, grain="quarter", segment="all")
    known = [row for row in rows if row.value is not None]
    assert len(known) >= 6
    mean = statistics.fmean(row.value or 0 for row in known)
    outside = sum(not (row.low or 0) <= mean <= (row.high or 0) for row in known)
    assert outside <= 1


def test_medians_of_orders_stay(history: kohorte.History) -> None:
    assert of_years(history, "median_orders_per_customer") == [2.0, 2.0, 2.0]
