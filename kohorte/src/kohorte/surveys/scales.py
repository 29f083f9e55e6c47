"""Answers into scores: each variant has a name, and no two are ever mixed.

"Effort" alone is no measure: the same answers give 71 as a share of the highest score, 67 between the
ends, 43 as easy less hard. So a variant is chosen once per question and stands beside its number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kohorte import intervals
from kohorte.errors import SettingError, TooLittleError
from kohorte.intervals import Estimate
from kohorte.metrics import voices

Variant = Literal["index", "normalized", "mean", "top_box", "net_easy"]
VARIANTS: tuple[Variant, ...] = ("index", "normalized", "mean", "top_box", "net_easy")


@dataclass(frozen=True)
class Scale:
    """The scores that a question offers, and which end is good.

    Parameters
    ----------
    lowest, highest
        Its ends, both of them offered.
    good
        `high` if high scores are good (satisfied, easy), `low` if they are not (effort).

    Raises
    ------
    SettingError
        It offers fewer than two scores.

    Examples
    --------
    >>> Scale(1, 7, good="low").turned(2)
    6
    """

    lowest: int
    highest: int
    good: Literal["high", "low"] = "high"

    def __post_init__(self) -> None:
        if self.highest <= self.lowest:
            raise SettingError("A scale offers two scores at least, the lowest first.")

    @property
    def options(self) -> int:
        """How many scores it offers."""
        return self.highest - self.lowest + 1

    def turned(self, score: int) -> int:
        """Return a score as if high were good."""
        return score if self.good == "high" else self.lowest + self.highest - score

    def counts(self, scores: Sequence[int]) -> list[int]:
        """Return how many chose each score, the worst first.

        Raises
        ------
        SettingError
            A score is not on the scale.
        """
        found = [0] * self.options
        for score in scores:
            if not self.lowest <= score <= self.highest:
                raise SettingError(
                    "The score {score} is not on the scale from {lowest} to {highest}.",
                    score=score,
                    lowest=self.lowest,
                    highest=self.highest,
                )
            found[self.turned(score) - self.lowest] += 1
        return found


def effort(
    scores: Sequence[int], scale: Scale, *, variant: Variant, confidence_percent: float = 95
) -> Estimate:
    """Return the customer effort score of answers in one of its variants.

    With m the mean place on a scale of k options, 1 the hardest:

    `index`
        100 m / k, the mean as a share of the highest score; its floor is 100 / k, not 0.
    `normalized`
        100 (m − 1) / (k − 1), from 0 to 100.
    `mean`
        m itself, as the CES 2.0 of a 7-point agreement is told.
    `top_box`
        The percentage of the upper 3 of 7, or as many as that is of k, rounded; by Wilson.
    `net_easy`
        The percentage of the upper 2 less that of the lower 3 of 7, from −100 to 100.

    Ranges of means as in `voices.mean_on_scale` (Rocks 2016). Sources: Dixon, Freeman, Toman 2010; Dixon,
    Toman, DeLisi 2013.

    Examples
    --------
    >>> scale = Scale(1, 7)
    >>> [round(effort([5, 6, 7, 2], scale, variant=name).value, 1) for name in VARIANTS]
    [71.4, 66.7, 5.0, 75.0, 25.0]
    """
    if not scores:
        raise TooLittleError("Nobody answered.", reason="nobody_answered")
    return of_counts(scale.counts(scores), variant=variant, confidence_percent=confidence_percent)


def of_counts(
    counts: Sequence[float], *, variant: Variant, confidence_percent: float = 95
) -> Estimate:
    """Return the customer effort score of how many chose each score, the worst first.

    Weighted answers are counted so that they sum to their effective number.

    Examples
    --------
    >>> round(of_counts([0, 1, 0, 0, 1, 1, 1], variant="mean").value, 1)
    5.0
    """
    n, k = sum(counts), len(counts)
    z = intervals.quantile(confidence_percent)
    if variant == "top_box":
        return intervals.share(sum(counts[k - _part(3, k) :]), n, z=z).times(100)
    if variant == "net_easy":
        up, down = sum(counts[k - _part(2, k) :]), sum(counts[: _part(3, k)])
        return voices.net_promoter_score(up / n, down / n, n=n, z=z)
    places = range(1, k + 1)
    total = sum(place * count for place, count in zip(places, counts, strict=True))
    squares = sum(place * place * count for place, count in zip(places, counts, strict=True))
    mean = voices.mean_on_scale(n, total=total, squares=squares, ends=(1, k), z=z)
    if variant == "index":
        return mean.times(100 / k)
    return mean if variant == "mean" else mean.plus(-1).times(100 / (k - 1))


def _part(of_seven: int, options: int) -> int:
    """Return as many of the options as these are of seven, one at least."""
    return max(1, math.floor(of_seven * options / 7 + 0.5))
