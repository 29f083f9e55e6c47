"""Which products are due again for which customers, beside how well that was told before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from kohorte import periods
from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.forecasts import forecast
from kohorte.history import History
from kohorte.language import Sentence
from kohorte.models.arrays import Array, Whole
from kohorte.replenishment import gaps as known
from kohorte.replenishment import rhythm, trial
from kohorte.replenishment.gaps import FEWEST_CUSTOMERS, FEWEST_GAPS, Gaps
from kohorte.replenishment.rhythm import EARLY, HALF, LATE, Rhythm
from kohorte.replenishment.trial import Trial
from kohorte.results import Listing

Status = Literal["overdue", "due", "not_due", "lapsed"]
STATUSES: tuple[Status, ...] = get_args(Status)
COLUMNS = (
    *("customer_id", "product_id", "product", "status", "last_on", "last_quantity", "intervals"),
    *("usual_days", "due_on", "from_on", "until_on", "own_percent"),
)
PRODUCT_COLUMNS = (
    *("product_id", "product", "category", "buyers", "repeaters", "again_percent"),
    *("intervals", "usual_days", "early_days", "late_days", "due", "overdue"),
)
_DAY = dt.timedelta(days=1)
# Days beyond this are not told: nobody plans so far ahead.
_FARTHEST = 3653.0


@dataclass(frozen=True, eq=False)
class Replenishment:
    """The rhythm of a shop's products, and what is due for whom.

    Attributes
    ----------
    gaps, rhythm
        What was learned from, and what was learned.
    status
        Of each customer and product: `not_due`; `due` from the day by which a tenth of those who buy
        again has come; `overdue` from that by which nine tenths have; `lapsed` if it is overdue and was
        not bought for `active_days`.
    trial, untested
        How the same did on the shop's own past; or why that is not known.
    withheld
        Why nothing is listed, if a simple rule did better.
    together
        Whether one law for all products and customers did better than the rhythm, and so speaks.
    """

    gaps: Gaps
    rhythm: Rhythm
    status: tuple[Status, ...]
    trial: Trial | None
    untested: Sentence | None
    withheld: Sentence | None
    together: bool = False

    @property
    def as_of(self) -> dt.date:
        """The last day of the data."""
        return self.gaps.as_of

    def listing(
        self,
        *,
        status: str | None = None,
        customer: str | None = None,
        product: str | None = None,
    ) -> Listing:
        """Return customers and products with the day they are due, the overdue first.

        `usual_days` is the time in the middle for the last quantity, `due_on` its day given that
        nothing came until today; four of five come between `from_on` and `until_on`. `own_percent` is
        how much of it rests on the customer's own times, the rest on those of others.

        Raises
        ------
        UnknownNameError
            There is no such status.
        """
        if status is not None and status not in STATUSES:
            raise UnknownNameError(
                "There is no status “{name}”. There are: {names}.",
                name=status,
                names=", ".join(STATUSES),
            )
        if self.withheld is not None:
            return Listing(COLUMNS, ())
        found = self.gaps
        elapsed = periods.day_number(found.as_of) - found.pairs["last_day"]
        late = self.rhythm.days(found, LATE)
        statuses = np.array(self.status, dtype=object)
        chosen = np.ones(len(found), dtype=bool)
        if status is not None:
            chosen &= statuses == status
        if customer is not None:
            chosen &= found.customers.astype(object) == customer
        if product is not None:
            named = np.array([product in (key, name) for key, name in self._named()])
            chosen &= named[found.product]
        order = {name: place for place, name in enumerate(STATUSES)}
        rank = np.array([order[each] for each in self.status])
        places = np.flatnonzero(chosen)
        places = places[np.lexsort((elapsed[places] / late[places], rank[places]))].astype(np.int64)
        return Listing(COLUMNS, tuple(self._rows(places, elapsed)))

    def products(self) -> Listing:
        """Return the products with a rhythm, those bought again by the greatest share first.

        `again_percent` is the share of buyers who bought the product again so far; `due` and `overdue`
        count customers.
        """
        if self.withheld is not None:
            return Listing(PRODUCT_COLUMNS, ())
        found, level = self.gaps, self.rhythm.products
        spread = np.sqrt(self.rhythm.noise + self.rhythm.pairs.between + level.variance)
        counts = {
            each: np.bincount(
                found.product,
                weights=np.array(self.status, dtype=object) == each,
                minlength=len(found.products),
            )
            for each in ("due", "overdue")
        }
        again = 100 * found.repeaters / found.buyers
        middle = np.exp(level.mean)
        rows = [
            (
                found.products[place], found.names[place], found.categories[place],
                int(found.buyers[place]), int(found.repeaters[place]), float(again[place]),
                int(found.intervals[place]), float(middle[place]),
                float(middle[place] * np.exp(-1.2815515655 * spread[place])),
                float(middle[place] * np.exp(1.2815515655 * spread[place])),
                int(counts["due"][place]), int(counts["overdue"][place]),
            )
            for place in np.argsort(-again, kind="stable")
        ]  # fmt: skip
        return Listing(PRODUCT_COLUMNS, tuple(rows))

    def _named(self) -> list[tuple[str, str | None]]:
        return list(zip(self.gaps.products, self.gaps.names, strict=True))

    def _rows(self, places: Whole, elapsed: Array) -> Sequence[tuple[object, ...]]:
        found = self.gaps
        usual = self.rhythm.days(found, HALF)
        due = self.rhythm.days(found, HALF, elapsed=elapsed)
        early, late = (self.rhythm.days(found, share) for share in (EARLY, LATE))
        own = 100 * self.rhythm.pairs.own_share
        first = dt.date(1970, 1, 1)
        rows = []
        for place in places.tolist():
            product = int(found.product[place])
            last = first + int(found.pairs["last_day"][place]) * _DAY
            rows.append(
                (
                    str(found.customers[place]), found.products[product], found.names[product],
                    self.status[place], last, float(found.pairs["last_quantity"][place]),
                    int(found.pairs["gaps"][place]), float(usual[place]),
                    _after(last, due[place]), _after(last, early[place]), _after(last, late[place]),
                    float(own[place]),
                )
            )  # fmt: skip
        return rows


def of(history: History) -> Replenishment:
    """Return which products are due again for which customers.

    Raises
    ------
    TooLittleError
        No line of an order names a product, or none was bought again often enough: it takes ten times
        between two purchases, of five customers.

    Examples
    --------
    >>> from kohorte.replenishment import examples
    >>> orders, lines = examples.records([30.0], customers=30, length=300)
    >>> with History.from_records(orders=orders, order_lines=lines) as history:
    ...     found = of(history)
    >>> found.products().rows[0][0], round(found.products().rows[0][7], -1)
    ('product-0', 40.0)
    """
    if history.span is None or "order_lines" in history.lacking:
        raise TooLittleError(
            "No line of an order names a product, so nothing is known of when one is due.",
            reason="no_products",
        )
    last = history.span.ends_on - _DAY
    split = forecast.split_on(history)
    held, untested = (None, forecast.TOO_SHORT) if split is None else trial.hold(history, split)
    found = known.until(history, last)
    if not len(found):
        raise TooLittleError(
            "No product was bought again often enough: it takes {gaps} times between two purchases by "
            "{customers} customers.",
            reason="no_repeats",
            gaps=FEWEST_GAPS,
            customers=FEWEST_CUSTOMERS,
        )
    together = held is not None and held.best == "shop"
    fitted = rhythm.common(found) if together else rhythm.fit(found)
    status = _status(found, fitted, history.settings.active_days)
    withheld = _BEHIND if held is not None and held.loses else None
    return Replenishment(found, fitted, status, held, untested, withheld, together)


def _status(found: Gaps, fitted: Rhythm, active_days: int) -> tuple[Status, ...]:
    elapsed = periods.day_number(found.as_of) - found.pairs["last_day"]
    early, late = (fitted.days(found, share) for share in (EARLY, LATE))
    told = np.full(len(found), "not_due", dtype=object)
    told[elapsed >= early] = "due"
    told[elapsed > late] = "overdue"
    told[(elapsed > late) & (elapsed >= active_days)] = "lapsed"
    return tuple(told.tolist())


def _after(last: dt.date, days: float) -> dt.date | None:
    return None if days > _FARTHEST else last + round(float(days)) * _DAY


_BEHIND = Sentence(
    "On this shop's own past a simple rule told better when products are bought again, so nothing is "
    "listed."
)
