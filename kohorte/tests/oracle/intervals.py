"""Confidence intervals from exact sums, in floats only at the very end."""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Mapping, Sequence
from fractions import Fraction

from oracle import orders

Interval = tuple[float | None, float | None]
NONE: Interval = (None, None)


def z(confidence_percent: float) -> float:
    """Return how many standard errors an interval reaches to either side."""
    return statistics.NormalDist().inv_cdf(0.5 + confidence_percent / 200)


@functools.cache
def students_t(reach: float, degrees: int) -> float:
    """Return where Student's density has the same mass inside as the normal one inside `reach`."""
    mass = statistics.NormalDist().cdf(reach) - 0.5
    log_scale = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    scale = math.exp(log_scale) / math.sqrt(degrees * math.pi)

    def inside(angle: float, steps: int = 400) -> float:
        """Integrate the density from 0 to √degrees · tan(angle) by Simpson's rule."""
        width = angle / steps
        heights = [math.cos(width * step) ** (degrees - 1) for step in range(steps + 1)]
        area = heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
        return scale * math.sqrt(degrees) * area * width / 3

    low, high = 0.0, math.pi / 2
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < mass else (low, middle)
    return math.tan(high) * math.sqrt(degrees)


def wider(reach: float, customers: int) -> float:
    """Return about how far Student's t reaches where so many customers tell how much they vary."""
    return reach + (reach**3 + reach) / (4 * (customers - 1))


def wilson(successes: int, trials: int, *, reach: float) -> Interval:
    """Return the Wilson score interval of a share, between 0 and 1."""
    if trials == 0:
        return NONE
    return _wilson(successes / trials, trials, reach=reach)


def _wilson(share: float, trials: float, *, reach: float) -> Interval:
    middle = share + reach**2 / (2 * trials)
    half = reach * math.sqrt(share * (1 - share) / trials + reach**2 / (4 * trials**2))
    scale = 1 + reach**2 / trials
    return (middle - half) / scale, (middle + half) / scale


def wilson_of_clusters(pairs: Sequence[tuple[int, int]], *, reach: float) -> Interval:
    """Return the interval of a share of orders, where each customer brings (happened, orders).

    Wilson's formula at fewer trials: as many as would vary by chance as much as the share varies
    over customers, and fewer still as Student's t is wider than the normal.
    """
    happened, trials = sum(k for k, _ in pairs), sum(n for _, n in pairs)
    if trials == 0:
        return NONE
    if all(n <= 1 for _, n in pairs):
        return wilson(happened, trials, reach=reach)
    customers = sum(1 for _, n in pairs if n)
    share = Fraction(happened, trials)
    if share in (0, 1) or customers == 1:
        wider = Fraction(sum(n * n for _, n in pairs), trials)
    else:
        squares = sum((k - share * n) ** 2 for k, n in pairs)
        over_customers = Fraction(customers, customers - 1) * squares / trials**2
        wider = max(Fraction(1), over_customers / (share * (1 - share) / trials))
    effective = trials / float(wider)
    if customers > 1:
        effective *= (reach / students_t(reach, customers - 1)) ** 2
    return _wilson(float(share), effective, reach=reach)


def mean(values: Sequence[Fraction], *, reach: float, floor: float = 0.0) -> Interval:
    """Return the interval of a mean over customers: value ± z · sd / √n."""
    n = len(values)
    if n < 2:
        return NONE
    center = sum(values) / Fraction(n)
    half = students_t(reach, n - 1) * math.sqrt(_variance(values) / n)
    return _around(float(center), half, floor=floor)


def ratio(pairs: Sequence[tuple[Fraction, Fraction]], *, reach: float) -> Interval:
    """Return the interval of Σy / Σo where each customer brings one pair (y, o)."""
    n = len(pairs)
    below = sum(o for _, o in pairs)
    if n < 2 or below == 0:
        return NONE
    value = sum(y for y, _ in pairs) / Fraction(below)
    squares = sum((y - value * o) ** 2 for y, o in pairs)
    half = students_t(reach, n - 1) * math.sqrt(Fraction(n, n - 1) * squares / below**2)
    return _around(float(value), half)


def _around(value: float, half: float, *, floor: float = 0.0) -> Interval:
    """Return the interval, cut at the floor; values without spread do not tell how wide it is."""
    return (max(floor, value - half), value + half) if half > 0 else NONE


def mean_over_share(
    values: Mapping[orders.Id, Fraction],
    events: Mapping[orders.Id, bool],
    *,
    factor: Fraction,
    reach: float,
) -> Interval:
    """Return the interval of factor · mean(values) / share(events), by the delta method on the log.

    Customers found in both sums tie the two estimates together: their covariance enters.
    """
    n, trials = len(values), len(events)
    lost = sum(events.values())
    if n < 2 or lost == 0:
        return NONE
    center = sum(values.values()) / Fraction(n)
    if center <= 0:
        return NONE
    share = Fraction(lost, trials)
    covariance = Fraction(0)
    for customer, value in values.items():
        if customer in events:
            covariance += (value - center) * (events[customer] - share) / (n * trials)
    squared = (
        _variance(list(values.values())) / n / center**2
        + share * (1 - share) / trials / share**2
        - 2 * covariance / (center * share)
    )
    spread = reach * math.sqrt(max(squared, Fraction(0)))
    estimate = float(factor * center / share)
    return estimate * math.exp(-spread), estimate * math.exp(spread)


def _variance(values: Sequence[Fraction]) -> Fraction:
    center = sum(values) / Fraction(len(values))
    return sum((value - center) ** 2 for value in values) / Fraction(len(values) - 1)
