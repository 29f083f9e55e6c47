"""Recency, frequency and money of each customer, and the scores from 1 (worst) to 5."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from oracle import orders


@dataclass(frozen=True)
class Customer:
    """All that is known of a customer when the history ends."""

    customer_id: orders.Id
    first_on: dt.date
    last_on: dt.date
    orders: int
    revenue: Fraction | None
    recency_days: int


@dataclass(frozen=True)
class State:
    """What models of buying need, days apart: `x` repeat purchase days, the last of them `t_x` days
    after the first of all, observed for `T` days; `monetary` is the mean revenue of a repeat day,
    None where there is none.
    """

    x: int
    t_x: int
    T: int
    monetary: Fraction | None


@dataclass(frozen=True)
class Scores:
    """Quintile scores; `monetary` is None if amounts are unknown."""

    recency: int
    frequency: int
    monetary: int | None


def customers(log: orders.Log) -> dict[orders.Id, Customer]:
    """Return each customer as of the day after the last of the history."""
    found = {}
    for customer, purchases in orders.by_customer(log.purchases).items():
        days = [purchase.placed_on for purchase in purchases]
        money = orders.revenue_of(purchases) if log.amounts_known else None
        recency = (log.end - max(days)).days
        found[customer] = Customer(customer, min(days), max(days), len(days), money, recency)
    return found


def state(log: orders.Log) -> dict[orders.Id, State]:
    """Return each customer's state at the end of the last day, one purchase per day at most."""
    last = log.end - orders.DAY
    found = {}
    for customer, purchases in orders.by_customer(log.purchases).items():
        days = sorted({purchase.placed_on for purchase in purchases})
        first, repeats = days[0], len(days) - 1
        money = None
        if log.amounts_known:
            later = orders.revenue_of(p for p in purchases if p.placed_on > first)
            money = later / repeats if repeats else None
        found[customer] = State(repeats, (days[-1] - first).days, (last - first).days, money)
    return found


def scores(log: orders.Log) -> dict[orders.Id, Scores]:
    """Return the three scores of each customer; fewer days since the last order are better.

    Who ties on recency gets the upper of the scores in question, on the others the lower one.
    """
    everyone = customers(log)
    recency = {}
    for who, one in everyone.items():
        not_better = sum(other.recency_days >= one.recency_days for other in everyone.values())
        recency[who] = math.ceil(Fraction(5 * not_better, len(everyone)))
    frequency = _quintiles({who: Fraction(one.orders) for who, one in everyone.items()})
    money = {who: one.revenue for who, one in everyone.items() if one.revenue is not None}
    monetary = _quintiles(money)
    return {who: Scores(recency[who], frequency[who], monetary.get(who)) for who in everyone}


def _quintiles(goodness: Mapping[orders.Id, Fraction]) -> dict[orders.Id, int]:
    found = {}
    for customer, own in goodness.items():
        worse = sum(other < own for other in goodness.values())
        found[customer] = min(5, 1 + 5 * worse // len(goodness))
    return found
