"""Purchases at fixed occasions, one a year or a quarter, such as donations: BG/BB, fed from a history.

An occasion is a calendar period of the shop after that of the first purchase. It is taken or not, however often
somebody bought in it; the period that the data end in is not over and does not count.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.history import History
from kohorte.models.arrays import Array
from kohorte.models.bg_bb import BgBb
from kohorte.models.buyers import Buyers
from kohorte.results import Grain, Listing
from kohorte.validate import measures

# The mean length of each in days, by which a duration becomes a number of occasions.
LENGTHS: dict[Grain, float] = {"month": 30.436875, "quarter": 91.310625, "year": 365.2425}
COLUMNS = ("customer_id", "occasions", "taken", "last_taken", "alive_percent", "next_occasions")


@dataclass(frozen=True)
class Held:
    """The model of the first occasions against the last ones.

    `foretold` and `actual` are sums of occasions taken; `ranking_percent` the chance that who came was ranked
    above who did not, `recency_percent` the same by the last occasion taken alone.
    """

    occasions: int
    customers: int
    foretold: float
    actual: float
    ranking_percent: float | None
    recency_percent: float | None


@dataclass(frozen=True, eq=False)
class OccasionForecast:
    """A forecast of occasions: the model, its track record, and every customer.

    `ahead` occasions are looked at; `expected` is how many of them each customer takes.
    """

    grain: Grain
    customers: tuple[str, ...]
    buyers: Buyers
    model: BgBb
    alive: Array
    ahead: int
    expected: Array
    held: Held | None

    def listing(self) -> Listing:
        """Return the customers, those of whom most is expected first."""
        order = np.argsort(-self.expected, kind="stable")
        rows = tuple(
            (
                self.customers[at], int(self.buyers.T[at]), int(self.buyers.x[at]),
                int(self.buyers.t_x[at]), float(100 * self.alive[at]), float(self.expected[at]),
            )
            for at in order.tolist()
        )  # fmt: skip
        return Listing(COLUMNS, rows)


def of(history: History, *, grain: Grain = "year", ahead: int = 3) -> OccasionForecast:
    """Return who takes the next occasions.

    Parameters
    ----------
    grain
        `month`, `quarter` or `year`.
    ahead
        How many occasions to look ahead.

    Raises
    ------
    TooLittleError
        No whole period lies after anybody's first purchase, or nobody took an occasion.

    Notes
    -----
    Source: Fader, Hardie & Shang (2010), Customer-base analysis in a discrete-time noncontractual setting,
    Marketing Science 29(6).

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"{2015 + k}-05-01")
    ...     for n in range(90) for k in range(10) if k == 0 or (n % 3 and k < 3 + n % 7 and (n + k) % 3)
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     found = of(history)
    >>> len(found.customers), int(found.buyers.T.max()), bool(found.expected.max() > 1)
    (90, 7, True)
    """
    buyers, customers = _buyers(history, grain, drop=0)
    model = BgBb().fit(buyers)
    length = dt.timedelta(days=LENGTHS[grain])
    return OccasionForecast(
        grain,
        customers,
        buyers,
        model,
        model.alive(buyers),
        ahead,
        model.purchases(buyers, ahead * length),
        _held(history, grain, buyers),
    )


def _taken(history: History, grain: Grain) -> tuple[list[str], Array, int]:
    """Return customers, their occasions taken as a table, and how many periods are over."""
    laid = history.periods(grain)
    if history.span is None or not laid:
        raise TooLittleError("There are no customers to learn from.", reason="nobody")
    over = sum(period.ends_on <= history.span.ends_on for period in laid)
    numbers = {period.starts_on: at for at, period in enumerate(laid)}
    rows = history.engine.rows(
        "SELECT DISTINCT customer_id, day FROM purchase_days ORDER BY customer_id, day"
    )
    starts = sorted(numbers)
    first = dt.date(1970, 1, 1).toordinal()
    edges = np.array([start.toordinal() - first for start in starts])
    names = [str(row["customer_id"]) for row in rows]
    customers = sorted(set(names))
    place = {name: at for at, name in enumerate(customers)}
    table = np.zeros((len(customers), len(laid)), dtype=bool)
    at = np.searchsorted(edges, [row["day"] for row in rows], side="right") - 1
    table[[place[name] for name in names], at] = True
    return customers, table, over


def _buyers(history: History, grain: Grain, *, drop: int) -> tuple[Buyers, tuple[str, ...]]:
    """Return customers as known so many whole periods before the last one."""
    customers, table, over = _taken(history, grain)
    end = over - drop
    first = table.argmax(axis=1)
    known = first < end - 1
    if not known.any():
        raise TooLittleError(
            "No whole period lies after anybody's first purchase, so there was no occasion yet.",
            reason="no_time",
        )
    seen = table[known, :end].copy()
    first = first[known]
    seen[np.arange(len(seen)), first] = False
    x = seen.sum(axis=1)
    last = np.where(x > 0, end - 1 - seen[:, ::-1].argmax(axis=1) - first, 0)
    occasions = end - 1 - first
    if not x.any():
        raise TooLittleError("Nobody took an occasion after the first.", reason="no_repeaters")
    names = tuple(name for name, one in zip(customers, known.tolist(), strict=True) if one)
    length = dt.timedelta(days=LENGTHS[grain])
    return Buyers(x, last, occasions, unit=length, as_of=None), names


def _held(history: History, grain: Grain, now: Buyers) -> Held | None:
    """Hold the model to the last third of the occasions."""
    drop = int(now.T.max()) // 3
    if drop < 1:
        return None
    try:
        then, names = _buyers(history, grain, drop=drop)
        model = BgBb().fit(then)
    except TooLittleError:
        return None
    customers, table, over = _taken(history, grain)
    place = {name: at for at, name in enumerate(customers)}
    came = table[[place[name] for name in names], over - drop : over].sum(axis=1).astype(float)
    foretold = model.purchases(then, drop * dt.timedelta(days=LENGTHS[grain]))
    ranking = measures.area(foretold, came > 0)
    recency = measures.area(np.asarray(then.t_x - then.T), came > 0)
    return Held(
        drop,
        len(names),
        float(foretold.sum()),
        float(came.sum()),
        None if ranking is None else 100 * ranking,
        None if recency is None else 100 * recency,
    )
