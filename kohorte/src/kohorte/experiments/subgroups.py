"""Whether a treatment works better for some: told only where the groups differ beyond chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kohorte import differences
from kohorte.chi_square import upper_tail
from kohorte.experiments import effects
from kohorte.experiments.arms import Arm
from kohorte.experiments.assigning import CONTROL
from kohorte.experiments.effects import WHENEVER, Effect
from kohorte.experiments.ends import End
from kohorte.experiments.measures import Measure


@dataclass(frozen=True)
class Subgroups:
    """The effect in each group of customers that was there before the start.

    Parameters
    ----------
    effects
        By group. Each is uncertain on its own, and among many one stands out by chance.
    p
        How likely chance alone makes the groups' effects differ so much (Cochran's Q).
    corrected
        By group: how likely chance alone makes an effect so far from all other customers', after
        Holm's correction for looking at every group.
    """

    effects: Mapping[str, Effect]
    p: float
    corrected: Mapping[str, float]

    def differing(self, *, confidence_percent: float) -> list[str]:
        """Return the groups whose effect differs from the others' beyond chance."""
        level = 1 - confidence_percent / 100
        return [group for group, p in self.corrected.items() if p < level]


def of(
    groups: Mapping[str, Mapping[str, Arm]],
    measure: Measure,
    *,
    arm: str,
    end: End = WHENEVER,
    control: str = CONTROL,
) -> Subgroups:
    """Return the effects of an arm in groups of customers, and whether they differ.

    Parameters
    ----------
    groups
        The arms of each group. Groups must be known before the start: who opened the mail is none.

    Examples
    --------
    >>> from kohorte.experiments.ends import Fixed
    >>> half = {"control": Arm.of_customers({"y": [0, 1] * 100}), "mail": Arm.of_customers({"y": [0, 1, 1, 1] * 50})}
    >>> same = {"control": Arm.of_customers({"y": [0, 1] * 100}), "mail": Arm.of_customers({"y": [0, 1] * 100})}
    >>> found = of({"new": half, "old": same}, Measure("y"), arm="mail", end=Fixed())
    >>> round(found.p, 4), found.differing(confidence_percent=95)
    (0.0003, ['new', 'old'])
    """
    found = {
        group: effects.of(arms, measure, control=control, end=end)[arm]
        for group, arms in groups.items()
    }
    usable = {
        group: (effect.difference.value, effect.error**2)
        for group, effect in found.items()
        if effect.error > 0 and effect.difference.value is not None
    }
    weights = {group: 1 / variance for group, (_value, variance) in usable.items()}
    whole = sum(weights.values())
    if len(usable) < 2:
        return Subgroups(found, 1.0, {})
    mean = sum(weights[group] * value for group, (value, _v) in usable.items()) / whole
    q = sum(weights[group] * (value - mean) ** 2 for group, (value, _v) in usable.items())
    raw = {}
    for group, (value, variance) in usable.items():
        rest = whole - weights[group]
        others = (mean * whole - value * weights[group]) / rest
        raw[group] = upper_tail((value - others) ** 2 / (variance + 1 / rest), 1)
    return Subgroups(found, upper_tail(q, len(usable) - 1), differences.together(raw))
