"""MBG/CNBD-k: customers whose purchases come more regularly than by chance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from scipy import special

from kohorte.errors import ModelError
from kohorte.language import Text
from kohorte.models import special as special_forms
from kohorte.models.arrays import Array, distinct
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Boundary
from kohorte.models.leaving import boundary
from kohorte.models.mixtures import Mixture
from kohorte.models.model import PurchaseModel
from kohorte.models.newton import Derivatives, Optimum, Prior
from kohorte.models.special import trigamma

_MOST_REGULAR = 8
# From so many expected purchases on, neighbors are summed together.
_SINGLE = 128.0


@dataclass(frozen=True, eq=False)
class _Rows:
    x: Array
    t_x: Array
    T: Array
    weights: Array
    # Does not depend on the parameters: the density of the gaps, and the factorials of the phases.
    constant: float


class MbgCnbdK(PurchaseModel):
    """The MBG/NBD model with gaps of k phases between purchases.

    Every purchase is the k-th of events that come at the customer's rate, so that gaps are Erlang-k:
    the larger k the more regular, k = 1 is MBG/NBD. Given that the customer is still one, j of the
    phases may have passed since the last purchase:

        ln L = … + ln { B(a, b+x+1) Σ_{j < k} (T−t_x)^j / j! · Γ(r+kx+j) / (α+T)^{r+kx+j}
                        + B(a+1, b+x) Γ(r+kx) / (α+t_x)^{r+kx} }.

    Expected purchases are the sum Σ_i E[(1−p)^{i−1}] P(at least i purchases), not the approximation of
    the paper. Without `k` the most likely one is taken, which needs `log_gaps` of the customers.

    Attributes
    ----------
    k_
        How many phases; 1 is chance alone.

    Notes
    -----
    Source: Platzer & Reutterer (2016), Ticking away the moments: timing regularity helps to better
    predict customer activity, Marketing Science 35(5); Reutterer, Platzer & Schröder (2021).

    Examples
    --------
    >>> model = MbgCnbdK.phased(2, r=0.9, alpha=10.0, a=0.5, b=3.0)
    >>> model.alive(Buyers([5], [60], [70])).round(2).tolist()
    [0.9]
    """

    slug = "mbg_cnbd_k"
    name = Text(de="MBG/CNBD-k", en="MBG/CNBD-k")
    names = ("r", "alpha", "a", "b")
    times = frozenset({"alpha"})
    begin: ClassVar[dict[str, float]] = {"r": 0.7, "alpha": 0.2, "a": 1.0, "b": 2.0}
    k_: int = 0

    def __init__(self, k: int | None = None) -> None:
        if k is not None and k < 1:
            raise ModelError("The number of phases k is a whole number from 1 on.")
        self._given = k
        self.k_ = k or 0

    @classmethod
    def phased(cls, k: int, *, unit: dt.timedelta = dt.timedelta(days=1), **given: float) -> Self:
        """Return the model with known parameters."""
        made = cls.known(unit=unit, as_of=None, **given)
        made.k_ = made._given = k
        return made

    def fit(self, buyers: Buyers, *, prior: Prior | None = None) -> Self:
        """Find the parameters of the greatest likelihood, and k unless it was given.

        Raises
        ------
        ModelError
            k is to be found, and the times between purchases are not known.
        """
        if self._given is not None:
            self.k_ = self._given
            return super().fit(buyers, prior=prior)
        if buyers.log_gaps is None:
            raise ModelError("How regular purchases are needs the times between them (log_gaps).")
        best: MbgCnbdK | None = None
        for k in range(1, _MOST_REGULAR + 1):
            found = type(self)(k).fit(buyers, prior=prior)
            if best is not None and found.log_likelihood_ <= best.log_likelihood_:
                break
            best = found
        assert best is not None  # noqa: S101 – the first k is always better than none
        given = self._given
        self.__dict__.update(best.__dict__)
        self._given = given
        return self

    def with_parameters(self, parameters: Array) -> Self:
        """Return the same model with other parameters, such as those of one bootstrap draw."""
        made = super().with_parameters(parameters)
        made.k_, made._given = self.k_, self._given
        return made

    def alive(self, buyers: Buyers) -> Array:
        """Return how likely each customer still is one."""
        self._require_unit(buyers)
        return np.asarray(self._phases(buyers).sum(axis=1))

    def phases(self, buyers: Buyers) -> Array:
        """Return how likely each customer is one with j = 0 … k − 1 phases passed."""
        self._require_unit(buyers)
        return self._phases(buyers)

    def _phases(self, buyers: Buyers) -> Array:
        (x, t_x, T), place = distinct(buyers.x, buyers.t_x, buyers.T)
        rows = _Rows(x, t_x, T, np.ones(len(x)), 0.0)
        return np.asarray(_cases(self.values, rows, self.k_)[0].share[:, :-1][place])

    def _purchases(self, buyers: Buyers, t: float) -> Array:
        """Return Σ_j w_j Σ_i E[(1 − p)^{i−1}] · P(at least ik − j phases until t)."""
        phases = self._phases(buyers)
        (x, T), place = distinct(buyers.x, buyers.T)
        if self.k_ == 1:
            made = special_forms.purchases_if_alive(
                **self.parameters_, x=x, T=T, t=t, first_may_die=True
            )
            return np.asarray(phases[:, 0] * made[place])
        return np.asarray(
            sum(phases[:, j] * self._made(x, T, t, passed=j)[place] for j in range(self.k_))
        )

    def _discounted(self, buyers: Buyers, times: Array, factors: Array) -> Array:
        """Return the sum by quarters of a year where it is one by months: there are a third of them."""
        if self.k_ == 1 or len(times) % 3:
            return super()._discounted(buyers, times, factors)
        return super()._discounted(buyers, times[2::3], factors.reshape(-1, 3).mean(axis=1))

    def _made(self, x: Array, T: Array, t: float, *, passed: int) -> Array:
        """Return the purchases of customers who still are ones, so many phases after the last.

        Of hundreds of purchases several neighbors are summed by the one in their middle.
        """
        r, alpha, a, b = self.values
        ahead = t / (alpha + T + t)
        total, left = np.zeros(len(x)), np.arange(len(x))
        done, step = 0.0, 1.0
        while len(left):
            middle, known = done + (step + 1) / 2, x[left]
            chance = special.betainc(
                middle * self.k_ - passed, r + self.k_ * known + passed, ahead[left]
            )
            # The chance to have survived the purchases before.
            stays = np.exp(special.betaln(a, b + known + middle) - special.betaln(a, b + known + 1))
            added = step * stays * chance
            total[left] += added
            left = left[added > 1e-10 * np.maximum(total[left], 1e-2)]
            done += step
            if done >= _SINGLE * step:
                step *= 2
        return total

    def _drawn(self, buyers: Buyers, t: float, chance: np.random.Generator) -> Array:
        r, alpha, a, b = self.values
        share = self._phases(buyers)
        passed = (chance.random(len(buyers))[:, None] * share.sum(axis=1, keepdims=True)) > (
            np.cumsum(share, axis=1)
        )
        phases = passed[:, :-1].sum(axis=1) if self.k_ > 1 else np.zeros(len(buyers))
        rate = chance.gamma(r + self.k_ * buyers.x + phases, 1 / (alpha + buyers.T))
        leave = chance.beta(a, b + buyers.x + 1)
        made = (phases + chance.poisson(rate * t)) // self.k_
        return np.asarray(
            np.minimum(made, chance.geometric(np.maximum(leave, 1e-12))), dtype=np.float64
        )

    def _distinct(self, buyers: Buyers) -> Buyers:
        rows = buyers.counted()
        if buyers.log_gaps is None:
            return rows
        # Only the sum matters; the first row carries it.
        sums = np.zeros(len(rows))
        if len(rows):
            sums[0] = buyers.weighed @ buyers.log_gaps / rows.weighed[0]
        return Buyers(
            rows.x, rows.t_x, rows.T, weights=rows.weights, log_gaps=sums, unit=buyers.unit,
            as_of=buyers.as_of,
        )  # fmt: skip

    def _gather(self, buyers: Buyers) -> _Rows:
        weights = buyers.weighed
        gaps = 0.0 if buyers.log_gaps is None else float(weights @ buyers.log_gaps)
        factorials = float(weights @ buyers.x) * special.gammaln(self.k_)
        constant = (self.k_ - 1) * gaps - factorials
        return _Rows(buyers.x, buyers.t_x, buyers.T, weights, float(constant))

    def _derivatives(self, parameters: Array, gathered: _Rows) -> Derivatives:
        n = gathered.weights.sum()
        r, alpha, a, b = parameters
        cases, by, bends = _cases(parameters, gathered, self.k_)
        hessian = cases.hessian(by, bends, gathered.weights)
        base, slope, bend = _base(r, alpha, a, b)
        return Derivatives(
            float(gathered.weights @ cases.logs + n * base + gathered.constant),
            gathered.weights @ cases.mean(by) + n * slope,
            hessian + n * bend,
        )

    def _scores(self, parameters: Array, buyers: Buyers) -> Array:
        cases, by, _ = _cases(parameters, self._gather(buyers), self.k_)
        return np.asarray(cases.mean(by) + _base(*map(float, parameters))[1])

    def _boundary(self, found: Optimum) -> Boundary | None:
        r, _, a, b = map(float, found.parameters)
        return boundary(r, a, b) or super()._boundary(found)


def _base(r: float, alpha: float, a: float, b: float) -> tuple[float, Array, Array]:
    """Return r ln α − ln Γ(r) − ln B(a, b) with its derivatives."""
    psi = special.digamma
    value = r * np.log(alpha) - special.gammaln(r) - special.betaln(a, b)
    slope = [np.log(alpha) - psi(r), r / alpha, psi(a + b) - psi(a), psi(a + b) - psi(b)]
    bend = np.zeros((4, 4))
    bend[:2, :2] = np.array([[-float(trigamma(r)), 1 / alpha], [1 / alpha, -r / alpha**2]])
    bend[2:, 2:] = trigamma(a + b) - np.diag([trigamma(a), trigamma(b)])
    return float(value), np.array(slope), bend


def _cases(
    parameters: Array, rows: _Rows, k: int
) -> tuple[Mixture, Array, dict[tuple[int, int], Array]]:
    """Return the phases that may have passed, and at last that the customer has left.

    With the derivatives of their logarithms (4 × customers × cases) and the second derivatives.
    """
    r, alpha, a, b = parameters
    psi = special.digamma
    j = np.append(np.arange(k), 0.0)
    gone = np.append(np.zeros(k), 1.0)
    x = rows.x[:, None]
    shape = r + k * x + j
    ends = alpha + np.where(gone > 0, rows.t_x[:, None], rows.T[:, None])
    waited = np.log(np.maximum(rows.T - rows.t_x, 1e-300))[:, None]
    stays = b + x + 1 - gone
    logs = (
        special.gammaln(shape)
        - shape * np.log(ends)
        + j * waited
        - special.gammaln(j + 1)
        + special.betaln(a + gone, stays)
    )
    total = a + b + x + 1
    by = np.stack(
        [
            psi(shape) - np.log(ends),
            -shape / ends,
            psi(a + gone) - psi(total) + np.zeros_like(shape),
            psi(stays) - psi(total),
        ]
    )
    both = -trigamma(total) + np.zeros_like(shape)
    bends = {
        (0, 0): trigamma(shape),
        (0, 1): -1 / ends,
        (1, 1): shape / ends**2,
        (2, 2): trigamma(a + gone) + both,
        (2, 3): both,
        (3, 3): trigamma(stays) + both,
    }
    return Mixture.of(logs), by, bends
