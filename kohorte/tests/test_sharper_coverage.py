"""The intervals of curves and quantiles must cover the truth as often as they claim.

Customers differ here as they do in shops: some buy often and some dear, and their orders are alike.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
import statistics
from collections.abc import Iterable, Iterator

import pytest

import kohorte
from kohorte import survival
from kohorte.results import Row
from kohorte.survival import Wait

pytestmark = pytest.mark.slow

START = dt.datetime.combine(dt.date(2015, 1, 1), dt.time(12))
DAYS = 2000
SHOPS = 200
WATCHED = 400


def coverage(rows: Iterable[Row], truth: float) -> float:
    return statistics.fmean(
        row.low is not None and row.high is not None and row.low <= truth <= row.high
        for row in rows
    )


@pytest.mark.parametrize("customers", [30, 100, 1000])
@pytest.mark.parametrize("horizon", [30, 90])
def test_a_curve_of_customers_who_came_at_different_times(customers: int, horizon: int) -> None:
    """Two of three come back, after 60 days on average; everybody is watched for up to 150 days."""
    chance = random.Random(customers + horizon)  # noqa: S311 – a simulation, not a secret
    truth = 2 / 3 * (1 - math.exp(-horizon / 60))
    covered = known = 0
    for _ in range(1000):
        counts: dict[int, list[int]] = {}
        for _ in range(customers):
            watched = 150 * chance.random()
            waits = 60 * chance.expovariate(1) if chance.random() < 2 / 3 else math.inf
            came = waits <= watched
            counts.setdefault(math.ceil(min(waits, watched)), [0, 0])[not came] += 1
        found = [Wait(days, *counts[days]) for days in sorted(counts)]
        point = survival.estimate(found, to_order=2, confidence_percent=95).by(horizon)
        if point is not None and point.low is not None and point.high is not None:
            known += 1
            covered += point.low <= truth <= point.high
    assert known > 950
    assert 0.93 <= covered / known <= 0.97


def priced_orders(customers: int, alike: float) -> list[dict[str, object]]:
    """Return days on which so many customers order one to six times, each at an own price level."""
    chance = random.Random(customers)  # noqa: S311 – a simulation, not a secret
    orders: list[dict[str, object]] = []
    for day in range(DAYS):
        for number in range(customers):
            level = chance.gauss(0, math.sqrt(alike))
            for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
                orders.append(
                    {
                        "order_id": str(len(orders)),
                        "customer_id": f"{day}-{number}",
                        "placed_at": START + dt.timedelta(days=day),
                        "amount_minor": round(
                            1e4 * math.exp(level + chance.gauss(0, math.sqrt(1 - alike)))
                        ),
                    }
                )
    return orders


@pytest.mark.parametrize(
    ("customers", "alike", "least"), [(12, 0.5, 0.90), (40, 0.9, 0.91), (40, 0.0, 0.93)]
)
def test_order_values_in_the_middle(customers: int, alike: float, least: float) -> None:
    """The median holds for few customers as well; a mean, even trimmed, leans a little."""
    truth = 100.0
    low, high = (math.exp(sign * 1.2815515655) for sign in (-1, 1))
    trimmed = 100 * _mean_between(low, high)
    with kohorte.History.from_records(orders=priced_orders(customers, alike)) as history:
        rows = history.metric("median_order_value", grain="day")
    medians = [row for row in rows if row.segment == "all"]
    assert 0.93 <= coverage(medians, truth) <= 0.975
    means = [row for row in rows if row.segment == "trimmed"]
    assert least <= coverage(means, trimmed) <= 0.97


def _mean_between(low: float, high: float) -> float:
    """Return the mean of a standard lognormal value between its tenth and its ninetieth percent."""
    normal = statistics.NormalDist()
    inside = normal.cdf(math.log(high) - 1) - normal.cdf(math.log(low) - 1)
    return math.exp(0.5) * inside / 0.8


def paces(chance: random.Random) -> Iterator[float]:
    """Give the days that customers take on average, from some who come weekly to some who rarely do."""
    while True:
        yield 50 / chance.gammavariate(1.5, 1 / 1.5)


def purchase_days(chance: random.Random, pace: float, *, until: float) -> list[int]:
    found, at = [], chance.expovariate(1 / pace)
    while at < until:
        found.append(int(at))
        at += chance.expovariate(1 / pace)
    return sorted(set(found))


@pytest.fixture(scope="module")
def true_pauses() -> list[int]:
    """Return the pauses that customers begin in the time watched, all of them to their end."""
    chance = random.Random(5)  # noqa: S311 – a simulation, not a secret
    pauses = []
    for _, pace in zip(range(60_000), paces(chance), strict=False):
        days = purchase_days(chance, pace, until=WATCHED + 60 * pace)
        pauses += [b - a for a, b in itertools.pairwise(days) if a < WATCHED]
    return sorted(pauses)


def test_pauses_between_orders(true_pauses: list[int]) -> None:
    chance = random.Random(8)  # noqa: S311 – a simulation, not a secret
    rows: list[Row] = []
    for _ in range(SHOPS):
        orders = [
            {
                "order_id": f"{customer}-{day}",
                "customer_id": str(customer),
                "placed_at": START + dt.timedelta(days=day),
            }
            for customer, pace in zip(range(80), paces(chance), strict=False)
            for day in purchase_days(chance, pace, until=WATCHED)
        ]
        settings = kohorte.Settings(until=START.date() + dt.timedelta(days=WATCHED - 1))
        with kohorte.History.from_records(orders=orders, settings=settings) as history:
            rows += history.metric("time_between_orders", grain="all")
    for segment, share in (("all", 0.5), ("p75", 0.75), ("p90", 0.9)):
        truth = true_pauses[math.ceil(share * len(true_pauses)) - 1]
        found = coverage((row for row in rows if row.segment == segment), truth)
        assert 0.92 <= found <= 0.98, segment
