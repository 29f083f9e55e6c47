"""What a score goes with: how much of it each question explains, fairly shared where they overlap."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from kohorte.errors import SettingError, TooLittleError
from kohorte.intervals import Estimate, quantile
from kohorte.models.arrays import Array

MOST = 10
_RESAMPLES = 200


@dataclass(frozen=True)
class Driver:
    """One question's part in explaining a score.

    Parameters
    ----------
    name
        The question.
    explained
        Its part of R², in points of percent; the parts of all questions sum to R².
    rises
        Whether the score rises with it, other questions being equal.
    """

    name: str
    explained: Estimate
    rises: bool


@dataclass(frozen=True)
class Drivers:
    """The drivers of a score, the strongest first.

    Parameters
    ----------
    n
        Answers without a gap.
    explained_percent
        R²: how much of the score all questions together explain.
    """

    n: int
    explained_percent: float
    drivers: tuple[Driver, ...]


def shapley(
    score: ArrayLike,
    items: Mapping[str, ArrayLike],
    *,
    confidence_percent: float = 95,
    seed: int = 1,
) -> Drivers:
    """Return what each of a few questions explains of a score.

    A question's part is what it adds to R², averaged over all orders in which the questions could be
    added; exactly, over all subsets. Correlated questions so share what they explain together, where
    plain correlations would count it twice and regression coefficients give it to one by chance. The
    range is by bootstrap over the answers. Sources: Lindeman, Merenda, Gold 1980; Grömping 2007, The
    American Statistician 61. What a score goes with need not be what moves it.

    Raises
    ------
    SettingError
        There are no questions, or more than ten: the subsets double with each.
    TooLittleError
        There are fewer than five answers per question, or the score is always the same.

    Examples
    --------
    >>> chance = np.random.default_rng(1)
    >>> delivery, shop = chance.normal(size=(2, 500))
    >>> found = shapley(2 * delivery + shop + chance.normal(size=500), {"shop": shop, "delivery": delivery})
    >>> [(one.name, round(one.explained.value)) for one in found.drivers], round(found.explained_percent)
    ([('delivery', 59), ('shop', 22)], 81)
    """
    if not 1 <= len(items) <= MOST:
        raise SettingError("Drivers are told of one to {most} questions.", most=MOST)
    table = np.stack([np.asarray(score, float), *(np.asarray(v, float) for v in items.values())], 1)
    table = table[np.isfinite(table).all(axis=1)]
    n, k = len(table), len(items)
    if n < 5 * (k + 1) or table[:, 0].std() == 0:
        raise TooLittleError(
            "It takes five answers per question at least, and not all the same.",
            reason="few_answers",
        )
    parts = _parts(np.corrcoef(table, rowvar=False))
    chance = np.random.default_rng(seed)
    drawn = []
    for _ in range(_RESAMPLES):
        sample = table[chance.integers(0, n, n)]
        if (sample.std(axis=0) > 0).all():
            drawn.append(_parts(np.corrcoef(sample, rowvar=False)))
    spread = np.std(drawn, axis=0) if len(drawn) > 1 else np.zeros(k)
    slopes = np.linalg.lstsq(_standard(table[:, 1:]), _standard(table[:, :1]), rcond=None)[0][:, 0]
    z = quantile(confidence_percent)
    found = [
        Driver(
            name,
            Estimate(part, max(0.0, part - z * error), min(1.0, part + z * error)).times(100),
            bool(slope > 0),
        )
        for name, part, error, slope in zip(items, parts, spread, slopes, strict=True)
    ]
    found.sort(key=lambda one: -(one.explained.value or 0.0))
    return Drivers(n, 100 * float(parts.sum()), tuple(found))


def _standard(columns: Array) -> Array:
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)  # type: ignore[no-any-return]


def _parts(correlations: Array) -> Array:
    """Return the parts of R² out of the correlations of score (first) and questions."""
    correlations = np.nan_to_num(correlations)
    k = len(correlations) - 1
    worth: dict[frozenset[int], float] = {frozenset(): 0.0}
    for size in range(1, k + 1):
        for chosen in combinations(range(k), size):
            places = [place + 1 for place in chosen]
            own = correlations[np.ix_(places, places)]
            with_score = correlations[places, 0]
            worth[frozenset(chosen)] = float(
                with_score @ np.linalg.lstsq(own, with_score, rcond=None)[0]
            )
    parts = np.zeros(k)
    for place in range(k):
        others = [other for other in range(k) if other != place]
        for size in range(k):
            share = math.factorial(size) * math.factorial(k - size - 1) / math.factorial(k)
            for chosen in combinations(others, size):
                without = frozenset(chosen)
                parts[place] += share * (worth[without | {place}] - worth[without])
    return parts
