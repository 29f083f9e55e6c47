"""What a treatment changed: the difference between two arms, as an amount and in percent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kohorte.experiments import fieller, measures
from kohorte.experiments.arms import Arm
from kohorte.experiments.assigning import CONTROL
from kohorte.experiments.ends import Always, End
from kohorte.experiments.measures import Measure, Reading
from kohorte.intervals import Estimate

WHENEVER = Always()


@dataclass(frozen=True)
class Effect:
    """The effect of an arm against control.

    Parameters
    ----------
    measure
        What it was judged by.
    arm, control
        The readings of both.
    difference
        arm − control with its interval, in units of the measure.
    percent
        The difference in percent of control, with Fieller's interval; bounds are None where control is
        so near 0 that they would be endless.
    error
        The standard error of the difference.
    steadied_percent
        By how much what was known before lowered the variance; None without.
    """

    measure: Measure
    name: str
    arm: Reading
    control: Reading
    difference: Estimate
    percent: Estimate
    error: float
    steadied_percent: float | None

    @property
    def is_beyond(self) -> bool:
        """Whether the interval of the difference leaves out 0."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and not low <= 0 <= high

    @property
    def is_good(self) -> bool | None:
        """Whether it is beyond chance in the wanted direction; None within chance."""
        if not self.is_beyond or self.difference.value is None:
            return None
        return (self.difference.value > 0) == (self.measure.better == "more")


def of(
    arms: Mapping[str, Arm],
    measure: Measure,
    *,
    control: str = CONTROL,
    end: End = WHENEVER,
) -> dict[str, Effect]:
    """Return the effect of every arm against control.

    Whoever was assigned counts, whether the treatment reached them or not (intention to treat).

    Parameters
    ----------
    end
        When the trial is read; unless said the interval holds whenever one looks.

    Examples
    --------
    Hillstrom's trial: spend in two weeks after the men's mail and without a mail:

    >>> from kohorte.experiments.ends import Fixed
    >>> arms = {
    ...     "control": Arm.of_sums(21306, {"visit": 2262}, {("visit", "visit"): 2262}),
    ...     "mens": Arm.of_sums(21307, {"visit": 3894}, {("visit", "visit"): 3894}),
    ... }
    >>> effect = of(arms, Measure("visit", kind="share"), end=Fixed())["mens"]
    >>> round(100 * effect.difference.value, 3), round(100 * effect.error, 3), effect.is_good
    (7.659, 0.339, True)
    """
    found = measures.read(arms, measure)
    held = found.arms[control]
    effects = {}
    for name, reading in found.arms.items():
        if name == control:
            continue
        effects[name] = between(
            reading, held, measure, name=name, end=end, steadied=found.steadied_percent
        )
    return effects


def between(
    arm: Reading,
    control: Reading,
    measure: Measure,
    *,
    name: str,
    end: End,
    steadied: float | None = None,
) -> Effect:
    """Return the effect that two readings show (Welch 1947; Fieller 1954)."""
    variance = arm.variance + control.variance
    multiple = end.multiple(arm.n + control.n, degrees=_degrees(arm, control))
    error = math.sqrt(variance)
    difference = arm.value - control.value
    is_known = math.isfinite(multiple) and variance > 0 and math.isfinite(difference)
    half = multiple * error
    return Effect(
        measure,
        name,
        arm,
        control,
        Estimate(difference, difference - half, difference + half)
        if is_known
        else Estimate(difference if math.isfinite(difference) else None),
        relative(arm, control, multiple=multiple if is_known else math.inf).times(100),
        error,
        steadied,
    )


def _degrees(arm: Reading, control: Reading) -> float:
    """Return Satterthwaite's degrees of freedom."""
    if arm.n < 2 or control.n < 2:
        return 0.0
    below = arm.variance**2 / (arm.n - 1) + control.variance**2 / (control.n - 1)
    return (arm.variance + control.variance) ** 2 / below if below > 0 else 0.0


def relative(arm: Reading, control: Reading, *, multiple: float) -> Estimate:
    """Return arm / control − 1 with Fieller's interval."""
    found = fieller.ratio(
        arm.value,
        control.value,
        top_variance=arm.variance,
        below_variance=control.variance,
        multiple=multiple,
    )
    return found.plus(-1)
