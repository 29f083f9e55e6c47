"""NBD: customers who never leave; what remains of the other models where nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from kohorte.language import Text
from kohorte.models.arrays import Array, counted
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Boundary
from kohorte.models.leaving import ONE_RATE
from kohorte.models.memoryless import Memoryless
from kohorte.models.newton import Derivatives, Optimum


@dataclass(frozen=True, eq=False)
class _Sums:
    levels: Array
    level_weights: Array
    x: Array
    T: Array
    weights: Array


class Nbd(Memoryless):
    """The negative binomial distribution of purchases.

    Purchases come at a rate of the customer's own, gamma(r, α) over customers, for ever:

        L = Γ(r + x)/Γ(r) · α^r / (α + T)^{r + x},  E[Y(t)] = (r + x) · t / (α + T).

    The simpler model where the others find that nobody leaves.

    Notes
    -----
    Source: Ehrenberg (1959), The pattern of consumer purchases, Applied Statistics 8(1).

    Examples
    --------
    >>> import datetime as dt
    >>> Nbd.known(r=1.0, alpha=100.0).new_customer(dt.timedelta(days=50))
    0.5
    """

    slug = "nbd"
    name = Text(de="NBD", en="NBD")
    names = ("r", "alpha")
    times = frozenset({"alpha"})
    begin: ClassVar[dict[str, float]] = {"r": 0.5, "alpha": 0.5}

    def alive(self, buyers: Buyers) -> Array:
        """Return 1 for everybody: here nobody leaves."""
        self._require_unit(buyers)
        return np.ones(len(buyers))

    def _if_alive(self, x: Array, T: Array, t: float) -> Array:
        r, alpha = self.values
        return np.asarray((r + x) * t / (alpha + T))

    def _drawn(self, buyers: Buyers, t: float, chance: np.random.Generator) -> Array:
        r, alpha = self.values
        rate = chance.gamma(r + buyers.x, 1 / (alpha + buyers.T))
        return np.asarray(chance.poisson(rate * t), dtype=np.float64)

    def _gather(self, buyers: Buyers) -> _Sums:
        (levels,), level_weights = counted(buyers.x, weights=buyers.weights)
        (x, T), weights = counted(buyers.x, buyers.T, weights=buyers.weights)
        return _Sums(levels, level_weights, x, T, weights)

    def _derivatives(self, parameters: Array, gathered: _Sums) -> Derivatives:
        r, alpha = parameters
        x, weights = gathered.levels, gathered.level_weights
        y, w, end = r + gathered.x, gathered.weights, alpha + gathered.T
        n, logs = weights.sum(), np.log(end)
        value = weights @ (special.gammaln(r + x) - special.gammaln(r)) - w @ (y * logs)
        slope = weights @ (special.digamma(r + x) - special.digamma(r))
        bend = weights @ (special.zeta(2, r + x) - special.zeta(2, r))
        cross = n / alpha - w @ (1 / end)
        return Derivatives(
            float(value + n * r * np.log(alpha)),
            np.array([slope + n * np.log(alpha) - w @ logs, n * r / alpha - w @ (y / end)]),
            np.array([[bend, cross], [cross, w @ (y / end**2) - n * r / alpha**2]]),
        )

    def _scores(self, parameters: Array, buyers: Buyers) -> Array:
        r, alpha = parameters
        y, end = r + buyers.x, alpha + buyers.T
        slope = special.digamma(y) - special.digamma(r) + np.log(alpha) - np.log(end)
        return np.stack([slope, r / alpha - y / end], axis=1)

    def _boundary(self, found: Optimum) -> Boundary | None:
        return ONE_RATE if found.parameters[0] > 1e3 else super()._boundary(found)
