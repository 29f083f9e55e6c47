"""BG/BB: purchases at fixed opportunities, such as one donation a year or one visit a season."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from kohorte.language import Text
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Boundary
from kohorte.models.leaving import EVERYBODY_LEAVES, NOBODY_LEAVES, ONE_CHANCE, ONE_RATE
from kohorte.models.mixtures import Mixture
from kohorte.models.model import PurchaseModel
from kohorte.models.newton import Derivatives, Optimum
from kohorte.models.special import trigamma


@dataclass(frozen=True, eq=False)
class _Rows:
    x: Array
    t_x: Array
    n: Array
    weights: Array


class BgBb(PurchaseModel):
    """The beta-geometric/beta-Bernoulli model.

    At each opportunity a customer who still is one buys with a chance p of their own, beta(α, β) over
    customers, and before each leaves with a chance θ, beta(γ, δ). Of n opportunities x were taken, the
    last at t_x; the unit of time is one opportunity and T counts them:

        L = B(α+x, β+n−x) B(γ, δ+n) + Σ_{i < n−t_x} B(α+x, β+t_x−x+i) B(γ+1, δ+t_x+i),

    over B(α, β) B(γ, δ). `alive` is the chance of still being a customer at the next opportunity.

    Notes
    -----
    Source: Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual
    setting, Marketing Science 29(6).

    Examples
    --------
    >>> import datetime as dt
    >>> year = dt.timedelta(days=365)
    >>> model = BgBb.known(alpha=1.204, beta=0.750, gamma=0.657, delta=2.783, unit=year)
    >>> round(model.new_customer(10 * year), 2)
    3.18
    """

    slug = "bg_bb"
    name = Text(de="BG/BB", en="BG/BB")
    names = ("alpha", "beta", "gamma", "delta")
    begin: ClassVar[dict[str, float]] = {"alpha": 1.0, "beta": 1.0, "gamma": 0.7, "delta": 2.0}

    def alive(self, buyers: Buyers) -> Array:
        """Return how likely each customer is one at the next opportunity."""
        self._require_unit(buyers)
        gamma, delta = self.values[2:]
        cases, _ = _cases(self.values, _rows(buyers))
        stays = (delta + buyers.T) / (gamma + delta + buyers.T)
        return np.asarray(cases.share[:, 0] * stays)

    def _purchases(self, buyers: Buyers, t: float) -> Array:
        """Return the sum over whole opportunities ahead of still being there and buying."""
        alpha, beta, gamma, delta = self.values
        cases, _ = _cases(self.values, _rows(buyers))
        there = np.ones(len(buyers))
        total = np.zeros(len(buyers))
        for ahead in range(int(t + 1e-9)):
            seen = buyers.T + ahead
            there = there * (delta + seen) / (gamma + delta + seen)
            total += there
        buys = (alpha + buyers.x) / (alpha + beta + buyers.T)
        return np.asarray(cases.share[:, 0] * buys * total)

    def _drawn(self, buyers: Buyers, t: float, chance: np.random.Generator) -> Array:
        """Return purchases at the opportunities before leaving, of customers there at the next one."""
        alpha, beta, gamma, delta = self.values
        buys = chance.beta(alpha + buyers.x, beta + buyers.T - buyers.x)
        leave = chance.beta(gamma, delta + buyers.T + 1)
        there = np.minimum(int(t + 1e-9), chance.geometric(np.maximum(leave, 1e-12)))
        return np.asarray(chance.binomial(there, buys), dtype=np.float64)

    def _gather(self, buyers: Buyers) -> _Rows:
        return _rows(buyers.counted())

    def _derivatives(self, parameters: Array, gathered: _Rows) -> Derivatives:
        cases, bends = _cases(parameters, gathered)
        weights = gathered.weights
        by = _slopes(parameters, gathered)
        hessian = cases.hessian(by, bends, weights)
        return Derivatives(float(weights @ cases.logs), weights @ cases.mean(by), hessian)

    def _scores(self, parameters: Array, buyers: Buyers) -> Array:
        rows = _rows(buyers)
        return _cases(parameters, rows)[0].mean(_slopes(parameters, rows))

    def _boundary(self, found: Optimum) -> Boundary | None:
        alpha, beta, gamma, delta = map(float, found.parameters)
        if gamma / (gamma + delta) < 1e-3:
            return NOBODY_LEAVES
        if gamma / (gamma + delta) > 1 - 1e-3:
            return EVERYBODY_LEAVES
        if gamma + delta > 1e3:
            return ONE_CHANCE
        return ONE_RATE if alpha + beta > 1e3 else super()._boundary(found)


def _rows(buyers: Buyers) -> _Rows:
    return _Rows(buyers.x, buyers.t_x, buyers.T, buyers.weighed)


def _ends(rows: _Rows) -> tuple[Array, Array, Array]:
    """Return opportunities not taken, opportunities survived, and whether the customer left.

    Customers × cases: the first case is still there, the others left after each opportunity from
    the last purchase on.
    """
    most = int(np.max(rows.n - rows.t_x, initial=0))
    later = rows.t_x[:, None] + np.arange(most)
    survived = np.concatenate([rows.n[:, None], later], axis=1)
    gone = np.ones_like(survived)
    gone[:, 0] = 0
    return survived - rows.x[:, None], survived, gone


def _cases(parameters: Array, rows: _Rows) -> tuple[Mixture, dict[tuple[int, int], Array]]:
    """Return what may have happened, and the second derivatives of its logarithm."""
    alpha, beta, gamma, delta = parameters
    missed, survived, gone = _ends(rows)
    x = rows.x[:, None]
    logs = (
        special.betaln(alpha + x, beta + np.maximum(missed, 0))
        - special.betaln(alpha, beta)
        + special.betaln(gamma + gone, delta + survived)
        - special.betaln(gamma, delta)
    )
    logs = np.where((gone > 0) & (survived >= rows.n[:, None]), -np.inf, logs)
    buying = trigamma(alpha + beta) - trigamma(alpha + beta + survived)
    staying = trigamma(gamma + delta) - trigamma(gamma + delta + survived + gone)
    bends = {
        (0, 0): trigamma(alpha + x) - trigamma(alpha) + buying,
        (0, 1): buying,
        (1, 1): trigamma(beta + missed) - trigamma(beta) + buying,
        (2, 2): trigamma(gamma + gone) - trigamma(gamma) + staying,
        (2, 3): staying,
        (3, 3): trigamma(delta + survived) - trigamma(delta) + staying,
    }
    return Mixture.of(logs), bends


def _slopes(parameters: Array, rows: _Rows) -> Array:
    """Return the derivatives of the cases, parameters × customers × cases."""
    alpha, beta, gamma, delta = parameters
    missed, survived, gone = _ends(rows)
    psi, x = special.digamma, rows.x[:, None]
    buying = psi(alpha + beta) - psi(alpha + beta + survived)
    staying = psi(gamma + delta) - psi(gamma + delta + survived + gone)
    return np.stack(
        [
            np.broadcast_to(psi(alpha + x) - psi(alpha), buying.shape) + buying,
            psi(beta + missed) - psi(beta) + buying,
            psi(gamma + gone) - psi(gamma) + staying,
            psi(delta + survived) - psi(delta) + staying,
        ]
    )
