"""Yardsticks of a forecast: total, deciles, ranking, deviance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kohorte.models.arrays import Array, Truth


@dataclass(frozen=True)
class Decile:
    """A tenth of the customers by what was foretold: how many, and the means of both."""

    customers: int
    foretold: float
    actual: float


def error_percent(foretold: Array, actual: Array) -> float | None:
    """Return how far the sum lies off, in percent of what came; None if nothing came.

    Examples
    --------
    >>> error_percent(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    50.0
    """
    came = float(actual.sum())
    return 100 * (float(foretold.sum()) - came) / came if came else None


def deviance(foretold: Array, actual: Array) -> float:
    """Return the mean Poisson deviance, 2 · Σ (y ln(y/μ) − (y − μ)) / n; the smaller the better.

    It judges how many purchases each customer was given, and cannot be bettered by giving all the
    same or by leaving out who is hard to foretell.

    Examples
    --------
    >>> deviance(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    0.0
    """
    if not len(actual):
        return 0.0
    mean = np.maximum(foretold, 1e-6)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(actual > 0, actual * np.log(actual / mean), 0.0)
    return float(2 * np.mean(gain - (actual - mean)))


def mean_absolute_error(foretold: Array, actual: Array) -> float:
    """Return by how many purchases a forecast is off on average."""
    return float(np.mean(np.abs(foretold - actual))) if len(actual) else 0.0


def deciles(foretold: Array, actual: Array) -> tuple[Decile, ...]:
    """Return customers in ten groups of equal size, those of whom least was expected first.

    Examples
    --------
    >>> deciles(np.arange(20.0), np.arange(20.0))[9]
    Decile(customers=2, foretold=18.5, actual=18.5)
    """
    order = np.argsort(foretold, kind="stable")
    return tuple(
        Decile(len(part), float(foretold[part].mean()), float(actual[part].mean()))
        for part in np.array_split(order, 10)
        if len(part)
    )


def area(score: Array, came: Truth) -> float | None:
    """Return the chance that who came had the higher score than who did not, ties counting half.

    The area under the ROC curve; 0.5 is a coin. None if all or none came.

    Examples
    --------
    >>> area(np.array([3.0, 1.0, 2.0]), np.array([True, False, False]))
    1.0
    """
    with_it = int(np.count_nonzero(came))
    without = len(came) - with_it
    if not with_it or not without:
        return None
    ranks = mid_ranks(score)
    return float((ranks[came].sum() - with_it * (with_it + 1) / 2) / (with_it * without))


@dataclass(frozen=True)
class Difference:
    """How much better one score ranks than another, with its standard error."""

    value: float
    error: float

    def is_behind(self, z: float) -> bool:
        """Return whether the first score ranks worse, by more than chance."""
        return self.value + z * self.error < 0


def area_difference(first: Array, second: Array, came: Truth) -> Difference | None:
    """Return the difference of two areas under the ROC curve of the same customers.

    By DeLong's placements: for everybody who came the share of those who did not that they outrank,
    and the other way round; the variances of the differences of both add up.

    Notes
    -----
    Source: DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44(3); Sun & Xu (2014).
    """
    with_it = int(np.count_nonzero(came))
    without = len(came) - with_it
    if with_it < 2 or without < 2:
        return None
    above, below = (
        one - other
        for one, other in zip(_placements(first, came), _placements(second, came), strict=True)
    )
    variance = above.var(ddof=1) / with_it + below.var(ddof=1) / without
    return Difference(float(above.mean()), math.sqrt(float(variance)))


def _placements(score: Array, came: Truth) -> tuple[Array, Array]:
    ranks = mid_ranks(score)
    above = ranks[came] - mid_ranks(score[came])
    below = ranks[~came] - mid_ranks(score[~came])
    return above / np.count_nonzero(~came), 1 - below / np.count_nonzero(came)


def mid_ranks(values: Array) -> Array:
    """Return ranks from 1, equal values sharing the mean of theirs.

    Examples
    --------
    >>> mid_ranks(np.array([5.0, 1.0, 5.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place.reshape(-1)])
