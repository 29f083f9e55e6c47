"""Four kinds of numbers, each made from what every single customer brings to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from oracle import intervals, orders

Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Answer:
    """A number with its interval, and what each customer brings to its numerator.

    `observed` is False where the customers have not been observed long enough.
    """

    value: Fraction | None
    n: int
    low: float | None = None
    high: float | None = None
    observed: bool = True
    behind: Mapping[orders.Id, Fraction] = field(default_factory=dict)


def share(
    events: Mapping[orders.Id, bool], *, reach: float, scale: int = 100, observed: bool = True
) -> Answer:
    """Return the share of customers for whom the event is true, with Wilson's interval."""
    n = len(events)
    successes = sum(events.values())
    behind = {customer: Fraction(happened) for customer, happened in events.items()}
    if n == 0:
        return Answer(None, 0, observed=observed, behind=behind)
    low, high = _scaled(intervals.wilson(successes, n, reach=reach), scale)
    return Answer(Fraction(successes * scale, n), n, low, high, observed, behind)


def mean(values: Mapping[orders.Id, Fraction], *, reach: float, floor: float = 0.0) -> Answer:
    """Return the mean over customers; its interval ends at the floor."""
    n = len(values)
    if n == 0:
        return Answer(None, 0)
    low, high = intervals.mean(list(values.values()), reach=reach, floor=floor)
    return Answer(sum(values.values()) / Fraction(n), n, low, high, behind=values)


def ratio(pairs: Mapping[orders.Id, Pair], *, reach: float) -> Answer:
    """Return Σy / Σo over the customers' pairs (y, o); n is Σo, a number of orders."""
    above = sum((y for y, _ in pairs.values()), Fraction(0))
    below = sum((o for _, o in pairs.values()), Fraction(0))
    behind = {customer: y for customer, (y, _) in pairs.items()}
    if below == 0:
        return Answer(None, 0, behind=behind)
    low, high = intervals.ratio(list(pairs.values()), reach=reach)
    return Answer(above / below, int(below), low, high, behind=behind)


def census(value: Fraction | int | None, n: int) -> Answer:
    """Return a plain sum or count: nothing is estimated, so there is no interval."""
    return Answer(None if value is None else Fraction(value), n)


def unknown() -> Answer:
    """Return the answer to a question that the data cannot answer: no value, of nobody."""
    return Answer(None, 0)


def _scaled(interval: intervals.Interval, scale: int) -> intervals.Interval:
    low, high = interval
    return (None if low is None else low * scale, None if high is None else high * scale)
