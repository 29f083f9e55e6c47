"""The chi-square distribution's upper tail, in closed form for whole degrees of freedom."""

from __future__ import annotations

import math


def upper_tail(statistic: float, degrees: int) -> float:
    """Return the probability of a larger value.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5.

    >>> round(upper_tail(3.841459, 1), 6), round(upper_tail(5.991465, 2), 6)
    (0.05, 0.05)
    """
    if statistic <= 0 or degrees < 1:
        return 1.0
    half = statistic / 2
    if degrees % 2 == 0:
        term = total = math.exp(-half)
        for i in range(1, degrees // 2):
            term *= half / i
            total += term
        return min(total, 1.0)
    term = math.exp(-half) * math.sqrt(half) / math.gamma(1.5)
    total = math.erfc(math.sqrt(half))
    for i in range(1, (degrees + 1) // 2):
        total += term
        term *= half / (i + 0.5)
    return min(total, 1.0)
