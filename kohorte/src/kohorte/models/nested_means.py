"""Means of groups within groups, each drawn to the one above it as far as its own data are few.

Values y of a group are normal around the group's mean with variance σ², means of groups around that of the
group above them with variance τ². What a group's own data weigh follows from both:

    E[mean | data] = w·ȳ + (1 − w)·parent,  w = τ² / (τ² + v),

where v is the variance of ȳ. The variances between are DerSimonian and Laird's moment estimates, pooled over
the parents: τ² = max(0, (Q − Σ(k − 1)) / Σ(W − Σw²/W)) with w = 1/v and Q = Σ w (ȳ − parent's mean)².

Source: DerSimonian & Laird (1986), Meta-analysis in clinical trials, Controlled Clinical Trials 7(3); Gelman &
Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models, chapter 12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kohorte.models.arrays import Array, Whole


@dataclass(frozen=True, eq=False)
class Level:
    """The groups of one level: what is known of each mean without and with the groups above.

    Attributes
    ----------
    own, own_variance
        The mean of a group's own data, and its variance; the latter is infinite without data.
    mean, variance
        The mean drawn to the group above, and its variance.
    between
        τ²: how far means of groups with the same parent lie apart.
    """

    own: Array
    own_variance: Array
    mean: Array
    variance: Array
    between: float

    @property
    def own_share(self) -> Array:
        """How much of each mean comes from the group's own data, from 0 to 1."""
        with np.errstate(invalid="ignore"):
            share = self.between / (self.between + self.own_variance)
        return np.nan_to_num(np.where(np.isinf(self.own_variance), 0.0, share), nan=1.0)


def variance_between(own: Array, variance: Array, parents: Whole) -> float:
    """Return τ² of groups of known mean and variance within their parents.

    Parameters
    ----------
    own, variance
        Of each group; an infinite variance means that nothing is known of it.
    parents
        The number of each group's parent, from 0.

    Examples
    --------
    >>> own, noise = np.array([1.0, 3.0, 2.0, 2.0]), np.full(4, 0.5)
    >>> variance_between(own, noise, np.array([0, 0, 1, 1]))
    0.5
    """
    known = np.isfinite(variance) & (variance > 0)
    if not known.any():
        return 0.0
    weight, place = 1 / variance[known], parents[known]
    total = np.bincount(place, weights=weight)
    squares = np.bincount(place, weights=weight * weight)
    center = np.bincount(place, weights=weight * own[known]) / np.where(total > 0, total, 1)
    spread = float(weight @ (own[known] - center[place]) ** 2)
    groups = np.bincount(place)
    freedom = float(np.maximum(groups - 1, 0).sum())
    with np.errstate(invalid="ignore"):
        scale = float(np.nansum(total - squares / total))
    return max(0.0, (spread - freedom) / scale) if scale > 1e-12 else 0.0


def above(
    own: Array, variance: Array, parents: Whole, between: float, count: int
) -> tuple[Array, Array]:
    """Return the mean of each parent from its groups, and its variance.

    Each group weighs 1/(τ² + v). A parent none of whose groups is known has an infinite variance.

    Examples
    --------
    >>> mean, variance = above(np.array([1.0, 3.0]), np.array([1.0, 1.0]), np.array([0, 0]), 0.0, 2)
    >>> mean.tolist(), variance.tolist()
    ([2.0, 0.0], [0.5, inf])
    """
    known = np.isfinite(variance)
    weight = 1 / (between + np.maximum(variance[known], 1e-12))
    total = np.bincount(parents[known], weights=weight, minlength=count)
    summed = np.bincount(parents[known], weights=weight * own[known], minlength=count)
    some = total > 0
    mean = np.where(some, summed / np.where(some, total, 1), 0.0)
    return mean, np.where(some, 1 / np.where(some, total, 1), np.inf)


def drawn(
    own: Array, variance: Array, parent: Array, parent_variance: Array, between: float
) -> Level:
    """Draw groups to the mean of their parents.

    Parameters
    ----------
    own, variance
        Of each group by its own data.
    parent, parent_variance
        The mean of each group's parent, and its variance.

    Examples
    --------
    >>> one = np.array([4.0]), np.array([1.0])
    >>> level = drawn(*one, np.array([2.0]), np.array([0.0]), 1.0)
    >>> level.mean.tolist(), level.variance.tolist(), level.own_share.tolist()
    ([3.0], [0.5], [0.5])
    """
    prior = between + parent_variance
    known = np.isfinite(variance)
    shown = np.where(known, variance, 1.0)
    both = np.maximum(prior + shown, 1e-300)
    weight = np.where(known, prior / both, 0.0)
    mean = weight * own + (1 - weight) * parent
    return Level(own, variance, mean, np.where(known, weight * shown, prior), between)
