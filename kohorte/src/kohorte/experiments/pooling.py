"""Repeated trials as one: what small shops can prove by mailing with a control group again and again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.errors import TooLittleError
from kohorte.intervals import Estimate, quantile
from kohorte.student import student


@dataclass(frozen=True)
class Pooled:
    """The mean effect of repeated trials.

    Parameters
    ----------
    trials
        How many.
    mean
        The mean of the effects that such trials have.
    next_one
        Where the effect of one more such trial lies; empty with two trials.
    between
        The standard deviation of effects from trial to trial, beyond chance.
    varying_percent
        I²: how much of what the results differ by is not chance.
    """

    trials: int
    mean: Estimate
    next_one: Estimate
    between: float
    varying_percent: float


def pool(
    effects: Sequence[float], errors: Sequence[float], *, confidence_percent: float = 95
) -> Pooled:
    """Return the mean of effects by a random-effects model.

    The spread between trials is DerSimonian and Laird's, the interval of the mean that of Hartung,
    Knapp, Sidik and Jonkman, never narrower than by the errors alone; Student's t at k − 1 degrees,
    for the next trial at k − 2. Sources: DerSimonian, Laird 1986, Controlled Clinical Trials 7;
    IntHout, Ioannidis, Borm 2014, BMC Medical Research Methodology 14; Higgins, Thompson,
    Spiegelhalter 2009, JRSS A 172.

    Raises
    ------
    TooLittleError
        There are fewer than two trials with an effect and an error.

    Examples
    --------
    >>> effects = [0.095, 0.277, 0.367, 0.664, 0.462, 0.185]
    >>> errors = [variance ** 0.5 for variance in (0.033, 0.031, 0.050, 0.011, 0.043, 0.023)]
    >>> found = pool(effects, errors)
    >>> round(found.mean.value, 3), round(found.between**2, 3), round(found.varying_percent, 1)
    (0.358, 0.036, 57.4)
    """
    known = [(y, e) for y, e in zip(effects, errors, strict=True) if e > 0 and math.isfinite(y)]
    count = len(known)
    if count < 2:
        raise TooLittleError("It takes two trials at least to pool them.", reason="one_trial")
    weights = [1 / error**2 for _effect, error in known]
    fixed = _mean(known, weights)
    q = sum(w * (y - fixed) ** 2 for w, (y, _e) in zip(weights, known, strict=True))
    scale = sum(weights) - sum(w * w for w in weights) / sum(weights)
    between = math.sqrt(max(0.0, (q - (count - 1)) / scale))
    weights = [1 / (error**2 + between**2) for _effect, error in known]
    mean = _mean(known, weights)
    spread = sum(w * (y - mean) ** 2 for w, (y, _e) in zip(weights, known, strict=True))
    variance = max(1.0, spread / (count - 1)) / sum(weights)
    z = quantile(confidence_percent)
    half = student(z, count - 1) * math.sqrt(variance)
    next_one = Estimate(mean)
    if count > 2:
        reach = student(z, count - 2) * math.sqrt(between**2 + variance)
        next_one = Estimate(mean, mean - reach, mean + reach)
    varying = 100 * max(0.0, (q - (count - 1)) / q) if q > 0 else 0.0
    return Pooled(count, Estimate(mean, mean - half, mean + half), next_one, between, varying)


def _mean(known: Sequence[tuple[float, float]], weights: Sequence[float]) -> float:
    pairs = zip(weights, known, strict=True)
    return sum(w * y for w, (y, _e) in pairs) / sum(weights)
