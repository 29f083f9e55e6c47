"""Intervals must cover the truth as often as they claim, with few and skewed answers as well.

Every day is a survey, a helpdesk or a shop of its own, so one history holds two thousand of them.
"""

from __future__ import annotations

import datetime as dt
import math
import random
import statistics
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import kohorte
from beside.shop import Record
from kohorte.results import Row

DAYS = 2000
START = dt.datetime.combine(dt.date(2015, 1, 1), dt.time(12))
PROMOTED = {
    "good": {10: 60, 8: 25, 3: 15},
    "loved": {10: 85, 8: 10, 3: 5},
    "bad": {10: 10, 8: 20, 3: 70},
}
EASY = {7: 50, 6: 25, 5: 10, 4: 5, 3: 4, 2: 3, 1: 3}
SATISFIED = {5: 60, 4: 20, 3: 10, 1: 10}

pytestmark = pytest.mark.slow


def mean(shares: Mapping[int, int], score: Callable[[int], float]) -> float:
    return sum(share * score(value) for value, share in shares.items()) / 100


def answers(question: str, shares: Mapping[int, int], n: int, *, weighted: bool) -> list[Record]:
    chance = random.Random(n)  # noqa: S311 – a simulation, not a secret
    drawn = chance.choices(list(shares), list(shares.values()), k=DAYS * n)
    return [
        {
            "response_id": str(number),
            "answered_at": START + dt.timedelta(days=number // n),
            "question": question,
            "score": score,
            "weight": math.exp(chance.gauss(0, 0.7)) if weighted else None,
        }
        for number, score in enumerate(drawn)
    ]


def daily(slug: str, *, segment: str = "all", **tables: Any) -> list[Row]:
    settings = tables.pop("settings", kohorte.Settings())
    with kohorte.History.from_records(
        orders=tables.pop("orders", []), settings=settings, **tables
    ) as history:
        rows = history.metric(slug, grain="day", segment=segment)
    assert len(rows) == DAYS
    return rows


def coverage(rows: list[Row], truth: float) -> float:
    return statistics.fmean(
        row.low is not None and row.high is not None and row.low <= truth <= row.high
        for row in rows
    )


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("liked", PROMOTED)
@pytest.mark.parametrize("segment", ["all", "weighted"])
def test_net_promoter_score(liked: str, n: int, segment: str) -> None:
    shares = PROMOTED[liked]
    truth = 100 * mean(shares, lambda score: (score >= 9) - (score <= 6))
    responses = answers("nps", shares, n, weighted=segment == "weighted")
    rows = daily("net_promoter_score", segment=segment, responses=responses)
    assert 0.92 <= coverage(rows, truth) <= 0.97


@pytest.mark.parametrize("n", [10, 30, 100])
def test_customer_satisfaction(n: int) -> None:
    responses = answers("csat", SATISFIED, n, weighted=False)
    assert 0.93 <= coverage(daily("customer_satisfaction_score", responses=responses), 80) <= 0.975


@pytest.mark.parametrize("n", [10, 30, 100])
def test_customer_effort(n: int) -> None:
    responses = answers("ces", EASY, n, weighted=False)
    truth = mean(EASY, float) / 7 * 100
    assert 0.93 <= coverage(daily("customer_effort_score", responses=responses), truth) <= 0.97


@pytest.mark.parametrize(("n", "most"), [(10, 0.985), (30, 0.97), (100, 0.975)])
def test_median_of_waits(n: int, most: float) -> None:
    """Of ten waits the second and the ninth miss the median 2 % of the time, the third and eighth 11 %."""
    chance = random.Random(n)  # noqa: S311 – a simulation, not a secret
    tickets = []
    for number in range(DAYS * n):
        opened_at = START + dt.timedelta(days=number // n)
        waited = dt.timedelta(hours=math.exp(chance.gauss(0, 1)))
        tickets.append(
            {"ticket_id": str(number), "opened_at": opened_at, "answered_at": opened_at + waited}
        )
    assert 0.94 <= coverage(daily("first_response_time", tickets=tickets), 1) <= most


@pytest.mark.parametrize(
    ("spread", "n", "least", "most"),
    [
        (0.5, 10, 0.90, 0.95),
        (0.5, 30, 0.92, 0.96),
        (0.5, 100, 0.93, 0.96),
        (1.0, 10, 0.81, 0.87),
        (1.0, 30, 0.85, 0.91),
        (1.0, 100, 0.89, 0.94),
    ],
)
def test_profit_per_customer(spread: float, n: int, least: float, most: float) -> None:
    """Student's range is too narrow where a few customers bring most of the profit.

    With a spread of 1 the best tenth brings two fifths; then it takes a thousand customers for 94 %.
    """
    chance = random.Random(n)  # noqa: S311 – a simulation, not a secret
    orders = [
        {
            "order_id": str(number),
            "customer_id": str(number),
            "placed_at": START + dt.timedelta(days=number // n),
            "amount_minor": round(1e6 * math.exp(chance.gauss(0, spread))),
        }
        for number in range(DAYS * n)
    ]
    rows = daily("profit_per_customer", orders=orders, settings=kohorte.Settings(margin_percent=50))
    truth = 0.5e6 * math.exp(spread**2 / 2) / 100
    assert least <= coverage(rows, truth) <= most


@pytest.mark.parametrize("n", [30, 300])
def test_return_rate_of_customers_who_return_again_and_again(n: int) -> None:
    """Ten in a hundred orders come back; some customers return nearly all, most return none."""
    chance = random.Random(n)  # noqa: S311 – a simulation, not a secret
    orders, returns = [], []
    for number in range(DAYS * n):
        at = START + dt.timedelta(days=number // n)
        habit = chance.betavariate(0.1 * 4, 0.9 * 4)
        for which in range(1 + int(chance.expovariate(1))):
            name = f"{number}-{which}"
            orders.append({"order_id": name, "customer_id": str(number), "placed_at": at})
            if chance.random() < habit:
                returns.append(
                    {"return_id": name, "order_id": name, "returned_at": at, "kind": "return"}
                )
    settings = kohorte.Settings(return_days=0, until=(START + dt.timedelta(days=DAYS)).date())
    with kohorte.History.from_records(orders=orders, returns=returns, settings=settings) as history:
        rows = history.metric("return_rate", grain="day")[:DAYS]
    assert 0.925 <= coverage(rows, 10) <= 0.975
