"""Who comes back, when, and what they will be worth, beside how well that was foretold before.

The shop's past decides which model speaks: each is fitted to the time before a day and held to what
came after it. What is shown then is fitted to all of it. Where every model ranks customers worse than
their last purchase alone, no numbers are shown for single customers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.forecasts import known
from kohorte.forecasts.known import Known
from kohorte.history import History
from kohorte.language import Sentence
from kohorte.models import choosing, spending, value, waiting
from kohorte.models.arrays import Array
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.choosing import Fit
from kohorte.models.horizons import Horizon, Months
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.spending import Spending
from kohorte.models.value import Range
from kohorte.models.waiting import Due
from kohorte.results import Listing
from kohorte.validate import contest
from kohorte.validate.contest import Contest

AHEAD = (12, 24, 36)
YEAR = Months(12)
DISCOUNT_PERCENT = 10.0
# A holdout is a third of the history, within these days; below the first nothing is learned from it.
_SHORTEST, _LONGEST = 28, 365
# So many customers tell which model is best; more would only make it slower.
_HELD = 20_000


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
        Why there are no numbers for single customers, if there are none.
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
            "customer_id": [self.known.customers[place] for place in places],
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


def of(
    history: History,
    *,
    model: str | None = None,
    horizon: Horizon = YEAR,
    discount_percent: float = DISCOUNT_PERCENT,
    draws: int = 100,
) -> Forecast:
    """Return the forecast of a history, by the model that foretold its own past best.

    Parameters
    ----------
    model
        A model's slug (`choosing.KINDS`), to be used whether it did best or not.
    horizon
        Until when purchases are counted: a date, a duration or months.
    discount_percent
        Per year.
    draws
        How many futures the range of the shop's value rests on.

    Raises
    ------
    TooLittleError
        No order of a known customer counts.
    UnknownNameError
        There is no such model.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + k}-{1 + n % 28:02}",
    ...          amount_minor=2000)
    ...     for n in range(120) for k in range(1 + n % 3)
    ... ]
    >>> with History.from_records(orders=orders, currency="EUR") as history:
    ...     found = of(history, model="mbg_nbd", draws=20)
    >>> found.fit.model.slug in ("mbg_nbd", "nbd"), len(found.alive), found.worth[0].months
    (True, 120, 12)
    """
    asked = None if model is None else choosing.kind(model)
    held, untested = _held(history)
    if asked is None:
        best = held.best if held is not None else None
        asked = choosing.KINDS[best] if best else MbgNbd
    customers = known.on(history, with_gaps=asked.slug == "mbg_cnbd_k")
    buyers = customers.buyers
    if buyers.as_of is None:
        raise TooLittleError("There are no customers to learn from.", reason="nobody")
    fit = choosing.fit(buyers, asked)
    spend = None if buyers.monetary is None else spending.fit(buyers)
    alive = _staying(fit, buyers)
    residual = {} if spend is None else {
        months: value.residual(
            fit.model, spend, buyers, months=months, discount_percent=discount_percent
        )
        for months in AHEAD
    }  # fmt: skip
    return Forecast(
        as_of=buyers.as_of,
        known=customers,
        fit=fit,
        spending=spend,
        contest=held,
        untested=untested,
        horizon=horizon,
        worth=()
        if spend is None
        else _worth(history, fit, spend, customers, discount_percent, draws),
        alive=alive,
        purchases=fit.model.purchases(buyers, horizon),
        residual=residual,
        due=waiting.next_order(fit.model, buyers, alive=alive),
        margin_percent=history.settings.margin_percent,
        discount_percent=discount_percent,
        withheld=_withheld(held, asked.slug),
        notes=(*fit.notes, *(() if spend is None else spend.notes)),
    )


def _staying(fit: Fit, buyers: Buyers) -> Array:
    """Return how likely each customer still is one.

    To BG/NBD whoever bought once is a customer for ever, so MBG/NBD answers in its place.
    """
    if isinstance(fit.model, BgNbd):
        return choosing.fit(buyers, MbgNbd).model.alive(buyers)
    return fit.model.alive(buyers)


def split_on(history: History) -> dt.date | None:
    """Return the day at which a history is parted for its trial; None if it is too short."""
    if history.span is None:
        return None
    days = (history.span.ends_on - history.span.starts_on).days
    length = min(days // 3, _LONGEST)
    if length < _SHORTEST:
        return None
    return history.span.ends_on - dt.timedelta(days=1 + length)


def _held(history: History) -> tuple[Contest | None, Sentence | None]:
    split = split_on(history)
    if split is None:
        return None, Sentence(
            "The orders reach back less than {days} days: too little to hold a forecast to.",
            {"days": 3 * _SHORTEST},
        )
    holdout = known.holdout(history, split, most=_HELD)
    if not len(holdout.buyers):
        return None, Sentence("There were no customers yet when the trial would have begun.")
    confidence = history.settings.confidence_percent
    return contest.hold(holdout, confidence_percent=confidence), None


def _withheld(held: Contest | None, slug: str) -> Sentence | None:
    trial = held.trial(slug) if held is not None else None
    if trial is None or not trial.loses:
        return None
    return Sentence(
        "On this shop's own past {model} told worse who comes back than the day of the last purchase "
        "alone does; so it shows no numbers for single customers.",
        {"model": trial.name},
    )


def _worth(
    history: History,
    fit: Fit,
    spend: Spending,
    customers: Known,
    discount_percent: float,
    draws: int,
) -> tuple[Worth, ...]:
    buyers = customers.buyers
    again = np.zeros(len(buyers)) if buyers.monetary is None else np.nan_to_num(buyers.monetary)
    first = customers.revenue - again * buyers.x
    found = []
    for months in AHEAD:
        shop = value.of_shop(
            fit.model,
            spend,
            buyers,
            months=months,
            discount_percent=discount_percent,
            confidence_percent=history.settings.confidence_percent,
            draws=draws,
        )
        new = value.newcomer(fit.model, spend, months=months, discount_percent=discount_percent)
        found.append(Worth(months, shop, new, float(first.mean())))
    return tuple(found)
