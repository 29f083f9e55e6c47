"""The numbers of a question: what its answers come to, plain and weighted, each variant under its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from kohorte import intervals
from kohorte.errors import SettingError
from kohorte.intervals import Estimate
from kohorte.language import Text
from kohorte.metrics import voices
from kohorte.models.arrays import Array
from kohorte.results import Unit
from kohorte.surveys import scales
from kohorte.surveys.scales import Scale

Question = Literal["nps", "csat", "ces"]
QUESTIONS: tuple[Question, ...] = ("nps", "csat", "ces")
NPS = Scale(0, 10)
_PROMOTERS, _DETRACTORS = 9, 6

NAMES: dict[str, Text] = {
    "nps": Text(de="NPS", en="NPS"),
    "promoters": Text(de="Promotoren", en="Promoters"),
    "detractors": Text(de="Kritiker", en="Detractors"),
    "csat": Text(de="CSAT, zufriedene Kunden", en="CSAT, satisfied customers"),
    "csat_mean": Text(de="Mittelwert", en="Mean"),
    "index": Text(de="CES-Index, Anteil am höchsten Wert", en="CES index, share of the highest"),
    "normalized": Text(de="CES von 0 bis 100", en="CES from 0 to 100"),
    "mean": Text(de="CES 2.0, Mittelwert", en="CES 2.0, mean"),
    "top_box": Text(de="Leicht (oberes Drittel)", en="Easy (upper third)"),
    "net_easy": Text(de="Leicht weniger mühsam", en="Net easy: easy less hard"),
}
_UNITS: dict[str, Unit] = {
    "nps": "points",
    "promoters": "percent",
    "detractors": "percent",
    "csat": "percent",
    "csat_mean": "ratio",
    "index": "percent",
    "normalized": "points",
    "mean": "ratio",
    "top_box": "percent",
    "net_easy": "points",
}


@dataclass(frozen=True)
class Score:
    """One number of a question.

    Parameters
    ----------
    slug, name, unit
        The variant, what it is called, and what it is in.
    plain
        Every answer counted once, with its range.
    weighted
        By the weights; None without any.
    """

    slug: str
    name: Text
    unit: Unit
    plain: Estimate
    weighted: Estimate | None = None


def tally(scores: ArrayLike, scale: Scale, weights: Array | None = None) -> Array:
    """Return how many chose each score, the worst first; weighted ones sum to their effective number.

    With weights w that number is Kish's (Σw)² / Σw²: so many answers of equal weight are as sure.

    Raises
    ------
    SettingError
        A score is not on the scale.

    Examples
    --------
    >>> tally([1, 3, 3], Scale(1, 3)).tolist(), tally([1, 3], Scale(1, 3), np.array([1.0, 3.0])).round(1).tolist()
    ([1.0, 0.0, 2.0], [0.4, 0.0, 1.2])
    """
    told = np.asarray(scores, dtype=float)
    off = (told < scale.lowest) | (told > scale.highest) | (told != np.floor(told))
    if off.any():
        raise SettingError(
            "The score {score} is not on the scale from {lowest} to {highest}.",
            score=f"{told[off][0]:g}",
            lowest=scale.lowest,
            highest=scale.highest,
        )
    places = told - scale.lowest if scale.good == "high" else scale.highest - told
    counts = np.bincount(places.astype(int), weights=weights, minlength=scale.options).astype(float)
    if weights is None or not len(told):
        return counts
    return counts * weights.sum() / (weights**2).sum()  # type: ignore[no-any-return]


def headline(question: Question, variant: scales.Variant) -> str:
    """Return the slug of a question's first number; only effort has several to choose from."""
    return variant if question == "ces" else question


def of(
    question: Question,
    counts: Array,
    *,
    variant: scales.Variant = "index",
    top: int | None = None,
    confidence_percent: float = 95,
) -> dict[str, Estimate]:
    """Return the numbers of a question, the headline first.

    NPS: promoters (9, 10) less detractors (0 to 6), adjusted Wald; CSAT: the share of the best scores
    by Wilson, the upper quarter of the scale unless said (4 and 5 of 5); CES in all its variants. Sources:
    Rocks 2016, The American Statistician 70; Wilson 1927, JASA 22.

    Parameters
    ----------
    counts
        As `tally` gives them.
    variant
        Of effort: the one that is the headline.
    top
        How many of the best scores count as satisfied.

    Examples
    --------
    >>> found = of("nps", tally([10] * 5 + [8] * 3 + [2] * 2, NPS))
    >>> {slug: round(each.value, 1) for slug, each in found.items()}
    {'nps': 30.0, 'promoters': 50.0, 'detractors': 20.0}
    """
    n, z = float(counts.sum()), intervals.quantile(confidence_percent)
    told = [float(count) for count in counts]
    if question == "nps":
        up, down = sum(told[_PROMOTERS:]), sum(told[: _DETRACTORS + 1])
        return {
            "nps": voices.net_promoter_score(up / n, down / n, n=n, z=z),
            "promoters": intervals.share(up, n, z=z).times(100),
            "detractors": intervals.share(down, n, z=z).times(100),
        }
    if question == "csat":
        best = top or _best(len(told))
        return {
            "csat": intervals.share(sum(told[-best:]), n, z=z).times(100),
            "csat_mean": scales.of_counts(
                told, variant="mean", confidence_percent=confidence_percent
            ),
        }
    order = [variant, *(each for each in scales.VARIANTS if each != variant)]
    return {
        each: scales.of_counts(told, variant=each, confidence_percent=confidence_percent)
        for each in order
    }


def _best(options: int) -> int:
    """Return how many scores are the upper quarter of a scale: 2 of 5, 3 of 10."""
    return sum(place >= 0.75 * (options - 1) for place in range(options))


def both(plain: dict[str, Estimate], weighted: dict[str, Estimate] | None) -> tuple[Score, ...]:
    """Return the numbers of a question with their names, plain beside weighted."""
    return tuple(
        Score(slug, NAMES[slug], _UNITS[slug], found, weighted[slug] if weighted else None)
        for slug, found in plain.items()
    )


def spread(question: Question, counts: Array, *, top: int | None = None) -> float:
    """Return the variance of one answer's part in the headline, in units of the whole span.

    Of the NPS that is the variance of 1, 0 and −1; of a share p (1 − p); of effort that of its mean between
    0 and 1.

    Examples
    --------
    >>> round(spread("nps", tally([10] * 5 + [8] * 3 + [2] * 2, NPS)), 2)
    0.61
    """
    shares = counts / counts.sum()
    places = np.arange(len(counts), dtype=float)
    if question == "nps":
        values = np.where(places >= _PROMOTERS, 1.0, np.where(places <= _DETRACTORS, -1.0, 0.0))
    elif question == "csat":
        values = (places >= len(counts) - (top or _best(len(counts)))).astype(float)
    else:
        values = places / (len(counts) - 1)
    mean = float(shares @ values)
    return float(shares @ (values - mean) ** 2)
