"""Medians and what lies around them, by sorting and counting."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from fractions import Fraction

from oracle import answers, intervals, orders, periods
from oracle.answers import Answer

SO_OFTEN = {"all": 1, "2_orders": 2, "3_orders": 3, "4_orders": 4, "5_or_more_orders": 5}
Values = Mapping[orders.Id, Sequence[Fraction]]


def _inside(log: orders.Log, period: periods.Period) -> dict[orders.Id, list[orders.Purchase]]:
    return orders.by_customer(p for p in log.purchases if p.placed_on in period)


def median_order_value(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    if not log.amounts_known:
        return answers.unknown()
    own = {
        customer: [orders.revenue_of([purchase]) for purchase in purchases]
        for customer, purchases in _inside(log, period).items()
    }
    if not own:
        return answers.unknown()
    z = intervals.z(log.settings.confidence_percent)
    return _trimmed_mean(own, z) if segment == "trimmed" else _median(own, z)


def _median(own: Values, z: float) -> Answer:
    values = sorted(value for some in own.values() for value in some)
    middle = statistics.median(values)
    low, high = _at_ranks(values, _reach(own, middle, z))
    behind = {customer: Fraction(sum(some)) for customer, some in own.items()}
    return Answer(Fraction(middle), len(values), low, high, behind=behind)


def _at_ranks(values: Sequence[Fraction], reach: float | None) -> intervals.Interval:
    """Return the values so many ranks before and behind the middle one."""
    if reach is None:
        return intervals.NONE
    n = len(values)
    low, high = math.floor(n / 2 - reach + 0.5), math.floor(n / 2 + reach + 0.5) + 1
    if low < 1 or high > n:
        return intervals.NONE
    return float(values[low - 1]), float(values[high - 1])


def _reach(own: Values, middle: Fraction, z: float) -> float | None:
    """Return how many ranks the range reaches, more of them where a customer's orders are alike."""
    n = sum(len(some) for some in own.values())
    if all(len(some) == 1 for some in own.values()):
        return None if n == 1 else z * math.sqrt(n) / 2
    if len(own) == 1:
        return None
    sides = {c: [_side(value, middle) for value in some] for c, some in own.items()}
    mean = sum(side for some in sides.values() for side in some) / n
    apart = sum((side - mean) ** 2 for some in sides.values() for side in some)
    together = sum(sum(side - mean for side in some) ** 2 for some in sides.values())
    alike = max(Fraction(1), together / apart) if apart else Fraction(1)
    at_most = sum(len(some) ** 2 for some in own.values())
    return intervals.wider(z, len(own)) * math.sqrt(min(n * alike, at_most)) / 2


def _side(value: Fraction, middle: Fraction) -> Fraction:
    return Fraction((value > middle) - (value < middle), 2)


def _trimmed_mean(own: Values, z: float) -> Answer:
    """Return the mean of the middle eight tenths; an order on a border counts in part."""
    values = sorted(value for some in own.values() for value in some)
    n = len(values)
    tenth = Fraction(n, 10)
    total = Fraction(0)
    for number, value in enumerate(values):
        inside = min(Fraction(number + 1), n - tenth) - max(Fraction(number), tenth)
        total += max(Fraction(0), inside) * value
    mean = total / (n - 2 * tenth)
    lowest, highest = values[math.floor(tenth)], values[math.ceil(n - tenth) - 1]
    cut = {
        customer: (
            sum((min(max(value, lowest), highest) for value in some), Fraction(0)),
            Fraction(len(some)),
        )
        for customer, some in own.items()
    }
    found = answers.ratio(cut, reach=z)
    if found.high is None or found.value is None:
        return Answer(mean, n)
    half = (found.high - float(found.value)) / 0.8
    return Answer(mean, n, max(0.0, float(mean) - half), float(mean) + half)


def median_orders_per_customer(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    counts = {customer: Fraction(len(own)) for customer, own in _inside(log, period).items()}
    if not counts:
        return answers.unknown()
    values = sorted(counts.values())
    z = intervals.z(log.settings.confidence_percent)
    low, high = _at_ranks(values, z * math.sqrt(len(values)) / 2)
    return Answer(Fraction(statistics.median(values)), len(values), low, high, behind=counts)


def one_time_customer_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    so_often = {
        customer: min(len(own), 5) == SO_OFTEN[segment]
        for customer, own in _inside(log, period).items()
    }
    return answers.share(so_often, reach=intervals.z(log.settings.confidence_percent))
