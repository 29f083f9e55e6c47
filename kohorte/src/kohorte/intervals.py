"""Values with their intervals, from the sums that the engine returns.

Every function takes sufficient statistics (counts, sums, squares and products over customers) and
returns an `Estimate`; nothing here sees a customer. `z` is the normal quantile of the wanted
coverage. An interval that cannot be known is None, never zero width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

from kohorte.student import student


@dataclass(frozen=True)
class Estimate:
    """A value with its interval; all None where there is nothing to divide by.

    `why` may name the reason for a missing value, if there is more than one.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str | None = None

    def times(self, factor: float) -> Estimate:
        """Return the estimate multiplied; `factor` must not be negative.

        >>> Estimate(0.5, 0.25, 0.75).times(100)
        Estimate(value=50.0, low=25.0, high=75.0, why=None)
        """
        return self._each(lambda bound: bound * factor)

    def per(self, divisor: float) -> Estimate:
        """Return the estimate divided, as from minor to major units of money.

        >>> Estimate(1050638.0).per(100).value
        10506.38
        """
        return self._each(lambda bound: bound / divisor)

    def plus(self, amount: float) -> Estimate:
        """Return the estimate moved by an amount, as from a ratio to a change."""
        return self._each(lambda bound: bound + amount)

    def at_least(self, floor: float) -> Estimate:
        """Return the estimate with its interval cut at what the value cannot be below.

        >>> Estimate(1.2, 0.7, 1.7).at_least(1)
        Estimate(value=1.2, low=1, high=1.7, why=None)
        """
        return replace(self, low=None if self.low is None else max(self.low, floor))

    def _each(self, change: Callable[[float], float]) -> Estimate:
        value, low, high = (
            None if bound is None else change(bound) for bound in (self.value, self.low, self.high)
        )
        return Estimate(value, low, high, self.why)


NOTHING = Estimate(None)


def quantile(confidence_percent: float) -> float:
    """Return the two-sided normal quantile.

    >>> round(quantile(95), 3)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + confidence_percent / 200)


def share(k: float, n: float, *, z: float) -> Estimate:
    """Return k / n with Wilson's score interval.

    Formula: (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Source: Wilson 1927, JASA 22. Of
    weighted answers n is their effective number (Korn and Graubard 1998), and k the same part of it.

    Examples
    --------
    >>> estimate = share(2845, 4338, z=1.96)
    >>> [round(100 * bound, 2) for bound in (estimate.value, estimate.low, estimate.high)]
    [65.58, 64.16, 66.98]
    """
    return _wilson(k / n, n, z=z) if n > 0 else NOTHING


def share_in_clusters(k: int, n: int, *, kk: int, kn: int, nn: int, of: int, z: float) -> Estimate:
    """Return k / n with Wilson's interval, where the n come in clusters, as orders of customers.

    Formula: Wilson's interval of k / n at n' = n / d · (z / t)², where d is how much wider the
    clusters make it, never below 1: the variance of the ratio over clusters,
    m / (m − 1) · Σ(k − p n)² / n², over p (1 − p) / n, with t at m − 1 degrees of freedom for m
    clusters. Where all or none happened, each cluster counts as one answer: d = Σn² / Σn.
    Source: Korn and Graubard 1998, Survey Methodology 24, with Wilson's interval.

    Examples
    --------
    Ten orders of ten customers, one of them returned, and the same of two customers with five each:

    >>> of_ten = share_in_clusters(1, 10, kk=1, kn=1, nn=10, of=10, z=1.96)
    >>> of_two = share_in_clusters(1, 10, kk=1, kn=5, nn=50, of=2, z=1.96)
    >>> [round(100 * bound, 1) for bound in (of_ten.low, of_ten.high, of_two.low, of_two.high)]
    [1.8, 40.4, 0.1, 95.7]
    """
    if n <= 0:
        return NOTHING
    p = k / n
    if nn == n:
        return _wilson(p, n, z=z)
    wider = nn / n
    if 0 < k < n and of > 1:
        squares = max(0.0, kk - 2 * p * kn + p * p * nn)
        wider = max(1.0, of / (of - 1) * squares / (n * p * (1 - p)))
    students = student(z, of - 1) if of > 1 else z
    return _wilson(p, n / wider * (z / students) ** 2, z=z)


def _wilson(p: float, n: float, *, z: float) -> Estimate:
    spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    middle = p + z * z / (2 * n)
    scale = 1 + z * z / n
    low = 0.0 if p == 0 else max(0.0, (middle - spread) / scale)
    high = 1.0 if p == 1 else min(1.0, (middle + spread) / scale)
    return Estimate(p, low, high)


def log_log(left: float, *, variance: float, z: float) -> tuple[float | None, float | None]:
    """Return the pointwise band of 1 − S, the share that an event has happened to by Kaplan–Meier.

    Formula: 1 − S^exp(∓ z √V / |ln S|) with Greenwood's sum V = Σ d / (n (n − d)); on this scale
    the band stays within 0 and 1. None where it happened to nobody or to everybody. Source:
    Kalbfleisch and Prentice 2002, section 1.4.

    Examples
    --------
    Remission under 6-mercaptopurine after ten weeks, S = 0.753 with standard error 0.0963:

    >>> low, high = log_log(0.7529, variance=(0.0963 / 0.7529) ** 2, z=1.96)
    >>> round(low, 3), round(high, 3)
    (0.111, 0.497)
    """
    if not 0 < left < 1 or not math.isfinite(variance):
        return None, None
    spread = z * math.sqrt(variance) / abs(math.log(left))
    return 1 - left ** math.exp(-spread), 1 - left ** math.exp(spread)


def mean(n: int, *, total: float, squares: float, z: float) -> Estimate:
    """Return total / n with Student's interval over n independent units.

    Formula: x̄ ± t s / √n with s² = (Σx² − n x̄²) / (n − 1) and t at n − 1 degrees of freedom and
    the coverage of z.

    Examples
    --------
    Three customers with 1, 2 and 3 orders:

    >>> estimate = mean(3, total=6, squares=14, z=quantile(95))
    >>> [round(bound, 2) for bound in (estimate.value, estimate.low, estimate.high)]
    [2.0, -0.48, 4.48]
    """
    if n <= 0:
        return NOTHING
    value = total / n
    if n == 1:
        return Estimate(value)
    variance = max(0.0, squares - n * value * value) / (n - 1)
    return _around(value, student(z, n - 1) * math.sqrt(variance / n))


def ratio(n: int, *, y: float, x: float, yy: float, xy: float, xx: float, z: float) -> Estimate:
    """Return Σy / Σx over n clusters by the delta method.

    Formula: R = Σy / Σx, se² = n / (n − 1) · Σ(y − R x)² / (Σx)², R ± t se with n − 1 degrees
    of freedom. Orders of one customer are not independent, so customers are the clusters. Source: Deng, Knoblich, Lu 2018, KDD.

    Examples
    --------
    Three customers with 1, 1 and 2 orders worth 10, 20 and 30:

    >>> ratio(3, y=60, x=4, yy=1400, xy=90, xx=6, z=1.96).value
    15.0
    """
    if n <= 0 or x == 0:
        return NOTHING
    value = y / x
    if n == 1:
        return Estimate(value)
    squares = yy - 2 * value * xy + value * value * xx
    # Where nothing is left of the squares but their last digits, there is no spread.
    squares = squares if squares > 1e-13 * yy else 0.0
    half = student(z, n - 1) * math.sqrt(n / (n - 1) * squares) / abs(x)
    return _around(value, half)


def _around(value: float, half: float) -> Estimate:
    """Return a value with its interval; data without any spread do not tell how wide it is."""
    if half <= 1e-12 * abs(value):
        return Estimate(value)
    return Estimate(value, value - half, value + half)


def jackknife(
    groups: Sequence[Sequence[float]],
    statistic: Callable[[Sequence[float]], float | None],
    *,
    confidence_percent: float,
) -> Estimate:
    """Return a positive statistic of sums with the delete-a-group jackknife on its logarithm.

    Each group holds the sums of a random part of the customers. The statistic is computed of all
    sums and of all but each one group; se² = (G − 1)/G Σ (ln θ₋g − mean)², and the interval is
    θ exp(± t se) with Student's t at G − 1 degrees of freedom. Source: Kott 2001, Journal of
    Official Statistics 17.
    """
    filled = [group for group in groups if any(group)]
    totals = [sum(column) for column in zip(*filled, strict=True)]
    value = statistic(totals) if filled else None
    if value is None:
        return NOTHING
    logs = []
    for group in filled:
        without = statistic([total - part for total, part in zip(totals, group, strict=True)])
        if without is None or without <= 0:
            return Estimate(value)
        logs.append(math.log(without))
    count = len(logs)
    if count < 2 or value <= 0:
        return Estimate(value)
    middle = sum(logs) / count
    error = math.sqrt((count - 1) / count * sum((log - middle) ** 2 for log in logs))
    reach = math.exp(student(quantile(confidence_percent), count - 1) * error)
    return Estimate(value, value / reach, value * reach)
