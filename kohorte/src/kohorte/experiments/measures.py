"""What a trial is judged by, declared before it starts, and each arm's reading of it.

A measure is a mean per customer (orders, revenue) or a ratio of two means (revenue per order). What was
known of a customer before the start (the same measure over the same length of time) may steady it:
CUPED takes out of the difference what the arms differed by beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np

from kohorte.experiments.arms import Arm
from kohorte.models.arrays import Array


@dataclass(frozen=True)
class Measure:
    """What a trial is judged by.

    Parameters
    ----------
    name
        The measured value, or the numerator of a ratio.
    per
        The denominator of a ratio; None for a mean per customer.
    before, before_per
        The same before the start, by which CUPED steadies the reading.
    kind
        A share of customers, a count, or an amount of money in major units.
    better
        Which way is good.
    """

    name: str
    per: str | None = None
    before: str | None = None
    before_per: str | None = None
    kind: Literal["share", "count", "money"] = "count"
    better: Literal["more", "less"] = "more"


@dataclass(frozen=True)
class Reading:
    """What one arm says: a value and its variance.

    `raw` is the value as it was counted; `value` is steadied by what was known before.
    """

    n: int
    value: float
    variance: float
    raw: float


@dataclass(frozen=True)
class Readings:
    """All arms' readings of a measure.

    Parameters
    ----------
    arms
        By arm.
    steadied_percent
        By how much CUPED lowered the variance; None without anything known before.
    """

    arms: Mapping[str, Reading]
    steadied_percent: float | None


@dataclass(frozen=True, eq=False)
class Line:
    """An arm's reading as a sum over what was measured of each customer.

    `weights` are those whose sum of squares and products with the covariances is n times the variance.
    """

    raw: float
    value: float
    weights: Array


def read(arms: Mapping[str, Arm], measure: Measure) -> Readings:
    """Return what every arm says about a measure.

    A ratio R = ȳ / d̄ counts as the mean of (y − R d) / d̄ (delta method); with a value x known before,
    the reading is ȳ − θ (x̄ − x̄ of all arms), θ = cov(y, x) / var(x) within the arms together. Sources:
    Deng, Xu, Kohavi, Walker 2013, WSDM (CUPED); Deng, Knoblich, Lu 2018, KDD (ratios).

    Examples
    --------
    >>> arms = {
    ...     "control": Arm.of_customers({"orders": [0, 1, 1, 2], "before": [0, 1, 1, 2]}),
    ...     "mail": Arm.of_customers({"orders": [1, 3, 2, 3], "before": [0, 1, 2, 2]}),
    ... }
    >>> found = read(arms, Measure("orders", before="before"))
    >>> [round(one.value, 3) for one in found.arms.values()], round(found.steadied_percent)
    ([1.099, 2.151], 62)
    """
    readings = {
        name: Reading(arms[name].n, line.value, _variance(arms[name], line.weights), line.raw)
        for name, line in lines(arms, measure).items()
    }
    if measure.before is None:
        return Readings(readings, None)
    plain = sum(_variance(arm, _line(arm, measure.name, measure.per)) for arm in arms.values())
    steadied = sum(one.variance for one in readings.values())
    return Readings(readings, 100 * (1 - steadied / plain) if plain > 0 else None)


def lines(arms: Mapping[str, Arm], measure: Measure) -> dict[str, Line]:
    """Return how every arm's reading follows from what was measured."""
    found = {}
    for name, arm in arms.items():
        raw = _value(arm, measure.name, measure.per)
        found[name] = Line(raw, raw, _line(arm, measure.name, measure.per))
    if measure.before is None:
        return found
    whole = _together(arms)
    # The arms had not parted yet, so what was before is one line for all of them.
    before = _line(whole, measure.before, measure.before_per)
    theta = _slope(arms, found, before)
    return {
        name: Line(
            line.raw,
            line.raw - theta * float(before @ (arms[name].means - whole.means)),
            line.weights - theta * before,
        )
        for name, line in found.items()
    }


def _variance(arm: Arm, weights: Array) -> float:
    return max(0.0, float(weights @ arm.covariances @ weights)) / max(arm.n, 1)


def _together(arms: Mapping[str, Arm]) -> Arm:
    return reduce(Arm.with_, arms.values())


def _value(arm: Arm, name: str, per: str | None) -> float:
    top = arm.mean(name)
    if per is None:
        return top
    below = arm.mean(per)
    return top / below if below else float("nan")


def _line(arm: Arm, name: str, per: str | None) -> Array:
    """Return the weights with which measured values sum to a customer's part in a reading."""
    line = np.zeros(len(arm.names))
    line[arm.place(name)] = 1.0
    if per is not None:
        below = arm.mean(per)
        if below:
            line[arm.place(per)] = -arm.mean(name) / below
            line /= below
    return line


def _slope(arms: Mapping[str, Arm], found: Mapping[str, Line], before: Array) -> float:
    """Return by how much a reading rises with what was known before, within the arms."""
    both = own = 0.0
    for name, arm in arms.items():
        both += max(arm.n - 1, 0) * float(found[name].weights @ arm.covariances @ before)
        own += max(arm.n - 1, 0) * float(before @ arm.covariances @ before)
    return both / own if own > 0 else 0.0
