"""A benefit that nobody may be refused, begun at a day drawn by lot: waves against those still to come.

Every customer gets it in the end, so nobody is held back; but the day on which it begins is random, and
until then a customer is the control of those who have begun. What is estimated is the mean effect per
customer and period under way.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.experiments.arms import Arm
from kohorte.experiments.ends import End
from kohorte.intervals import Estimate
from kohorte.models.arrays import Array


@dataclass(frozen=True)
class Waves:
    """The mean effect per customer and period of a benefit that began in waves.

    `customers` are those of all waves; `periods` those in which some had begun and others not, the only
    ones that can be compared.
    """

    effect: Estimate
    error: float
    customers: int
    periods: int


def effect(waves: Mapping[int, Arm], *, end: End) -> Waves:
    """Return the effect of a benefit whose beginning was drawn by lot.

    Each wave is an `Arm` whose measured values are the periods in their order, and its key the number of
    the period in which it begins (0 is the first). Within every period those under way are compared with
    those still to come; the comparisons are put together with weights n₁n₀/(n₁ + n₀), as a regression on
    periods and treatment does, and the variance is that of each customer's whole course, so that what a
    customer does in two periods is not counted as two proofs. Source: Hussey and Hughes 2007,
    Contemporary Clinical Trials 28; robust as in Liang and Zeger 1986, Biometrika 73.

    Raises
    ------
    TooLittleError
        There is no period in which some have begun and others have not.

    Examples
    --------
    >>> from kohorte.experiments.ends import Fixed
    >>> early = Arm.of_customers({"1": [0, 1, 2, 1] * 25, "2": [1, 2, 3, 2] * 25, "3": [1, 2, 3, 2] * 25})
    >>> late = Arm.of_customers({"1": [0, 1, 2, 1] * 25, "2": [0, 1, 2, 1] * 25, "3": [1, 2, 3, 2] * 25})
    >>> found = effect({1: early, 2: late}, end=Fixed())
    >>> round(found.effect.value, 2), found.periods
    (1.0, 1)
    """
    periods = len(next(iter(waves.values())).names)
    lines = {start: np.zeros(periods) for start in waves}
    compared, weight = 0, 0.0
    for period in range(periods):
        begun = sum(arm.n for start, arm in waves.items() if start <= period)
        waiting = sum(arm.n for start, arm in waves.items() if start > period)
        if not begun or not waiting:
            continue
        here = begun * waiting / (begun + waiting)
        for start, arm in waves.items():
            share = arm.n / begun if start <= period else -arm.n / waiting
            lines[start][period] = here * share
        compared, weight = compared + 1, weight + here
    if not compared:
        raise TooLittleError(
            "There is no period in which some have begun and others have not.", reason="no_overlap"
        )
    value = sum(float(lines[start] @ arm.means) for start, arm in waves.items()) / weight
    variance = sum(_variance(lines[start] / weight, arm) for start, arm in waves.items())
    customers = sum(arm.n for arm in waves.values())
    error = math.sqrt(variance)
    half = end.multiple(customers, degrees=customers - len(waves)) * error
    return Waves(Estimate(value, value - half, value + half), error, customers, compared)


def _variance(line: Array, arm: Arm) -> float:
    return max(0.0, float(line @ arm.covariances @ line)) / max(arm.n, 1)
