"""Ways to put products in order for a customer: what goes with their products, what comes next, what sells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from kohorte.language import Text
from kohorte.models.arrays import Array, Truth, Whole
from kohorte.recommendations import likeness
from kohorte.recommendations.baskets import Baskets
from kohorte.recommendations.likeness import Likeness

# What sells now is what was bought within so many days.
RECENT_DAYS = 90
# A product that so many of its buyers bought again is offered to those who have it.
REPEAT_SHARE = 0.5
_BLOCK = 1_000
NAMES = {
    "together": Text(de="von denselben Kunden gekauft", en="bought by the same customers"),
    "next": Text(de="im Korb danach", en="in the basket after"),
    "recent": Text(de="zuletzt am beliebtesten", en="most popular of late"),
    "popular": Text(de="am beliebtesten", en="most popular"),
}


@dataclass(frozen=True, eq=False)
class Ways:
    """Everything that orders products, learned from what is known.

    Attributes
    ----------
    bought, latest
        Who bought what, and in the last basket; the former weighs less by age where that was asked for.
    together, next
        What goes with what.
    popular, recent
        How many customers bought each product, and in the last `RECENT_DAYS`.
    repeat
        Whether each product is bought again by those who have it.
    """

    bought: sparse.csr_matrix
    latest: sparse.csr_matrix
    weighed: sparse.csr_matrix
    together: Likeness
    next: Likeness
    popular: Array
    recent: Array
    repeat: Truth

    def scores(self, way: str, customers: Whole) -> Array:
        """Return the scores of all products for some customers: customers × products."""
        match way:
            case "together":
                return np.asarray((self.weighed[customers] @ self.together.score).todense())
            case "next":
                return np.asarray((self.latest[customers] @ self.next.score).todense())
            case "recent":
                return np.tile(self.recent, (len(customers), 1))
            case _:
                return np.tile(self.popular, (len(customers), 1))

    def best(self, way: str, customers: Whole, most: int) -> tuple[Whole, Array]:
        """Return the products of the greatest scores of each customer, and the scores.

        What a customer has is left out unless it is bought again; where a way knows too few
        products, those that sell follow, with a score of 0.
        """
        most = min(most, len(self.popular))
        places, values = [], []
        scale = 1e-9 / max(float(self.popular.max(initial=1.0)), 1.0)
        for start in range(0, len(customers), _BLOCK):
            some = customers[start : start + _BLOCK]
            score = self.scores(way, some)
            filled = score + scale * self.popular
            have = np.asarray(self.bought[some].todense(), dtype=bool) & ~self.repeat
            filled[have] = -1.0
            top = np.argpartition(-filled, most - 1, axis=1)[:, :most]
            found = np.take_along_axis(filled, top, axis=1)
            # Equal scores by the place of the product, so that every run says the same.
            order = np.lexsort((top, -found), axis=1)
            top = np.take_along_axis(top, order, axis=1)
            places.append(np.where(np.take_along_axis(filled, top, axis=1) < 0, -1, top))
            values.append(np.take_along_axis(score, top, axis=1))
        if not places:
            return np.zeros((0, most), dtype=np.int64), np.zeros((0, most))
        return np.concatenate(places), np.concatenate(values)


def learn(baskets: Baskets, *, half_life_days: float | None = None) -> Ways:
    """Learn all ways from what is known.

    Parameters
    ----------
    half_life_days
        After so many days what a customer bought says half as much of what they want; all says the
        same unless given.
    """
    bought = baskets.matrix()
    earlier, later = baskets.steps()
    some = baskets.known
    recent = some & (baskets.day > baskets.known_until - RECENT_DAYS)
    pairs = np.unique(np.stack([baskets.customer[recent], baskets.product[recent]]), axis=1)
    share = baskets.again / np.maximum(baskets.buyers, 1)
    return Ways(
        bought,
        baskets.latest(),
        _weighed(baskets, bought, half_life_days),
        likeness.between(bought, bought),
        likeness.between(earlier, later),
        baskets.buyers,
        np.bincount(pairs[1], minlength=len(baskets.products)).astype(np.float64),
        share >= REPEAT_SHARE,
    )


def _weighed(
    baskets: Baskets, bought: sparse.csr_matrix, half_life_days: float | None
) -> sparse.csr_matrix:
    if half_life_days is None:
        return bought
    some = baskets.known
    keys = baskets.customer[some] * bought.shape[1] + baskets.product[some]
    found, place = np.unique(keys, return_inverse=True)
    day = np.zeros(len(found))
    np.maximum.at(day, place.reshape(-1), baskets.day[some])
    weight = 0.5 ** ((baskets.known_until - day) / half_life_days)
    rows, columns = np.divmod(found, bought.shape[1])
    return sparse.csr_matrix((weight, (rows, columns)), shape=bought.shape)
