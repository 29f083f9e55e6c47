"""Customers by the period of their first order, and what they did at each age."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from fractions import Fraction

from kohorte import results
from oracle import orders, periods


@dataclass(frozen=True)
class Cell:
    """What a cohort did at one age; revenue is None if the shop's amounts are unknown."""

    customers: int
    orders: int
    revenue: Fraction | None
    complete: bool


@dataclass(frozen=True)
class Cohort:
    """Cells by age; an age that is not in `cells` has not been observed."""

    period: str
    starts_on: dt.date
    size: int
    cells: dict[int, Cell]
    may_hold_older_customers: bool


def calendar(log: orders.Log, grain: results.Grain) -> list[Cohort]:
    """Return cohorts whose age counts calendar periods."""
    calendar_periods = periods.of(log, grain)
    found = []
    for position, period in enumerate(calendar_periods):
        members = _members(log, period)
        cells = {}
        for age, later in enumerate(calendar_periods[position:]):
            inside = [p for own in members.values() for p in own if p.placed_on in later]
            cells[age] = _cell(log, inside, complete=later.complete)
        found.append(_cohort(log, period, len(members), cells))
    return [cohort for cohort in found if cohort.size]


def rolling(log: orders.Log, grain: results.Grain) -> list[Cohort]:
    """Return cohorts whose age counts blocks of days since each customer's own first day."""
    step = log.settings.cohort_days
    found = []
    for period in periods.of(log, grain):
        members = _members(log, period)
        last_first_day = min(period.ends_on, log.end) - orders.DAY
        cells = {}
        age = 0
        while last_first_day + (age + 1) * step * orders.DAY <= log.end:
            inside = []
            for own in members.values():
                first = min(purchase.placed_on for purchase in own)
                inside += [p for p in own if (p.placed_on - first).days // step == age]
            cells[age] = _cell(log, inside, complete=True)
            age += 1
        found.append(_cohort(log, period, len(members), cells))
    return [cohort for cohort in found if cohort.size]


def median_gap(log: orders.Log) -> Fraction:
    """Return the median number of days between neighboring purchase days; 0 if nobody came back."""
    gaps = []
    for days in orders.days_of(log).values():
        gaps += [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    if not gaps:
        return Fraction(0)
    gaps.sort()
    half = len(gaps) // 2
    return Fraction(gaps[half]) if len(gaps) % 2 else Fraction(gaps[half - 1] + gaps[half], 2)


def _members(log: orders.Log, period: periods.Period) -> dict[orders.Id, list[orders.Purchase]]:
    return {
        customer: purchases
        for customer, purchases in orders.by_customer(log.purchases).items()
        if min(purchase.placed_on for purchase in purchases) in period
    }


def _cell(log: orders.Log, inside: list[orders.Purchase], *, complete: bool) -> Cell:
    money = orders.revenue_of(inside) if log.amounts_known else None
    return Cell(len(orders.by_customer(inside)), len(inside), money, complete)


def _cohort(log: orders.Log, period: periods.Period, size: int, cells: dict[int, Cell]) -> Cohort:
    gap = median_gap(log)
    days_in = (period.starts_on - log.start).days
    return Cohort(period.label, period.starts_on, size, cells, days_in < gap)
