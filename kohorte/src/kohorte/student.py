"""Student's t: how much wider a range is when its width itself comes from few customers."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_MANY = 200
_HALVINGS = 60


@lru_cache(maxsize=4096)
def student(z: float, degrees: int) -> float:
    """Return Student's quantile with the coverage of the normal quantile `z`.

    Up to 200 degrees of freedom by halving on the exact probability (Abramowitz and Stegun 26.7.3
    and 26.7.4), beyond by the expansion of Cornish and Fisher, which is exact to nine digits there.

    >>> [round(student(1.959964, degrees), 3) for degrees in (1, 2, 9, 30, 1000)]
    [12.706, 4.303, 2.262, 2.042, 1.962]
    """
    if degrees > _MANY:
        return _expanded(z, degrees)
    wanted = 2 * NormalDist().cdf(z) - 1
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _coverage(middle, degrees) < wanted:
            low = middle
        else:
            high = middle
    return math.tan(high) * math.sqrt(degrees)


def _coverage(angle: float, degrees: int) -> float:
    """Return the probability of |T| ≤ √degrees · tan(angle)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = degrees % 2
    term = cosine if odd else 1.0
    total = 0.0 if degrees == 1 else term
    for step in range(2 + odd, degrees - 1, 2):
        term *= cosine * cosine * (step - 1) / step
        total += term
    return (angle + sine * total) * 2 / math.pi if odd else sine * total


def _expanded(z: float, degrees: int) -> float:
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3
