"""Answers weighed so that groups of customers speak as loud as they are large."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from kohorte.errors import SettingError, TooLittleError
from kohorte.surveys.silence import TRIM, Silence


def weigh(groups: Sequence[str], population: Mapping[str, float]) -> Silence:
    """Return weights by which answers have the groups of the whole, and how they differed.

    A group's answers weigh its share of the whole over its share of the answers, cut at five times the
    median weight and scaled to a mean of 1 (post-stratification: Holt, Smith 1979, JRSS A 142). A group's
    difference is that of its shares in standard deviations, (p − q) / √(q (1 − q)) for q of the whole.

    Parameters
    ----------
    groups
        The group of each answer.
    population
        How large each group is, in any unit. Groups that nobody answered for cannot be repaired; what they
        leave is told in `left`.

    Raises
    ------
    SettingError
        A group of the answers is not in the population, or a size is not above 0.
    TooLittleError
        Nobody answered.

    Examples
    --------
    >>> found = weigh(["old"] * 30 + ["young"] * 10, {"old": 50, "young": 50})
    >>> found.weights[[0, -1]].round(2).tolist(), {name: round(value, 2) for name, value in found.differences.items()}
    ([0.67, 2.0], {'old': 0.5, 'young': -0.5})
    """
    if not len(groups):
        raise TooLittleError("Nobody answered.", reason="nobody_answered")
    for name, size in population.items():
        if not (math.isfinite(size) and size > 0):
            raise SettingError("The group “{name}” has a size above 0.", name=name)
    for name in dict.fromkeys(groups):
        if name not in population:
            raise SettingError(
                "The group “{name}” is not in the whole. It has: {names}.",
                name=name,
                names=", ".join(population),
            )
    told = np.asarray(groups)
    whole = sum(population.values())
    share = {name: size / whole for name, size in population.items()}
    own = {name: float(np.mean(told == name)) for name in share}
    weights = np.array([share[name] / own[name] for name in groups])
    weights = np.minimum(weights, TRIM * float(np.median(weights)))
    weights = weights / weights.mean()

    def apart(found: float, wanted: float) -> float:
        spread = math.sqrt(wanted * (1 - wanted))
        return (found - wanted) / spread if spread else 0.0

    after = {name: float(weights[told == name].sum() / weights.sum()) for name in share}
    return Silence(
        asked=len(told),
        answered=len(told),
        differences={name: apart(own[name], share[name]) for name in share},
        left={name: apart(after[name], share[name]) for name in share},
        weights=weights,
        effective=float(weights.sum() ** 2 / (weights**2).sum()),
    )
