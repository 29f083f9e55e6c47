"""Pareto/NBD: customers may leave at any time, whether they buy or not."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from kohorte.language import Text
from kohorte.models import deaths
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Boundary
from kohorte.models.leaving import EVERYBODY_LEAVES, NOBODY_LEAVES, ONE_CHANCE, ONE_RATE
from kohorte.models.memoryless import Memoryless
from kohorte.models.newton import Derivatives, Optimum
from kohorte.models.special import power_gap

_ALIKE, _FAR = 1e3, 1e3


class ParetoNbd(Memoryless):
    """The Pareto/NBD model.

    Purchases of a customer come at a rate λ of their own, gamma(r, α) over customers; the customer
    leaves at a rate μ of their own, gamma(s, β). Given that the customer is still one,

        E[Y(t)] = (r + x)(β + T) / ((α + T)(s − 1)) · (1 − ((β + T)/(β + T + t))^{s − 1}).

    α and β count time in the unit of the customers.

    Notes
    -----
    Source: Schmittlein, Morrison & Colombo (1987), Counting your customers, Management Science
    33(1); Fader & Hardie (2005), A note on deriving the Pareto/NBD model.

    Examples
    --------
    >>> import datetime as dt
    >>> from kohorte.models.buyers import Buyers
    >>> week = dt.timedelta(weeks=1)
    >>> model = ParetoNbd.known(r=0.553, alpha=10.578, s=0.606, beta=11.669, unit=week)
    >>> customer = Buyers(x=[26], t_x=[30.86], T=[31], unit=week)
    >>> model.alive(customer).round(3).tolist(), model.purchases(customer, 52 * week).round(1).tolist()
    ([0.998], [25.5])
    """

    slug = "pareto_nbd"
    name = Text(de="Pareto/NBD", en="Pareto/NBD")
    names = ("r", "alpha", "s", "beta")
    times = frozenset({"alpha", "beta"})
    begin: ClassVar[dict[str, float]] = {"r": 0.6, "alpha": 0.4, "s": 0.6, "beta": 0.4}

    def alive(self, buyers: Buyers) -> Array:
        """Return how likely each customer still is one."""
        self._require_unit(buyers)
        return deaths.alive(self.values, buyers.x, buyers.t_x, buyers.T)

    def _if_alive(self, x: Array, T: Array, t: float) -> Array:
        r, alpha, s, beta = map(float, self.values)
        shorter = np.log((beta + T) / (beta + T + t))
        return np.asarray((r + x) * (beta + T) / (alpha + T) * power_gap(s - 1, shorter))

    def _drawn(self, buyers: Buyers, t: float, chance: np.random.Generator) -> Array:
        """Return purchases at the customer's rate until the horizon or until leaving."""
        r, alpha, s, beta = self.values
        rate = chance.gamma(r + buyers.x, 1 / (alpha + buyers.T))
        leave = chance.gamma(s, 1 / (beta + buyers.T))
        stays = chance.exponential(1 / np.maximum(leave, 1e-300))
        return np.asarray(chance.poisson(rate * np.minimum(stays, t)), dtype=np.float64)

    def _gather(self, buyers: Buyers) -> deaths.Sums:
        return deaths.Sums.of(buyers)

    def _derivatives(self, parameters: Array, gathered: deaths.Sums) -> Derivatives:
        return deaths.likelihood(parameters, gathered)

    def _scores(self, parameters: Array, buyers: Buyers) -> Array:
        return deaths.scores(parameters, buyers)

    def _boundary(self, found: Optimum) -> Boundary | None:
        r, alpha, s, beta = map(float, found.parameters)
        # The mean time with the shop against the mean time between purchases.
        if s / beta < r / alpha / _FAR / 10:
            return NOBODY_LEAVES
        if s / beta > r / alpha * _FAR:
            return EVERYBODY_LEAVES
        if s > _ALIKE:
            return ONE_CHANCE
        return ONE_RATE if r > _ALIKE else super()._boundary(found)
