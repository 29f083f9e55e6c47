"""The likelihood that BG/NBD and MBG/NBD share, with its gradient and Hessian.

While a customer is one, purchases come at a rate of their own, gamma(r, α) over customers; after
each purchase the customer leaves for good with a chance of their own, beta(a, b). With m = x
(BG/NBD) or x + 1 (MBG/NBD, where the first purchase may be the last as well) and y = r + x,

    L = Γ(y)/Γ(r) · α^r · B(a, b + m)/B(a, b) · (α + T)^{−y} · (1 + e^u),
    u = ln a − ln(b + m − 1) + y · ln((α + T)/(α + t_x)),

where BG/NBD has the last factor only for x > 0. Special functions depend on x alone and are summed
over its histogram; customers without a repeat are one row for each T.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from kohorte.models.arrays import Array, blocks, by_level, counted
from kohorte.models.buyers import Buyers
from kohorte.models.newton import Derivatives
from kohorte.models.special import trigamma


@dataclass(frozen=True, eq=False)
class Sums:
    """Customers as the likelihood reads them: a histogram of x, and rows that weigh.

    `still` are rows that cannot have left (x = 0 in BG/NBD): only their T matters.
    """

    first_may_die: bool
    levels: Array
    level_weights: Array
    x: Array
    t_x: Array
    T: Array
    weights: Array
    still_T: Array
    still_weights: Array

    @classmethod
    def of(cls, buyers: Buyers, *, first_may_die: bool) -> Sums:
        """Gather what customers share."""
        some = buyers if buyers.weights is not None else buyers.counted()
        back = some.x > 0
        once = ~back
        (once_T,), once_weights = counted(some.T[once], weights=some.weighed[once])
        (levels,), level_weights = counted(some.x, weights=some.weighed)
        x, t_x, T, weights = some.x[back], some.t_x[back], some.T[back], some.weighed[back]
        if first_may_die:
            nothing = np.zeros(len(once_T))
            x, t_x = np.append(x, nothing), np.append(t_x, nothing)
            T, weights = np.append(T, once_T), np.append(weights, once_weights)
            once_T, once_weights = once_T[:0], once_weights[:0]
        return cls(first_may_die, levels, level_weights, x, t_x, T, weights, once_T, once_weights)


def likelihood(parameters: Array, sums: Sums) -> Derivatives:
    """Return the log-likelihood of (r, α, a, b), its gradient and its Hessian."""
    found = _of_counts(parameters, sums) + _of_those_who_stay(parameters, sums)
    for rows in blocks(len(sums.x)):
        found += _of_rows(parameters, sums, rows)
    return found


def _of_counts(parameters: Array, sums: Sums) -> Derivatives:
    """Return the part that depends on x alone."""
    r, alpha, a, b = parameters
    weights, x = sums.level_weights, sums.levels
    m = x + 1 if sums.first_may_die else x
    n = weights.sum()
    value = weights @ (
        special.gammaln(r + x) + special.gammaln(b + m) - special.gammaln(a + b + m)
    ) + n * (r * np.log(alpha) - special.gammaln(r) - special.gammaln(b) + special.gammaln(a + b))
    psi = special.digamma
    together = weights @ (psi(a + b) - psi(a + b + m))
    gradient = np.array(
        [
            weights @ (psi(r + x) - psi(r)) + n * np.log(alpha),
            n * r / alpha,
            together,
            together + weights @ (psi(b + m) - psi(b)),
        ]
    )
    hessian = np.zeros((4, 4))
    hessian[0, 0] = weights @ (trigamma(r + x) - trigamma(r))
    hessian[0, 1] = hessian[1, 0] = n / alpha
    hessian[1, 1] = -n * r / alpha**2
    hessian[2:, 2:] = weights @ (trigamma(a + b) - trigamma(a + b + m))
    hessian[3, 3] += weights @ (trigamma(b + m) - trigamma(b))
    return Derivatives(float(value), gradient, hessian)


def _of_those_who_stay(parameters: Array, sums: Sums) -> Derivatives:
    """Return −r · ln(α + T) of customers without a repeat, who in BG/NBD never left."""
    r, alpha = parameters[:2]
    inverse = 1 / (alpha + sums.still_T)
    logs = sums.still_weights @ np.log(alpha + sums.still_T)
    first, second = sums.still_weights @ inverse, sums.still_weights @ inverse**2
    gradient = np.array([-logs, -r * first, 0.0, 0.0])
    hessian = np.zeros((4, 4))
    hessian[0, 1] = hessian[1, 0] = -first
    hessian[1, 1] = r * second
    return Derivatives(float(-r * logs), gradient, hessian)


def _of_rows(parameters: Array, sums: Sums, rows: slice) -> Derivatives:
    """Return the part that depends on t_x and T, of some rows."""
    r, alpha, a, b = parameters
    x, weights = sums.x[rows], sums.weights[rows]
    y = r + x
    end, last = alpha + sums.T[rows], alpha + sums.t_x[rows]
    before = b + x if sums.first_may_die else b + x - 1
    end_log, over_end, over_last = np.log(end), 1 / end, 1 / last
    gap, slope = end_log - np.log(last), over_end - over_last
    u = np.log(a / before) + y * gap
    small = np.exp(-np.abs(u))
    value = weights @ (np.maximum(u, 0) + np.log1p(small) - y * end_log)
    gone = np.where(u >= 0, 1.0, small) / (1 + small)
    leaving, doubt = weights * gone, weights * gone * (1 - gone)
    by = np.stack([gap, y * slope, np.full_like(gap, 1 / a), -1 / before])
    gradient = by @ leaving
    gradient[0] -= weights @ end_log
    ends = weights * over_end
    gradient[1] -= ends @ y
    hessian = (by * doubt) @ by.T
    hessian[0, 1] += leaving @ slope - ends.sum()
    hessian[1, 0] = hessian[0, 1]
    hessian[1, 1] += (ends * over_end) @ y - leaving @ (y * slope * (over_end + over_last))
    hessian[2, 2] -= leaving.sum() / a**2
    hessian[3, 3] += leaving @ by[3] ** 2
    return Derivatives(float(value), gradient, hessian)


def scores(parameters: Array, buyers: Buyers, *, first_may_die: bool) -> Array:
    """Return the gradient of every single row, from which sandwich errors follow."""
    r, alpha, a, b = parameters
    x, psi = buyers.x, special.digamma
    shift = 1 if first_may_die else 0
    m = x + shift
    y, end, last = r + x, alpha + buyers.T, alpha + buyers.t_x
    gone = 1 - alive(parameters, buyers.x, buyers.t_x, buyers.T, first_may_die=first_may_die)
    together = by_level(lambda level: psi(a + b) - psi(a + b + shift + level), x)
    found = np.empty((len(x), 4))
    found[:, 0] = (
        by_level(lambda level: psi(r + level) - psi(r) + np.log(alpha), x)
        - np.log(end)
        + gone * np.log(end / last)
    )
    found[:, 1] = r / alpha - y / end + gone * y * (1 / end - 1 / last)
    found[:, 2] = together + gone / a
    found[:, 3] = (
        together
        + by_level(lambda level: psi(b + shift + level) - psi(b), x)
        - gone / np.where(b + m > 1, b + m - 1, 1)
    )
    return found


def alive(parameters: Array, x: Array, t_x: Array, T: Array, *, first_may_die: bool) -> Array:
    """Return how likely customers have not left, 1 / (1 + e^u)."""
    r, alpha, a, b = parameters
    gap = np.log(alpha + T) - np.log(alpha + t_x)
    if first_may_die:
        return np.asarray(special.expit(-(np.log(a / (b + x)) + (r + x) * gap)))
    before = np.where(x > 0, b + x - 1, 1.0)
    return np.where(x > 0, special.expit(-(np.log(a / before) + (r + x) * gap)), 1.0)
