"""The likelihood of Pareto/NBD as an integral over the time of leaving, with all derivatives.

A customer who bought x times until t_x either is one still, at T, or left at some u in between:

    L = Γ(r+x)/Γ(r) · α^r β^s · { (α+T)^{−(r+x)} (β+T)^{−s} + s ∫_{t_x}^{T} (α+u)^{−(r+x)} (β+u)^{−(s+1)} du }.

The published solution of the integral is a difference of two ₂F₁, which cancel, overflow for large
x, and have no simple derivatives by their parameters. Here Gauss–Legendre sums it over the logarithm
of min(α, β) + u, in which its singularities keep their distance from every interval, and no farther
than it counts. Gradient and Hessian are then those of a mixture: with the posterior weight of each
time of leaving, the mean and the covariance of elementary derivatives.

Source: Schmittlein, Morrison & Colombo (1987); Fader & Hardie, A note on deriving the Pareto/NBD
model (2005), equation 21.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from kohorte.models.arrays import BLOCK, Array, counted
from kohorte.models.buyers import Buyers
from kohorte.models.mixtures import Mixture
from kohorte.models.newton import Derivatives

NODES = 20
_NOTHING = 1e-300
# e to the minus this is as good as nothing.
_NEGLIGIBLE = 36.0


@dataclass(frozen=True, eq=False)
class Sums:
    """Distinct customers with their weights, and a histogram of x."""

    levels: Array
    level_weights: Array
    x: Array
    t_x: Array
    T: Array
    weights: Array

    @classmethod
    def of(cls, buyers: Buyers) -> Sums:
        """Gather what customers share."""
        some = buyers.counted()
        (levels,), level_weights = counted(some.x, weights=some.weighed)
        return cls(levels, level_weights, some.x, some.t_x, some.T, some.weighed)


def likelihood(parameters: Array, sums: Sums) -> Derivatives:
    """Return the log-likelihood of (r, α, s, β), its gradient and its Hessian."""
    found = _of_counts(parameters, sums)
    size = BLOCK // (NODES // 2)
    for start in range(0, len(sums.x), size):
        found += _of_rows(parameters, sums, slice(start, start + size))
    return found


def _of_counts(parameters: Array, sums: Sums) -> Derivatives:
    """Return the part that depends on x alone."""
    r, alpha, s, beta = parameters
    weights, x = sums.level_weights, sums.levels
    n = weights.sum()
    value = weights @ (special.gammaln(r + x) - special.gammaln(r)) + n * (
        r * np.log(alpha) + s * np.log(beta)
    )
    gradient = np.array(
        [
            weights @ (special.digamma(r + x) - special.digamma(r)) + n * np.log(alpha),
            n * r / alpha,
            n * np.log(beta),
            n * s / beta,
        ]
    )
    hessian = np.diag(
        [
            weights @ (special.zeta(2, r + x) - special.zeta(2, r)),
            -n * r / alpha**2,
            0.0,
            -n * s / beta**2,
        ]
    )
    hessian[0, 1] = hessian[1, 0] = n / alpha
    hessian[2, 3] = hessian[3, 2] = n / beta
    return Derivatives(float(value), gradient, hessian)


def _of_rows(parameters: Array, sums: Sums, rows: slice) -> Derivatives:
    r, alpha, s, beta = parameters
    x, weights = sums.x[rows], sums.weights[rows]
    times, cases, by = _cases(parameters, x, sums.t_x[rows], sums.T[rows])
    each = cases.share * weights[:, None]
    hessian = cases.covariance(by, weights)
    over_alpha, over_beta = 1 / (alpha + times), 1 / (beta + times)
    gone, still = each[:, :-1], each[:, -1]
    hessian[0, 1] -= np.sum(each * over_alpha)
    hessian[1, 0] = hessian[0, 1]
    hessian[1, 1] += np.sum(each * over_alpha**2 * (r + x)[:, None])
    hessian[2, 2] -= gone.sum() / s**2
    hessian[2, 3] -= np.sum(each * over_beta)
    hessian[3, 2] = hessian[2, 3]
    hessian[3, 3] += (s + 1) * np.sum(gone * over_beta[:, :-1] ** 2) + s * (
        still @ over_beta[:, -1] ** 2
    )
    return Derivatives(float(weights @ cases.logs), weights @ cases.mean(by), hessian)


def _cases(parameters: Array, x: Array, t_x: Array, T: Array) -> tuple[Array, Mixture, Array]:
    """Return for every customer times of leaving, T the last of them, and what each one weighs.

    Returns
    -------
    tuple
        Times (customers × times), their mixture, and the derivatives of the cases by the parameters
        (4 × customers × times).
    """
    r, alpha, s, beta = parameters
    times, widths = _nodes(parameters, x, t_x, T)
    times = np.concatenate([times, T[:, None]], axis=1)
    log_alpha, log_beta = np.log(alpha + times), np.log(beta + times)
    y = (r + x)[:, None]
    logs = -y * log_alpha - s * log_beta
    logs[:, :-1] += np.log(s * widths + _NOTHING) - log_beta[:, :-1]
    by = np.stack([-log_alpha, -y / (alpha + times), -log_beta, -s / (beta + times)])
    by[2, :, :-1] += 1 / s
    by[3, :, :-1] *= (s + 1) / s
    return times, Mixture.of(logs), by


def _nodes(parameters: Array, x: Array, t_x: Array, T: Array) -> tuple[Array, Array]:
    """Return times between t_x and T, and the width that each of them stands for."""
    r, alpha, s, beta = parameters
    nearest = min(alpha, beta) + t_x
    decay = nearest * ((r + x) / (alpha + t_x) + (s + 1) / (beta + t_x)) - 1
    length = np.minimum(np.log1p((T - t_x) / nearest), _NEGLIGIBLE / np.maximum(decay, 1e-9))
    nodes, widths = _legendre(NODES)
    logarithm = length[:, None] * nodes
    scale = nearest[:, None]
    later = scale * np.expm1(logarithm)
    return t_x[:, None] + later, (later + scale) * length[:, None] * widths


@cache
def _legendre(count: int) -> tuple[Array, Array]:
    nodes, widths = np.polynomial.legendre.leggauss(count)
    return (nodes + 1) / 2, widths / 2


def alive(parameters: Array, x: Array, t_x: Array, T: Array) -> Array:
    """Return how likely customers have not left."""
    found = np.empty(len(x))
    for start in range(0, len(x), BLOCK):
        some = slice(start, start + BLOCK)
        found[some] = _cases(parameters, x[some], t_x[some], T[some])[1].share[:, -1]
    return found


def scores(parameters: Array, buyers: Buyers) -> Array:
    """Return the gradient of every single row, from which sandwich errors follow."""
    r, alpha, s, beta = parameters
    found = np.empty((len(buyers), 4))
    for start in range(0, len(buyers), BLOCK):
        some = slice(start, start + BLOCK)
        x = buyers.x[some]
        _, cases, by = _cases(parameters, x, buyers.t_x[some], buyers.T[some])
        found[some] = cases.mean(by)
        found[some, 0] += special.digamma(r + x) - special.digamma(r) + np.log(alpha)
    return np.asarray(found + np.array([0.0, r / alpha, np.log(beta), s / beta]))
