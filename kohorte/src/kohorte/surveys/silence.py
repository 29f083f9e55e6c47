"""Those who did not answer: how they differ, and what the score would be if all had answered alike.

Who answers is not who buys. The difference is shown in standard deviations of what is known of all who
were asked, and each answer weighed by how rarely customers like that one answer. Weights repair only what
is known; whether the silent are angrier, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kohorte.errors import TooLittleError
from kohorte.models.arrays import Array, Truth
from kohorte.surveys import logistic

# Beyond a tenth of a standard deviation a difference is worth a word (Austin 2009).
NOTABLE = 0.1
# No answer stands for more than this many times the median one.
TRIM = 5.0
_LEAST = 20


@dataclass(frozen=True, eq=False)
class Silence:
    """Who answered, against all who were asked.

    Parameters
    ----------
    asked, answered
        Customers.
    differences
        By fact: mean of those who answered less mean of the others, in standard deviations.
    left
        The same after weighing; what is still notable the weights could not repair.
    weights
        Of the answers in their order; their mean is 1.
    effective
        As many answers of equal weight would be as sure: (Σw)² / Σw² (Kish 1965).
    """

    asked: int
    answered: int
    differences: Mapping[str, float]
    left: Mapping[str, float]
    weights: Array
    effective: float

    @property
    def rate_percent(self) -> float:
        """How many of those asked answered."""
        return 100 * self.answered / self.asked

    @property
    def notable(self) -> list[str]:
        """The facts in which those who answered differ notably from those who did not."""
        return [name for name, value in self.differences.items() if abs(value) > NOTABLE]


def weigh(answered: ArrayLike, facts: Mapping[str, ArrayLike]) -> Silence:
    """Return who answered and the weights of their answers.

    The chance to answer is a logistic regression on the facts, standardized; a weight is its inverse, cut
    at five times the median and scaled to a mean of 1. Sources: Little 1986, International Statistical
    Review 54; Austin 2009, Statistics in Medicine 28.

    Parameters
    ----------
    answered
        For each customer who was asked, whether an answer came.
    facts
        What is known of each of them: recency, frequency, value, tenure, as numbers.

    Raises
    ------
    TooLittleError
        Fewer than 20 answered or did not, so nothing can be weighed.

    Examples
    --------
    >>> chance = np.random.default_rng(1)
    >>> orders = chance.poisson(2.0, 2000)
    >>> came = chance.random(2000) < 0.1 + 0.1 * (orders > 2)
    >>> found = weigh(came, {"orders": orders})
    >>> found.notable, round(found.left["orders"], 2)
    (['orders'], -0.02)
    """
    came = np.asarray(answered, dtype=bool)
    table = {name: np.asarray(values, dtype=float) for name, values in facts.items()}
    if came.sum() < _LEAST or (~came).sum() < _LEAST:
        raise TooLittleError(
            "Fewer than {least} customers answered, or did not: too few to weigh the answers.",
            reason="few_answers",
            least=_LEAST,
        )
    spread = {name: _deviation(values) for name, values in table.items()}
    known = {name: values for name, values in table.items() if spread[name] > 0}
    ones = np.ones(int(came.sum()))
    before = {name: _apart(values, came, ones) for name, values in known.items()}
    if not known:
        return Silence(len(came), int(came.sum()), before, before, ones, float(len(ones)))
    design = np.stack(
        [(values - values.mean()) / spread[name] for name, values in known.items()], axis=1
    )
    fitted = logistic.fit(design, came.astype(float), ridge=1.0)
    weights = 1 / np.maximum(fitted.chance(design[came]), 1e-6)
    weights = np.minimum(weights, TRIM * float(np.median(weights)))
    weights = weights / weights.mean()
    after = {name: _against_all(values, came, weights) for name, values in known.items()}
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    return Silence(len(came), int(came.sum()), before, after, weights, effective)


def _deviation(values: Array) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


def _apart(values: Array, came: Truth, weights: Array) -> float:
    mean = float(np.average(values[came], weights=weights))
    return (mean - float(values[~came].mean())) / _deviation(values)


def _against_all(values: Array, came: Truth, weights: Array) -> float:
    """Return how far the weighted answers still lie from all who were asked."""
    mean = float(np.average(values[came], weights=weights))
    return (mean - float(values.mean())) / _deviation(values)
