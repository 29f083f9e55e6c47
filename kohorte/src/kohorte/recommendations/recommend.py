"""Which products to offer to which customer, by the way that foretold the shop's own past best."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.forecasts import forecast
from kohorte.history import History
from kohorte.language import Sentence
from kohorte.models.arrays import Array, Whole
from kohorte.recommendations import baskets as read
from kohorte.recommendations import trial, ways
from kohorte.recommendations.baskets import FEWEST_BUYERS, Baskets
from kohorte.recommendations.trial import Trial
from kohorte.recommendations.ways import Ways
from kohorte.results import Listing

COLUMNS = ("customer_id", "rank", "product_id", "product", "score", "because", "way")
NEIGHBOR_COLUMNS = (
    *("product_id", "product", "together", "expected", "lift", "surprise", "score"),
    *("buyers", "next_baskets"),
)
K = 10


@dataclass(frozen=True, eq=False)
class Recommendations:
    """What to offer to whom.

    Attributes
    ----------
    baskets, ways
        Who bought what, and what was learned of it.
    best
        The way that speaks: `together` or `next`; `recent` or `popular` where these do no better.
    trial, untested
        How each way did on the shop's own past; or why that is not known, and then `recent` speaks.
    """

    baskets: Baskets
    ways: Ways
    best: str
    trial: Trial | None
    untested: Sentence | None

    def listing(self, *, customer: str | None = None, most: int = K) -> Listing:
        """Return the products to offer to each customer, the best first.

        `because` is the product the customer has that speaks most for it, where one does; a product
        that only sells well has a score of 0 and `popular` as its way.

        Raises
        ------
        UnknownNameError
            There is no such customer.
        """
        found = self.baskets
        if customer is None:
            chosen = np.arange(len(found.customers))
        elif customer in found.customers:
            chosen = np.array([found.customers.index(customer)])
        else:
            raise UnknownNameError(
                "There is no customer “{name}” who bought a product.", name=customer
            )
        rows: list[tuple[object, ...]] = []
        for start in range(0, len(chosen), 1_000):
            some = chosen[start : start + 1_000]
            named, scores = self.ways.best(self.best, some, most)
            rows += self._rows(some, named, scores)
        return Listing(COLUMNS, tuple(rows))

    def _rows(self, some: Whole, named: Whole, scores: Array) -> list[tuple[object, ...]]:
        found = self.baskets
        rows: list[tuple[object, ...]] = []
        reasons = self._reasons(some, named)
        for index, customer in enumerate(some.tolist()):
            for rank, place in enumerate(named[index].tolist()):
                if place < 0:
                    continue
                source = int(reasons[index, rank])
                because = None if source < 0 else found.names[source] or found.products[source]
                way = self.best if scores[index, rank] > 0 else "popular"
                rows.append(
                    (
                        found.customers[customer], rank + 1, found.products[place],
                        found.names[place], float(scores[index, rank]), because, way,
                    )
                )  # fmt: skip
        return rows

    def _reasons(self, some: Whole, named: Whole) -> Whole:
        """Return the place of what each customer has that speaks most for each product; -1 for nothing."""
        reasons = np.full(named.shape, -1, dtype=np.int64)
        if self.best not in ("together", "next"):
            return reasons
        likeness = self.ways.together if self.best == "together" else self.ways.next
        have = (self.ways.weighed if self.best == "together" else self.ways.latest)[some]
        owner = np.repeat(np.arange(len(some)), np.diff(have.indptr))
        for rank in range(named.shape[1]):
            wanted = np.maximum(named[owner, rank], 0)
            speaks = have.data * np.asarray(likeness.score[have.indices, wanted]).reshape(-1)
            order = np.lexsort((speaks, owner))
            last = np.flatnonzero(np.diff(owner[order], append=-1))
            strongest = order[last]
            strongest = strongest[speaks[strongest] > 0]
            reasons[owner[strongest], rank] = have.indices[strongest]
        return reasons

    def beside(self, product: str, *, most: int = K) -> Listing:
        """Return what goes with a product, by its number or name, the closest first.

        `together` customers bought both where chance explains `expected`; `lift` is their ratio,
        `surprise` Dunning's G², `next_baskets` how many baskets with the other followed one with it.

        Raises
        ------
        UnknownNameError
            There is no such product, or fewer than five customers bought it.
        """
        found = self.baskets
        keys = list(zip(found.products, found.names, strict=True))
        place = next((at for at, key in enumerate(keys) if product in key), None)
        if place is None:
            raise UnknownNameError(
                "There is no product “{name}” that {few} customers bought.",
                name=product,
                few=FEWEST_BUYERS,
            )
        likeness = self.ways.together
        row = likeness.score[[place]].tocoo()
        order = np.lexsort((row.col, -row.data))[:most]
        rows = []
        for at in order.tolist():
            other = int(row.col[at])
            both = float(likeness.together[place, other])
            expected = found.buyers[place] * found.buyers[other] / len(found.customers)
            rows.append(
                (
                    found.products[other], found.names[other], int(both), float(expected),
                    float(both / expected), float(likeness.surprise[place, other]),
                    float(row.data[at]), int(found.buyers[other]),
                    int(self.ways.next.together[place, other]),
                )
            )  # fmt: skip
        return Listing(NEIGHBOR_COLUMNS, tuple(rows))


def of(history: History, *, k: int = K, half_life_days: float | None = None) -> Recommendations:
    """Return what to offer to whom.

    Parameters
    ----------
    k
        So many products the ways are held to.
    half_life_days
        After so many days what a customer bought says half as much; all says the same unless given.

    Raises
    ------
    TooLittleError
        No line of an order names a product, or no product was bought by five customers.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + k}-05")
    ...     for n in range(60) for k in range(2)
    ... ]
    >>> lines = [
    ...     dict(order_id=f"{n}-{k}", line_number=1, product_id=("tea", "pot")[k] if n % 2 else "soap")
    ...     for n in range(60) for k in range(2)
    ... ]
    >>> with History.from_records(orders=orders, order_lines=lines) as history:
    ...     found = of(history)
    >>> found.beside("tea").rows[0][:3]
    ('pot', None, 30)
    """
    if history.span is None or "order_lines" in history.lacking:
        raise TooLittleError(
            "No line of an order names a product, so nothing can be recommended.",
            reason="no_products",
        )
    split = forecast.split_on(history)
    held, untested = (
        (None, forecast.TOO_SHORT)
        if split is None
        else trial.hold(history, split, k=k, half_life_days=half_life_days)
    )
    found = read.until(history, history.span.ends_on - dt.timedelta(days=1))
    if not found.products:
        raise TooLittleError(
            "No product was bought by {few} customers, so nothing can be recommended.",
            reason="no_products",
            few=FEWEST_BUYERS,
        )
    learned = ways.learn(found, half_life_days=half_life_days)
    return Recommendations(found, learned, held.best if held else "recent", held, untested)
