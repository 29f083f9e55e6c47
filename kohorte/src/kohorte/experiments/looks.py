"""The bounds of planned looks: how far a difference must lie from chance at each of them."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np

from kohorte.models.arrays import Array

Spending = Literal["obrien_fleming", "pocock"]
_POINTS = 801
_REACH = 8.0
_HALVINGS = 60
_NORMAL = NormalDist()


def spent(share: float, *, alpha: float, spending: Spending) -> float:
    """Return how much of the error may have been made when a share of the customers is there.

    Formula: on either side 2 − 2 Φ(z / √t) sparingly, with z at a quarter of α; α ln(1 + (e − 1) t)
    evenly. Source: Lan and DeMets 1983, Biometrika 70.

    >>> [round(spent(t, alpha=0.05, spending="obrien_fleming"), 5) for t in (0.4, 0.6, 1)]
    [0.00079, 0.00762, 0.05]
    """
    share = min(share, 1.0)
    if spending == "pocock":
        return alpha * math.log(1 + (math.e - 1) * share)
    return 4 - 4 * _NORMAL.cdf(_NORMAL.inv_cdf(1 - alpha / 4) / math.sqrt(share))


@lru_cache(maxsize=256)
def bounds(at: tuple[float, ...], *, alpha: float, spending: Spending) -> tuple[float, ...]:
    """Return the two-sided bound of the standardized difference at each look.

    The density of the difference of trials that go on is carried from look to look and the bound
    found that lets out what may be spent. Source: Armitage, McPherson, Rowe 1969, JRSS A 132;
    Jennison and Turnbull 2000, chapter 19.

    Examples
    --------
    >>> [round(z, 3) for z in bounds((0.2, 0.4, 0.6, 0.8, 1), alpha=0.05, spending="obrien_fleming")]
    [4.877, 3.357, 2.68, 2.29, 2.031]
    """
    found: list[float] = []
    grid, mass = np.zeros(1), np.ones(1)
    before, last = 0.0, 0.0
    for share in at:
        may = spent(share, alpha=alpha, spending=spending)
        step = math.sqrt(share - last)
        bound = _bound(may - before, grid, mass, step, math.sqrt(share))
        found.append(bound)
        inside = np.linspace(-bound, bound, _POINTS) * math.sqrt(share)
        mass = _density(inside, grid, mass, step) * _simpson(inside)
        grid, before, last = inside, may, share
    return tuple(found)


def _bound(may: float, grid: Array, mass: Array, step: float, scale: float) -> float:
    """Return the bound outside which a mass of `may` ends, by halving."""
    low, high = 0.0, _REACH
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        outside = float(mass @ _beyond(middle * scale, grid, step))
        low, high = (middle, high) if outside > may else (low, middle)
    return high


def _beyond(edge: float, grid: Array, step: float) -> Array:
    """Return the probability to step beyond an edge on either side, from each place."""
    from scipy.special import ndtr

    up, down = ndtr((grid - edge) / step), ndtr((-grid - edge) / step)
    return np.asarray(up + down, dtype=float)


def _density(new: Array, grid: Array, mass: Array, step: float) -> Array:
    apart = (new[:, None] - grid[None, :]) / step
    kernel = np.exp(-0.5 * apart * apart) / (step * math.sqrt(2 * math.pi))
    return np.asarray(kernel @ mass, dtype=float)


def _simpson(grid: Array) -> Array:
    weights = np.ones(len(grid))
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    return np.asarray(weights * (grid[1] - grid[0]) / 3)
