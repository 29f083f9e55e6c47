"""Whether a score foretells that customers come again, beyond what their purchases tell already.

Satisfied customers come again; but those who buy often are also satisfied, and then the score says nothing
new. So recency, frequency and value stand beside it, and "no evidence in your data" is an answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kohorte.errors import TooLittleError
from kohorte.intervals import Estimate, quantile
from kohorte.models.arrays import Array, Whole
from kohorte.surveys import logistic
from kohorte.validate.measures import area, area_difference

FOLDS = 10
_LEAST = 50


@dataclass(frozen=True)
class Foretelling:
    """What a score adds to what purchases tell.

    Parameters
    ----------
    n, came
        Customers who answered, and how many of them ordered again in time.
    odds
        By how much the odds of coming again change with one standard deviation of the score, the
        purchases being equal; 1 is not at all.
    ranking_without
        Chance in percent that a customer who came again is ranked above one who did not by purchases
        alone, for customers that the regression has not seen; 50 is a coin.
    gain
        By how many points the score betters that (DeLong).
    """

    n: int
    came: int
    odds: Estimate
    ranking_without: float
    gain: Estimate

    @property
    def is_evidence(self) -> bool:
        """Whether the score says more than chance, also of customers that were not learned from."""
        low, high = self.odds.low, self.odds.high
        beyond = low is not None and high is not None and not low <= 1 <= high
        return beyond and (self.gain.value or 0.0) > 0


def again(
    score: ArrayLike,
    came: ArrayLike,
    purchases: Mapping[str, ArrayLike],
    *,
    confidence_percent: float = 95,
    seed: int = 1,
) -> Foretelling:
    """Return whether a score foretells who orders again within some days of the answer.

    Logistic regression on score and purchases, all standardized; rankings by ten-fold cross-validation.

    Parameters
    ----------
    came
        Whether each customer ordered again in time, for those whose time is over.
    purchases
        What was known when they answered: recency, frequency, value; skewed ones best as logarithms.

    Raises
    ------
    TooLittleError
        Fewer than 50 came again, or did not, or all gave the same score.

    Examples
    --------
    >>> chance = np.random.default_rng(1)
    >>> orders = chance.poisson(2.0, 1500)
    >>> score = chance.integers(0, 11, 1500)
    >>> came = chance.random(1500) < 0.1 + 0.05 * np.minimum(orders, 5) + 0.03 * score
    >>> again(score, came, {"orders": orders}).is_evidence
    True
    """
    answers = np.asarray(score, dtype=float)
    yes = np.asarray(came, dtype=float)
    if min(yes.sum(), (1 - yes).sum()) < _LEAST or answers.std() == 0:
        raise TooLittleError(
            "Fewer than {least} of those who answered came again, or did not, or all answered alike.",
            reason="few_answers",
            least=_LEAST,
        )
    known = [np.asarray(values, dtype=float) for values in purchases.values()]
    without = np.stack([_standard(v) for v in known if v.std() > 0] or [np.zeros(len(yes))], axis=1)
    facts = np.column_stack([_standard(answers), without])
    fitted = logistic.fit(facts, yes)
    slope, error = float(fitted.slopes[0]), float(fitted.errors[0])
    z = quantile(confidence_percent)
    reach = z * error
    odds = Estimate(math.exp(slope), math.exp(slope - reach), math.exp(slope + reach))
    folds = np.random.default_rng(seed).permutation(len(yes)) % FOLDS
    ranked, ranked_without = (_unseen(each, yes, folds) for each in (facts, without))
    gain = area_difference(ranked, ranked_without, yes > 0)
    return Foretelling(
        len(yes),
        int(yes.sum()),
        odds,
        100 * (area(ranked_without, yes > 0) or 0.0),
        Estimate(None)
        if gain is None
        else Estimate(gain.value, gain.value - z * gain.error, gain.value + z * gain.error).times(
            100
        ),
    )


def _standard(values: Array) -> Array:
    return (values - values.mean()) / values.std()  # type: ignore[no-any-return]


def _unseen(facts: Array, yes: Array, folds: Whole) -> Array:
    """Return the chances that regressions on the other folds give to each fold."""
    chances = np.empty(len(yes))
    for fold in range(FOLDS):
        held = folds == fold
        fitted = logistic.fit(facts[~held], yes[~held], ridge=1e-3)
        chances[held] = fitted.chance(facts[held])
    return chances
