"""What goes with a second order: hazard ratios of what is known when the first one is placed, or soon after.

Customers who are still waiting count for as long as they have been watched, and all facts are looked at
together, so that what belongs to the country is not put down to the channel. What happens after the first
order, such as a return, is looked at from a landmark: a day by which it had happened or not, of customers who
had not come again by then. Whoever came sooner had no time for it, and would make those without it look
the more faithful. Whether a fact is the reason, this does not tell: only a trial does.

Source: Anderson, Cain & Gelber (1983), Analysis of survival by tumor response, Journal of Clinical Oncology 1(11),
for the landmark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from kohorte.errors import SettingError, TooLittleError, UnknownNameError
from kohorte.forecasts import first_orders
from kohorte.forecasts.first_orders import EARLY, FACTS
from kohorte.history import History
from kohorte.models.cox import Cox
from kohorte.models.fitted import Boundary

LANDMARK_DAYS = 30


@dataclass(frozen=True)
class Driver:
    """One value of a fact against its commonest value: how often customers come, relative to those.

    `ratio` above 1 is sooner and more often; None of `low` and `high` where nothing bounds it. `beyond`
    says that 1 lies outside the range.
    """

    fact: str
    value: str
    against: str
    customers: int
    ratio: float
    low: float | None
    high: float | None

    @property
    def beyond(self) -> bool:
        """Whether the ratio differs from 1 by more than chance."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


@dataclass(frozen=True)
class Drivers:
    """The drivers of the second order, the strongest first, of those who waited for `landmark_days`."""

    customers: int
    came: int
    drivers: tuple[Driver, ...]
    boundary: Boundary | None
    landmark_days: int = 0


def second_order(history: History, facts: tuple[str, ...] = FACTS, *, most: int = 6) -> Drivers:
    """Return what of the first order goes with a second one.

    Parameters
    ----------
    facts
        Of `FACTS`; those that the data do not tell are left out. `first_value` parts customers into
        thirds by what their first purchase day was worth; `first_discount` by how far what they paid
        lies below what the lines come to: `none`, `small` to a tenth, or `deep`.
    most
        So many values of a fact are told apart; the others are together.

    Raises
    ------
    UnknownNameError
        There is no such fact.
    TooLittleError
        Nobody came again, or no fact tells customers apart.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), channel="ads" if n % 2 else "search",
    ...          placed_at=f"2026-0{1 + k}-{1 + n % 9:02}")
    ...     for n in range(200) for k in range(1 + (n % 3 == 0 if n % 2 else n % 3 > 0))
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     found = second_order(history)
    >>> (found.drivers[0].value, found.drivers[0].ratio > 1, found.drivers[0].beyond)
    ('search', True, True)
    """
    return _fitted(history, facts, FACTS, most=most, landmark_days=0)


def since(
    history: History,
    facts: tuple[str, ...] = (*EARLY, *FACTS),
    *,
    landmark_days: int = LANDMARK_DAYS,
    most: int = 6,
    own: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Drivers:
    """Return what of the first order and of the days after it goes with a second one after these days.

    Parameters
    ----------
    facts
        Of `EARLY` and `FACTS`: `returned`, whether something of the first purchase came back by then,
        `ticket`, whether the customer got in touch, and `leaving`, whether one said to leave; all three
        by the reason where it was stated often enough. `nps`, `csat` and `ces` are the last answer to
        such a question: `promoter`, `passive` or `detractor`; `top`, the upper quarter of the scale, or
        `below`. `dispatch` and `delivery` are the days from the order until its last parcel was sent and
        arrived, `promise` whether that was by the day it was promised for: `on_time` or `late`; all
        against the commonest known value. A first order that was refunded altogether is no order, and is not among them.
    landmark_days
        Only customers who had not come again by this day after their first order, and were watched
        longer, are looked at, and time counts from it.
    own
        Facts of your own that were known at the landmark, such as who packed the first order, which
        no table tells: by name the value of each customer id; customers without one are left as they are.

    Raises
    ------
    SettingError
        The landmark does not lie ahead of the first order.
    UnknownNameError
        There is no such fact.
    TooLittleError
        Nobody came after these days, or no fact tells customers apart.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + 2 * k}-{1 + n % 9:02}")
    ...     for n in range(200) for k in range(1 + (n % 3 == 0 if n % 2 else n % 3 > 0))
    ... ]
    >>> returns = [
    ...     dict(return_id=str(n), order_id=f"{n}-0", returned_at="2026-01-15", kind="return")
    ...     for n in range(1, 200, 2)
    ... ]
    >>> with History.from_records(orders=orders, returns=returns) as history:
    ...     found = since(history, ("returned",))
    >>> (found.drivers[0].value, found.drivers[0].against, found.drivers[0].ratio < 1)
    ('yes', 'no', True)
    """
    if landmark_days < 1:
        raise SettingError("A landmark lies at least one day after the first order.")
    known = (*EARLY, *FACTS)
    return _fitted(history, facts, known, most=most, landmark_days=landmark_days, own=own)


def every(history: History) -> Drivers:
    """Return the drivers of the second order, what happens soon after the first one before all else.

    The facts of the days after the first order come from the landmark on (`since`), those of the first
    order itself from that order on, and so do the numbers of customers. Where the data tell nothing of
    those days there are only the latter.

    Raises
    ------
    TooLittleError
        Nobody came again, or no fact tells customers apart.
    """
    later = None
    if not set(EARLY.values()) <= history.lacking:
        try:
            later = since(history)
        except TooLittleError:
            later = None
    early = tuple(one for one in later.drivers if one.fact in EARLY) if later else ()
    try:
        first = second_order(history)
    except TooLittleError:
        if later is None or not early:
            raise
        return replace(later, drivers=early)
    return replace(
        first, drivers=(*early, *first.drivers), landmark_days=LANDMARK_DAYS if early else 0
    )


def _fitted(
    history: History,
    facts: tuple[str, ...],
    known: tuple[str, ...],
    *,
    most: int,
    landmark_days: int,
    own: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> Drivers:
    for fact in facts:
        if fact not in known:
            raise UnknownNameError(
                "There is no fact “{name}”. There are: {names}.", name=fact, names=", ".join(known)
            )
    rows = first_orders.waits(history, landmark_days=landmark_days)
    if not any(row["came"] for row in rows):
        raise TooLittleError("Nobody has come yet, so nothing goes with it.", reason="no_events")
    days = np.array([row["days"] for row in rows], dtype=float) - (0 if landmark_days else 1)
    values = {fact: first_orders.values(rows, fact) for fact in facts}
    values |= {
        fact: [known_.get(row["customer_id"]) for row in rows] for fact, known_ in own.items()
    }
    covariates, told = first_orders.apart(values, most=most)
    if not covariates:
        raise TooLittleError("No fact tells customers apart.", reason="no_facts")
    model = Cox().fit(days, [row["came"] for row in rows], covariates)
    summary = model.summary(confidence_percent=history.settings.confidence_percent)
    found = [Driver(*told[each.name], each.value, each.low, each.high) for each in summary]
    found.sort(key=lambda each: (not each.beyond, -abs(np.log(each.ratio)), each.fact, each.value))
    came = sum(bool(row["came"]) for row in rows)
    return Drivers(len(rows), came, tuple(found), model.boundary_, landmark_days)
