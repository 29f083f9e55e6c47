"""What a trial can see, said before it starts.

A trial of n customers has a smallest effect that it finds with a wanted power; smaller ones it mostly
misses, and what it finds of them by luck is exaggerated. To know that beforehand spares a shop a trial
that cannot tell anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Self

from kohorte import intervals
from kohorte.errors import SettingError
from kohorte.experiments.ends import Always, End, Fixed

_NORMAL = NormalDist()
_HALVINGS = 200
_MOST = 10**9


@dataclass(frozen=True)
class Base:
    """What customers do without the treatment: the mean of a measure and its spread.

    Parameters
    ----------
    mean
        Per customer, in the units of the measure; of a share between 0 and 1.
    deviation
        Standard deviation over customers; None for a share, whose spread follows from it.
    correlation
        Between the measure and the same one before the start; CUPED lowers the variance by its square.

    Examples
    --------
    >>> Base.share(0.12).variance(0.12), Base.money(20, variation=3).variance(20)
    (0.1056, 3600.0)
    """

    mean: float
    deviation: float | None = None
    correlation: float = 0.0

    def __post_init__(self) -> None:
        if self.deviation is None and not 0 < self.mean < 1:
            raise SettingError("A share lies between 0 and 100 %.")
        if self.deviation is not None and (self.deviation <= 0 or self.mean <= 0):
            raise SettingError("A mean and its spread are above 0.")
        if not 0 <= self.correlation < 1:
            raise SettingError("A correlation with the time before lies between 0 and 1.")

    @classmethod
    def share(cls, mean: float, *, correlation: float = 0.0) -> Self:
        """Return a share of customers, such as who orders again: 0.12."""
        return cls(mean, None, correlation)

    @classmethod
    def money(cls, mean: float, *, variation: float, correlation: float = 0.0) -> Self:
        """Return an amount per customer whose standard deviation is `variation` times its mean."""
        return cls(mean, mean * variation, correlation)

    def variance(self, mean: float) -> float:
        """Return the variance over customers of an arm that has a mean."""
        spread = mean * (1 - mean) if self.deviation is None else self.deviation**2
        return spread * (1 - self.correlation**2)


@dataclass(frozen=True)
class Plan:
    """A trial before its start.

    Parameters
    ----------
    customers
        Of both arms together.
    control_percent
        How many of them are held back.
    power_percent
        How surely an effect of that size shall be found.
    end
        How it is read; `ends.Fixed` if once at the end.

    Examples
    --------
    Of 10,000 customers a tenth is held back, 12 % order again:

    >>> plan = Plan(10_000, control_percent=10)
    >>> round(100 * plan.smallest(Base.share(0.12)), 2)
    3.07
    >>> round(plan.power(Base.share(0.12), effect=0.0307))
    80
    """

    customers: int
    control_percent: float
    power_percent: float = 80
    end: End = field(default_factory=Fixed)

    def __post_init__(self) -> None:
        if self.customers < 4:
            raise SettingError("A trial takes two customers in each arm at least.")
        if not 0 < self.control_percent < 100:
            raise SettingError("The share that is held back lies between 0 and 100 %.")
        if not 50 <= self.power_percent < 100:
            raise SettingError("The power of a trial lies between 50 and 100 %.")

    def error(self, base: Base, *, effect: float = 0.0) -> float:
        """Return the standard error of the difference if the treatment has an effect."""
        held = self.customers * self.control_percent / 100
        return math.sqrt(
            base.variance(base.mean) / held
            + base.variance(base.mean + effect) / (self.customers - held)
        )

    def power(self, base: Base, *, effect: float) -> float:
        """Return how surely an effect is found, in percent: that the interval leaves out 0."""
        error = self.error(base, effect=effect)
        multiple = self.end.multiple(self.customers, degrees=self.customers - 2)
        apart = abs(effect) / error
        return 100 * (_NORMAL.cdf(apart - multiple) + _NORMAL.cdf(-apart - multiple))

    def smallest(self, base: Base) -> float:
        """Return the smallest rise that is found with the wanted power; inf if none is."""
        low, high = 0.0, 1000 * self.error(base)
        if base.deviation is None:
            high = (1 - base.mean) * (1 - 1e-9)
        if self.power(base, effect=high) < self.power_percent:
            return math.inf
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.power(base, effect=middle) < self.power_percent:
                low = middle
            else:
                high = middle
        return high


def customers_needed(
    base: Base,
    *,
    effect: float,
    control_percent: float,
    power_percent: float = 80,
    confidence_percent: float = 95,
    always: bool = False,
) -> int:
    """Return how many customers it takes to find an effect with a power.

    Parameters
    ----------
    effect
        The rise per customer, in the units of the measure.
    always
        Whether it is read whenever one likes, which takes more customers.

    Raises
    ------
    SettingError
        There is no effect to find, or more than a billion customers would be needed.

    Examples
    --------
    >>> customers_needed(Base.share(0.12), effect=0.03, control_percent=50)
    4068
    """
    if effect <= 0:
        raise SettingError("An effect to be found is above 0.")
    low, high = 4, _MOST

    def suffices(customers: int) -> bool:
        end: End = Fixed(confidence_percent)
        if always:
            end = Always(customers, confidence_percent)
        plan = Plan(customers, control_percent, power_percent, end)
        return plan.power(base, effect=effect) >= power_percent

    if not suffices(high):
        raise SettingError("So small an effect cannot be found with any number of customers.")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle + 1, high)
    return low


def survey_needed(*, half_width: float, variance: float, confidence_percent: float = 95) -> int:
    """Return how many answers an interval of ± `half_width` takes, given their variance.

    Examples
    --------
    ± 10 points of NPS, at the variance that most shops show:

    >>> survey_needed(half_width=0.10, variance=0.6)
    231
    """
    z = intervals.quantile(confidence_percent)
    return math.ceil(variance * (z / half_width) ** 2)
