"""What BG/NBD and MBG/NBD have in common as models, and the names of their boundaries."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from kohorte.language import Sentence
from kohorte.models import dropout, special
from kohorte.models.arrays import Array
from kohorte.models.buyers import Buyers
from kohorte.models.fitted import Boundary
from kohorte.models.memoryless import Memoryless
from kohorte.models.newton import Derivatives, Optimum

NOBODY_LEAVES = Boundary(
    "nobody_leaves", Sentence("By these data nobody leaves for good: all who stay away come back.")
)
EVERYBODY_LEAVES = Boundary(
    "everybody_leaves", Sentence("By these data nearly everybody leaves after the first purchase.")
)
ONE_CHANCE = Boundary(
    "one_chance_of_leaving",
    Sentence(
        "By these data all customers leave with the same chance, so no two can be told apart."
    ),
)
ONE_RATE = Boundary(
    "one_rate", Sentence("By these data all customers buy at the same rate while they stay.")
)
_RARE, _ALIKE = 1e-3, 1e3


def boundary(r: float, a: float, b: float) -> Boundary | None:
    """Return the name of what the parameters say, if they have run to an edge.

    Examples
    --------
    >>> boundary(0.5, 1e-5, 3.0).slug
    'nobody_leaves'
    """
    if a / (a + b) < _RARE:
        return NOBODY_LEAVES
    if a / (a + b) > 1 - _RARE:
        return EVERYBODY_LEAVES
    if a + b > _ALIKE:
        return ONE_CHANCE
    return ONE_RATE if r > _ALIKE else None


class LeavingModel(Memoryless):
    """A model in which customers leave after a purchase, each with a chance of their own."""

    names = ("r", "alpha", "a", "b")
    times = frozenset({"alpha"})
    begin: ClassVar[dict[str, float]] = {"r": 0.5, "alpha": 0.3, "a": 1.0, "b": 2.0}
    first_may_die: ClassVar[bool]

    def alive(self, buyers: Buyers) -> Array:
        """Return how likely each customer still is one."""
        self._require_unit(buyers)
        return dropout.alive(
            self.values,
            buyers.x,
            buyers.t_x,
            buyers.T,
            first_may_die=self.first_may_die,
        )

    def _if_alive(self, x: Array, T: Array, t: float) -> Array:
        return special.purchases_if_alive(
            **self.parameters_, x=x, T=T, t=t, first_may_die=self.first_may_die
        )

    def _drawn(self, buyers: Buyers, t: float, chance: np.random.Generator) -> Array:
        """Return the smaller of how often customers would buy and when they would leave."""
        r, alpha, a, b = self.values
        rate = chance.gamma(r + buyers.x, 1 / (alpha + buyers.T))
        leave = chance.beta(a, b + buyers.x + (1 if self.first_may_die else 0))
        return np.asarray(
            np.minimum(chance.poisson(rate * t), chance.geometric(np.maximum(leave, 1e-12))),
            dtype=np.float64,
        )

    def _gather(self, buyers: Buyers) -> dropout.Sums:
        return dropout.Sums.of(buyers, first_may_die=self.first_may_die)

    def _derivatives(self, parameters: Array, gathered: dropout.Sums) -> Derivatives:
        return dropout.likelihood(parameters, gathered)

    def _scores(self, parameters: Array, buyers: Buyers) -> Array:
        return dropout.scores(parameters, buyers, first_may_die=self.first_may_die)

    def _boundary(self, found: Optimum) -> Boundary | None:
        r, _, a, b = map(float, found.parameters)
        return boundary(r, a, b) or super()._boundary(found)
