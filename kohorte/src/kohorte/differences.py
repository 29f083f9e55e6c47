"""Whether two values differ by more than chance, alone and among many that are looked at together.

Two intervals are compared by the square-and-add method (MOVER): the difference d = a − b has the
limits d − √((a − a_low)² + (b_high − b)²) and d + √((a_high − a)² + (b − b_low)²). It lies within
chance if they enclose 0. For shares this is Newcombe's method 10 (Statistics in Medicine 17, 1998);
Zou and Donner (Statistics in Medicine 27, 2008) carry it to any estimate with an interval. It takes
the two periods as independent; where they share customers it is on the cautious side.

Two bare counts of events that come independently have no interval, but chance: were neither period
busier, each of all a + b events would fall to either of them like a coin, and |a − b| − 1 over √(a + b)
would be about standard normal (Przyborowski and Wilenski, Biometrika 31, 1940). Customers who come in
waves vary more than that, so this tells what is within chance, and not what is surely beyond it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import erfc, hypot, log, sqrt
from statistics import NormalDist
from typing import Protocol, TypeVar

Key = TypeVar("Key")


class Estimated(Protocol):
    """A value with its interval, as rows and estimates have it."""

    @property
    def value(self) -> float | None:
        """The value."""

    @property
    def low(self) -> float | None:
        """The lower end of its interval."""

    @property
    def high(self) -> float | None:
        """The upper end of its interval."""


def beyond_chance(now: Estimated, before: Estimated) -> bool | None:
    """Tell whether two values differ by more than chance; None without intervals."""
    found = limits(now, before)
    return None if found is None else found[0] > 0 or found[1] < 0


def limits(now: Estimated, before: Estimated) -> tuple[float, float] | None:
    """Return the interval of the difference `now` − `before`; None without both intervals."""
    if now.value is None or now.low is None or now.high is None:
        return None
    if before.value is None or before.low is None or before.high is None:
        return None
    difference = now.value - before.value
    return (
        difference - hypot(now.value - now.low, before.high - before.value),
        difference + hypot(now.high - now.value, before.value - before.low),
    )


def counts_are_alike(now: float, before: float, *, confidence_percent: float) -> bool:
    """Tell whether two numbers of events differ by no more than chance.

    >>> counts_are_alike(2, 1, confidence_percent=95), counts_are_alike(20, 5, confidence_percent=95)
    (True, False)
    """
    if not now + before:
        return True
    z = NormalDist().inv_cdf(0.5 + confidence_percent / 200)
    return (abs(now - before) - 1) / sqrt(now + before) <= z


def amounts_are_alike(
    now: float, before: float, *, n: float, n_before: float, confidence_percent: float
) -> bool:
    """Tell whether two amounts of n orders each differ no more than the numbers of orders do by chance.

    Were all orders of one size, the logarithm of the ratio would have the variance 1/n + 1/n_before.
    Orders differ in size, so what is within this is within chance, and what is beyond it need not be.

    >>> amounts_are_alike(990, 1000, n=100, n_before=100, confidence_percent=95)
    True
    >>> amounts_are_alike(500, 1000, n=100, n_before=100, confidence_percent=95)
    False
    """
    if now <= 0 or before <= 0 or n <= 0 or n_before <= 0:
        return counts_are_alike(n, n_before, confidence_percent=confidence_percent)
    z = NormalDist().inv_cdf(0.5 + confidence_percent / 200)
    return abs(log(now / before)) <= z * sqrt(1 / n + 1 / n_before)


def probability(now: Estimated, before: Estimated, *, confidence_percent: float) -> float | None:
    """Return how likely chance alone makes such a difference; None without intervals.

    It is the level at which the nearer of the `limits` would reach 0.
    """
    found = limits(now, before)
    if found is None or now.value is None or before.value is None:
        return None
    difference = now.value - before.value
    reach = difference - found[0] if difference > 0 else found[1] - difference
    if reach <= 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence_percent / 200)
    return erfc(abs(difference) / reach * z / sqrt(2))


def together(probabilities: Mapping[Key, float]) -> dict[Key, float]:
    """Return probabilities corrected for having looked at all of them (Holm 1979).

    The chance of even one false alarm among them stays below the level at which they are read.

    >>> together({"a": 0.01, "b": 0.04, "c": 0.03})
    {'a': 0.03, 'c': 0.06, 'b': 0.06}
    """
    corrected: dict[Key, float] = {}
    worst = 0.0
    ranked = sorted(probabilities, key=lambda key: probabilities[key])
    for place, key in enumerate(ranked):
        worst = max(worst, min(1.0, probabilities[key] * (len(ranked) - place)))
        corrected[key] = worst
    return corrected
