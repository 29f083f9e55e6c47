"""Models in which the future of a customer who still is one depends on x and T alone."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from kohorte.models.arrays import Array, distinct
from kohorte.models.buyers import Buyers
from kohorte.models.model import PurchaseModel


class Memoryless(PurchaseModel):
    """A model whose gaps forget how long they have lasted.

    What is expected is P(alive) times what a customer who is still one does; the latter has far
    fewer different values than there are customers, and is computed once for each.
    """

    def _purchases(self, buyers: Buyers, t: float) -> Array:
        return self._discounted(buyers, np.array([t]), np.ones(1))

    def _discounted(self, buyers: Buyers, times: Array, factors: Array) -> Array:
        (x, T), place = distinct(buyers.x, buyers.T)
        total, before = np.zeros(len(x)), np.zeros(len(x))
        for time, factor in zip(times, factors, strict=True):
            until = self._if_alive(x, T, float(time))
            total += factor * (until - before)
            before = until
        return np.asarray(self.alive(buyers) * total[place])

    @abstractmethod
    def _if_alive(self, x: Array, T: Array, t: float) -> Array:
        """Return how many purchases customers make in a time t who are still ones at T."""
