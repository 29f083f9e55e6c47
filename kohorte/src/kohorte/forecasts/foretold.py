"""What a forecast holds: a model with its track record, and numbers for every customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kohorte.forecasts.known import Known
from kohorte.language import Sentence
from kohorte.models import value
from kohorte.models.arrays import Array
from kohorte.models.choosing import Fit
from kohorte.models.horizons import Horizon
from kohorte.models.spending import Spending
from kohorte.models.value import Range
from kohorte.models.waiting import Due
from kohorte.results import Listing
from kohorte.validate.contest import Contest

# How many months value looks ahead.
AHEAD = (12, 24, 36)


@dataclass(frozen=True)
class Worth:
    """What is still to come over so many months: of all customers, and of one newly won.

    `newcomer` are the repeat purchases of a customer who bought for the first time today; the first
    purchase itself is `first` on average. In major units, discounted; profit follows with the margin.
    """

    months: int
    shop: Range
    newcomer: float
    first: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast of every customer, and its track record.

    Attributes
    ----------
    as_of
        The last day of the data.
    known
        The customers on that day.
    fit
        The model that speaks, and why it is not another.
    spending
        What a purchase is worth; None where amounts are not known.
    contest
        How models did on the shop's own past; None where that is too short, then `untested` says so.
    worth
        Of the shop and of a new customer, for each horizon.
    alive, purchases, residual, due
        For every customer: the chance of still being one (never BG/NBD's), purchases until `horizon`, revenue still to
        come by months ahead, and when the next order is due.
    withheld
        Why there are neither values nor single customers, if there are none.
    """

    as_of: dt.date
    known: Known
    fit: Fit
    spending: Spending | None
    contest: Contest | None
    untested: Sentence | None
    horizon: Horizon
    worth: tuple[Worth, ...]
    alive: Array
    purchases: Array
    residual: dict[int, Array]
    due: Due
    margin_percent: float | None
    discount_percent: float
    withheld: Sentence | None = None
    notes: tuple[Sentence, ...] = field(default=())

    def best(self, most: int | None = None) -> list[int]:
        """Return the places of the customers of greatest value still to come, or purchases."""
        months = AHEAD[0]
        by = self.residual.get(months, self.purchases)
        return [int(place) for place in np.argsort(-by, kind="stable")[:most]]

    def listing(self, places: Sequence[int]) -> Listing:
        """Return customers with everything foretold of them; empty if numbers are withheld.

        `low` and `high` are the range in which four of five possible futures of the next twelve months
        lie. `total` is what was brought already and what is still to come in 36 months.
        """
        if self.withheld is not None or not places:
            return Listing(COLUMNS, ())
        rows = np.asarray(places)
        some = self.known.buyers.of(rows)
        empty: list[None] = [None] * len(rows)
        columns: dict[str, Sequence[object]] = dict.fromkeys(COLUMNS, empty)
        day = dt.timedelta(days=1)
        last = [self.as_of - float(each) * day for each in some.T - some.t_x]
        columns |= {
            "customer_id": [str(each) for each in self.known.ids[rows].tolist()],
            "purchase_days": [int(each) + 1 for each in some.x],
            "last_on": last,
            "alive_percent": (100 * self.alive[rows]).tolist(),
            "purchases": self.purchases[rows].tolist(),
            "usual_days": self.due.usual[rows].tolist(),
            "late_days": self.due.late[rows].tolist(),
            "due_on": [self._day(each) for each in self.due.due[rows]],
            "by_on": [self._day(each) for each in self.due.by[rows]],
            "overdue": self.due.overdue[rows].tolist(),
        }
        if self.spending is not None:
            low, high = value.ranges(
                self.fit.model,
                self.spending,
                some,
                months=AHEAD[0],
                discount_percent=self.discount_percent,
            )
            revenue = self.known.revenue[rows]
            columns |= {f"value_{months}": self.residual[months][rows].tolist() for months in AHEAD}
            columns |= {"low_12": low.tolist(), "high_12": high.tolist()}
            columns |= {"revenue": revenue.tolist()}
            columns |= {"total_36": (revenue + self.residual[AHEAD[-1]][rows]).tolist()}
            if self.margin_percent is not None:
                share = self.margin_percent / 100
                columns |= {"profit_12": (share * self.residual[AHEAD[0]][rows]).tolist()}
        return Listing(COLUMNS, tuple(zip(*(columns[name] for name in COLUMNS), strict=True)))

    def _day(self, ahead: float) -> dt.date | None:
        """Return the day so many days from now; None where it lies beyond ten years."""
        return None if ahead > 3653 else self.as_of + dt.timedelta(days=round(float(ahead)))


COLUMNS = (
    *("customer_id", "purchase_days", "last_on", "alive_percent", "purchases"),
    *("usual_days", "late_days", "due_on", "by_on", "overdue"),
    *("value_12", "low_12", "high_12", "value_24", "value_36", "profit_12", "revenue", "total_36"),
)
