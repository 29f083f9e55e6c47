"""The interval of a ratio of two means that are both uncertain."""

from __future__ import annotations

import math

from kohorte.intervals import Estimate


def ratio(
    top: float,
    below: float,
    *,
    top_variance: float,
    below_variance: float,
    both: float = 0.0,
    multiple: float,
) -> Estimate:
    """Return top / below with Fieller's interval.

    The interval holds every r for which top − r · below is within `multiple` standard errors of 0. It is
    endless where the denominator itself is that near to 0; then there are no bounds. Source: Fieller
    1954, JRSS B 16.

    Parameters
    ----------
    both
        The covariance of the two.

    Examples
    --------
    >>> found = ratio(12, 10, top_variance=0.25, below_variance=0.25, multiple=1.96)
    >>> [round(bound, 4) for bound in (found.value, found.low, found.high)]
    [1.2, 1.0574, 1.3659]
    """
    if not below or not math.isfinite(top / below):
        return Estimate(None)
    if not math.isfinite(multiple):
        return Estimate(top / below)
    square = multiple**2
    leading = below**2 - square * below_variance
    if leading <= 0:
        return Estimate(top / below)
    middle = top * below - square * both
    rest = top**2 - square * top_variance
    root = math.sqrt(max(0.0, middle**2 - leading * rest))
    return Estimate(top / below, (middle - root) / leading, (middle + root) / leading)
