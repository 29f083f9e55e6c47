"""The models from their stories alone: what single customers do, averaged over all customers.

Nothing here is a formula of the papers. A customer's rate, chance or rate of leaving is laid on a
fine grid, weighed by its distribution, and everything follows by summing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Story = Literal["bg_nbd", "mbg_nbd", "pareto_nbd"]


def gamma_grid(shape: float, scale: float, *, step: float = 0.04) -> tuple[Array, Array]:
    """Return rates and the logarithms of their weights under gamma(shape, scale)."""
    reach = np.arange(-45 / min(shape, 1) - 5, 8 + math.log1p(shape), step)
    logs = shape * reach - np.exp(reach) - math.lgamma(shape) + math.log(step)
    return np.exp(reach) / scale, logs


def beta_grid(a: float, b: float, *, step: float = 0.05) -> tuple[Array, Array]:
    """Return chances and the logarithms of their weights under beta(a, b)."""
    reach = np.arange(-45 / min(a, 1) - 5, 45 / min(b, 1) + 5, step)
    low, high = -np.logaddexp(0, -reach), -np.logaddexp(0, reach)
    constant = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return np.exp(low), a * low + b * high + constant + math.log(step)


@dataclass(frozen=True)
class Answer:
    """What is asked of one customer."""

    log_likelihood: float
    alive: float
    purchases: float


def of(story: Story, given: dict[str, float], x: int, t_x: float, T: float, t: float) -> Answer:
    """Return likelihood, P(alive) and expected purchases of one customer by summing over all kinds."""
    rate, log_rate = gamma_grid(given["r"], given["alpha"])
    rate, log_rate = rate[:, None], log_rate[:, None]
    if story == "pareto_nbd":
        leave, log_leave = gamma_grid(given["s"], given["beta"])
        both = rate + leave
        still = x * np.log(rate) - both * T
        # Left at some time between t_x and T.
        gone = x * np.log(rate) + np.log(leave / both) + _difference(-both * t_x, -both * T)
        later = rate / leave * -np.expm1(-leave * t)
    else:
        leave, log_leave = beta_grid(given["a"], given["b"])
        dies_first = story == "mbg_nbd"
        stayed = (x + 1 if dies_first else x) * np.log1p(-np.minimum(leave, 1 - 1e-16))
        still = x * np.log(rate) + stayed - rate * T
        before = stayed - np.log1p(-np.minimum(leave, 1 - 1e-16))
        gone = x * np.log(rate) + np.log(leave) + before - rate * t_x
        if x == 0 and not dies_first:
            gone = np.full_like(gone, -np.inf)
        later = -np.expm1(-rate * leave * t) / leave
    weight = log_rate + log_leave
    alive = np.exp(still + weight).sum()
    total = alive + np.exp(gone + weight).sum()
    expected = (np.exp(still + weight) * later).sum()
    return Answer(math.log(total), float(alive / total), float(expected / total))


def _difference(high: Array, low: Array) -> Array:
    """Return log(e^high − e^low)."""
    gap = np.minimum(low - high, -1e-300)
    return high + np.log(-np.expm1(gap))
