"""What customers bring from one year to the next."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from oracle import answers, intervals, orders, periods
from oracle.answers import Answer

YEAR = dt.timedelta(days=365)


def value_after_a_year(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    """Revenue of the first 365 days of those who began in the period and have had so many."""
    if not log.amounts_known:
        return answers.unknown()
    brought: dict[orders.Id, Fraction] = {}
    everybody_is_old = True
    for customer, purchases in orders.by_customer(log.purchases).items():
        first = min(purchase.placed_on for purchase in purchases)
        if first not in period:
            continue
        if first + YEAR > log.end:
            everybody_is_old = False
            continue
        brought[customer] = orders.revenue_of(
            [purchase for purchase in purchases if purchase.placed_on < first + YEAR]
        )
    found = answers.mean(brought, reach=intervals.z(log.settings.confidence_percent))
    return Answer(
        found.value, found.n, found.low, found.high, observed=everybody_is_old, behind=brought
    )


def repeat_revenue_retention(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    """Revenue now of who bought in the same period a year before, over their revenue then."""
    if not log.amounts_known or period.grain not in ("month", "quarter", "year"):
        return answers.unknown()
    starts_on = period.starts_on.replace(year=period.starts_on.year - 1)
    ends_on = period.ends_on.replace(year=period.ends_on.year - 1)
    if starts_on < log.start:
        return answers.unknown()
    pairs: dict[orders.Id, tuple[Fraction, Fraction]] = {}
    for customer, purchases in orders.by_customer(log.purchases).items():
        then = [p for p in purchases if starts_on <= p.placed_on < ends_on]
        now = [p for p in purchases if p.placed_on in period]
        if then:
            before, after = orders.revenue_of(then), orders.revenue_of(now)
            pairs[customer] = (min(before, after) if segment == "gross" else after, before)
    found = answers.ratio(pairs, reach=intervals.z(log.settings.confidence_percent))
    if found.value is None:
        return Answer(None, len(pairs))
    return Answer(
        found.value * 100,
        len(pairs),
        None if found.low is None else found.low * 100,
        None if found.high is None else found.high * 100,
        behind=found.behind,
    )
