"""Gamma-Gamma: what a customer spends per purchase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from scipy import special

from kohorte.errors import TooLittleError
from kohorte.language import Sentence, Text
from kohorte.models.arrays import Array, Whole, blocks, distinct
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Boundary, Fitted
from kohorte.models.newton import Derivatives, Optimum, Prior, climb

# With more rows than this, a part of them tells where to begin.
_MANY_ROWS = 60_000
NO_MEAN = Boundary(
    "no_mean",
    Sentence("Spending is spread so widely that it has no mean: a few orders outweigh all others."),
)
ALL_ALIKE = Boundary(
    "all_alike", Sentence("By these data all customers spend the same per order on average.")
)


@dataclass(frozen=True, eq=False)
class _Sums:
    levels: Array
    level_weights: Array
    place: Whole
    x: Array
    log_spent: Array
    spent: Array
    mean: Array
    weights: Array

    @classmethod
    def of(cls, x: Array, mean: Array, weights: Array) -> Self:
        (levels,), place = distinct(x)
        level_weights = np.bincount(place, weights=weights, minlength=len(levels)).astype(
            np.float64
        )
        spent = x * mean
        return cls(levels, level_weights, place, x, np.log(spent), spent, mean, weights)


class GammaGamma(Fitted):
    """The gamma-gamma model of spending per purchase.

    The value of a purchase is gamma(p, ν) with a ν of the customer's own, gamma(q, v) over customers,
    and does not depend on how often they buy. For x purchases of mean z,

        ln L = ln Γ(px + q) − ln Γ(px) − ln Γ(q) + q ln v + (px − 1) ln z + px ln x − (px + q) ln(v + xz),
        E[spend | x, z] = p (v + xz) / (px + q − 1),

    which lies between the customer's own mean and that of all, pv / (q − 1), the nearer to the former
    the more is known. Customers without a repeat purchase are expected to spend as all do. Amounts of
    0 say nothing about the size of a purchase and are left out.

    Notes
    -----
    Source: Colombo & Jiang (1999); Fader & Hardie (2013), The gamma-gamma model of monetary value,
    note 025.

    Examples
    --------
    >>> model = GammaGamma.of(p=6.25, q=3.74, v=15.44)
    >>> round(model.mean_spend(), 2), model.spend(Buyers([1], [5], [9], monetary=[20])).round(2).tolist()
    (35.22, [24.64])
    """

    slug = "gamma_gamma"
    name = Text(de="Gamma-Gamma", en="Gamma-Gamma")
    names = ("p", "q", "v")
    begin: ClassVar[dict[str, float]] = {"p": 2.0, "q": 3.0, "v": 1.0}

    def fit(self, buyers: Buyers, *, prior: Prior | None = None) -> Self:
        """Find the parameters of the greatest likelihood.

        Raises
        ------
        TooLittleError
            Fewer than three customers have repeat purchases of a value.
        """
        x, mean, weights = _of_value(buyers)
        if prior is None and len(x) < 3:
            raise TooLittleError(
                "Only {n} {n:customer has|customers have} repeat purchases of a known value; what "
                "customers spend cannot be told apart.",
                reason="too_few_amounts",
                n=len(x),
            )
        sums = _Sums.of(x, mean, weights)
        scale = float(np.average(mean, weights=weights)) if len(x) else 1.0
        start = np.array([2.0, 3.0, scale]) if prior is None else np.exp(prior.center)
        if len(x) > _MANY_ROWS and prior is None:
            part = slice(None, None, len(x) // (_MANY_ROWS // 3))
            some = _Sums.of(x[part], mean[part], weights[part])
            start = _climb(some, start, scale, gain=1e-3).parameters
        found = _climb(sums, start, scale, prior=prior)
        self._settle(
            found,
            customers=float(weights.sum()),
            prior=prior,
            scores=_scores(found.parameters, sums),
            weights=weights,
        )
        return self

    def predict(self, buyers: Buyers) -> dict[str, Array]:
        """Return `spend`, what each customer is expected to spend per purchase."""
        return {"spend": self.spend(buyers)}

    def spend(self, buyers: Buyers) -> Array:
        """Return what each customer is expected to spend per purchase.

        Where the model has no mean (q ≤ 1) and for customers without a repeat purchase it is what all
        spend.
        """
        p, q, v = self.values
        if buyers.monetary is None:
            return np.full(len(buyers), self.mean_spend())
        known = (buyers.x > 0) & (np.nan_to_num(buyers.monetary) > 0)
        x, mean = np.where(known, buyers.x, 0), np.where(known, buyers.monetary, 0)
        less = p * x + q - 1
        found = p * (v + x * mean) / np.where(less > 0, less, 1)
        return np.where(known & (less > 0), found, self.mean_spend())

    def mean_spend(self) -> float:
        """Return what customers spend per purchase on average, p·v / (q − 1); infinite for q ≤ 1."""
        p, q, v = map(float, self.values)
        return p * v / (q - 1) if q > 1 else float("inf")

    def _boundary(self, found: Optimum) -> Boundary | None:
        p, q, _ = map(float, found.parameters)
        if q <= 1:
            return NO_MEAN
        if q > 1e4 or p > 1e5:
            return ALL_ALIKE
        return super()._boundary(found)


def _climb(
    sums: _Sums, start: Array, scale: float, *, prior: Prior | None = None, gain: float = 1e-9
) -> Optimum:
    return climb(
        lambda at: _likelihood(at, sums),
        start,
        lowest=np.array([1e-4, 1e-4, scale * 1e-6]),
        highest=np.array([1e6, 1e6, scale * 1e6]),
        prior=prior,
        gain=gain,
    )


def _of_value(buyers: Buyers) -> tuple[Array, Array, Array]:
    """Return x, mean and weight of the customers whose repeat purchases had a value."""
    weights = buyers.weighed
    mean = np.zeros(len(buyers)) if buyers.monetary is None else np.nan_to_num(buyers.monetary)
    there = (buyers.x > 0) & (mean > 0) & (weights > 0)
    return buyers.x[there], mean[there], weights[there]


def _likelihood(parameters: Array, sums: _Sums) -> Derivatives:
    p, q, v = parameters
    x, weights = sums.levels, sums.level_weights
    n = weights.sum()
    psi_all, psi_own = special.digamma(p * x + q), special.digamma(p * x)
    value = weights @ (special.gammaln(p * x + q) - special.gammaln(p * x)) + n * (
        q * np.log(v) - special.gammaln(q)
    )
    gradient = np.array(
        [
            weights @ (x * (psi_all - psi_own)),
            weights @ psi_all + n * (np.log(v) - special.digamma(q)),
            n * q / v,
        ]
    )
    bend, own = special.zeta(2, p * x + q), special.zeta(2, p * x)
    hessian = np.zeros((3, 3))
    hessian[0, 0] = weights @ (x**2 * (bend - own))
    hessian[0, 1] = weights @ (x * bend)
    hessian[1, 1] = weights @ bend - n * special.zeta(2, q)
    hessian[1, 2] = n / v
    hessian[2, 2] = -n * q / v**2
    for rows in blocks(len(sums.x)):
        own_x, w = sums.x[rows], sums.weights[rows]
        total = v + sums.spent[rows]
        logs, over = np.log(total), w / total
        shape = p * own_x + q
        wx, w_logs = w * own_x, w * logs
        value += wx @ sums.log_spent[rows] * p - w @ np.log(sums.mean[rows]) - w_logs @ shape
        gradient[0] += wx @ sums.log_spent[rows] - w_logs @ own_x
        gradient[1] -= w_logs.sum()
        gradient[2] -= over @ shape
        hessian[0, 2] -= over @ own_x
        hessian[1, 2] -= over.sum()
        hessian[2, 2] += (over / total) @ shape
    hessian = np.triu(hessian) + np.triu(hessian, 1).T
    return Derivatives(float(value), gradient, hessian)


def _scores(parameters: Array, sums: _Sums) -> Array:
    """Return the gradient of each row, worked out in blocks."""
    p, q, v = parameters
    psi = special.digamma(p * sums.levels + q)
    more = psi - special.digamma(p * sums.levels)
    psi += np.log(v) - special.digamma(q)
    found = np.empty((len(sums.x), 3))
    for rows in blocks(len(sums.x)):
        x, place = sums.x[rows], sums.place[rows]
        total = v + sums.spent[rows]
        logs = np.log(total)
        found[rows, 0] = x * (more[place] + sums.log_spent[rows] - logs)
        found[rows, 1] = psi[place] - logs
        found[rows, 2] = q / v - (p * x + q) / total
    return found
