"""Intervals must cover the truth as often as they claim: 95 % of the time, on shops made up for it.

Every pair of days is a shop of its own, with customers who never come back later: on the first day
100 customers buy, on the second some of them return and 60 others come.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

import kohorte
from kohorte import settings as shop

PAIRS = 1000
FIRST_DAY, SECOND_DAY = 100, 60
RETURN = 0.3
SMALL, LARGE = 0.6, 0.4
"""Of customers: the small ones place one order of 20.00 on average, the large ones two of 50.00."""
START = dt.datetime.combine(dt.date(2020, 1, 1), dt.time(12))

SECOND_ORDER = LARGE
ORDERS = SMALL * 1 + LARGE * 2
REVENUE = SMALL * 20 + LARGE * 2 * 50
UNITS = SMALL * 1 * 2 + LARGE * 2 * 4
RETURNING_REVENUE = 100.0
# Small orders lie evenly between 10 and 30, large ones between 25 and 75.
MEDIAN = 25 + 50 * (ORDERS / 2 - SMALL) / (2 * LARGE)
ON_SECOND_DAY = FIRST_DAY * RETURN * RETURNING_REVENUE + SECOND_DAY * REVENUE

TRUTH_OF_FIRST_DAYS = {
    "repeat_purchase_rate": SECOND_ORDER * 100,
    "repeat_rate_90_days": (1 - (1 - SECOND_ORDER) * (1 - RETURN)) * 100,
    "kaplan_meier_repeat_rate": RETURN * 100,
    "one_time_customer_rate": SMALL * 100,
    "median_order_value": MEDIAN,
    "purchase_frequency": ORDERS,
    "purchase_quantity_per_customer": UNITS,
    "customer_value": REVENUE,
    "purchase_quantity": UNITS / ORDERS,
    "average_order_value": REVENUE / ORDERS,
}
TRUTH_OF_SECOND_DAYS = {
    "returning_customers": RETURN * FIRST_DAY,
    "customer_retention_rate": RETURN * 100,
    "customer_churn_rate": (1 - RETURN) * 100,
    "lapse_rate": (1 - RETURN) * 100,
    "customer_lifetime_value": ON_SECOND_DAY / (FIRST_DAY * RETURN + SECOND_DAY) / (1 - RETURN),
}


@pytest.fixture(scope="module")
def history() -> Iterator[kohorte.History]:
    chance = random.Random(20240229)  # noqa: S311 – a simulation, not a secret
    records: list[dict[str, object]] = []

    def buy(customer: str, day: int, mean: float, units: int) -> None:
        amount = round(100 * mean * (0.5 + chance.random()))
        records.append(
            {
                "order_id": len(records),
                "customer_id": customer,
                "placed_at": START + dt.timedelta(days=day),
                "amount_minor": amount,
                "units": Decimal(chance.randint(1, 2 * units - 1)),
                "state": "counted",
            }
        )

    def visit(customer: str, day: int) -> None:
        if chance.random() < SMALL:
            buy(customer, day, 20, 2)
        else:
            buy(customer, day, 50, 4)
            buy(customer, day, 50, 4)

    for pair in range(PAIRS):
        for number in range(FIRST_DAY):
            visit(f"{pair} first {number}", 2 * pair)
            if chance.random() < RETURN:
                buy(f"{pair} first {number}", 2 * pair + 1, RETURNING_REVENUE, 3)
        for number in range(SECOND_DAY):
            visit(f"{pair} second {number}", 2 * pair + 1)
    with kohorte.History.from_records(
        orders=records,
        refunds=[],
        currency="EUR",
        settings=shop.Settings(active_days=1, retention_days=1, repeat_days=1),
    ) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("slug", [*TRUTH_OF_FIRST_DAYS, *TRUTH_OF_SECOND_DAYS])
def test_intervals_cover_the_truth(history: kohorte.History, slug: str) -> None:
    truth = {**TRUTH_OF_FIRST_DAYS, **TRUTH_OF_SECOND_DAYS}[slug]
    offset = 0 if slug in TRUTH_OF_FIRST_DAYS else 1
    rows = history.metric(slug, grain="day", segment="all")[offset::2]
    assert len(rows) == PAIRS
    covered = 0
    for row in rows:
        assert row.low is not None
        assert row.high is not None
        covered += row.low <= truth <= row.high
    assert 0.93 <= covered / PAIRS <= 0.97
