"""Who comes back, when, and what they will be worth, beside how well that was foretold before.

The shop's past decides which model speaks: each is fitted to the time before a day and held to what
came after it. What is shown then is fitted to all of it. Where every model ranks customers worse than
their last purchase alone, neither values nor single customers are shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np

from kohorte.errors import TooLittleError
from kohorte.forecasts import known
from kohorte.forecasts.foretold import AHEAD, Forecast, Worth
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
from kohorte.validate import contest
from kohorte.validate.contest import Contest

YEAR = Months(12)
DISCOUNT_PERCENT = 10.0
# What is done one after the other, for whoever wants to know how far it is.
STEPS = 4
Progress = Callable[[int, int], None]
# A holdout is a third of the history, within these days; below the first nothing is learned from it.
_SHORTEST, _LONGEST = 28, 365
TOO_SHORT = Sentence(
    "The orders reach back less than {days} days: too little to hold a forecast to.",
    {"days": 3 * _SHORTEST},
)
# So many customers tell which model is best; more would only make it slower.
_HELD = 20_000
# And so many tell its parameters: their errors are then far below what chance does to any shop.
_LEARNED = 250_000


def of(
    history: History,
    *,
    model: str | None = None,
    horizon: Horizon = YEAR,
    discount_percent: float = DISCOUNT_PERCENT,
    draws: int = 100,
    progress: Progress = lambda _done, _total: None,
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
    progress
        Called before each of its `STEPS`; may raise to stop.

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
    if model is not None:
        choosing.kind(model)
    progress(0, STEPS)
    held, untested = _held(history)
    best = held.best if held is not None else None
    asked = choosing.kind(model or best or MbgNbd.slug)
    progress(1, STEPS)
    customers = known.on(history, with_gaps=asked.slug == "mbg_cnbd_k")
    buyers = customers.buyers
    if buyers.as_of is None:
        raise TooLittleError("There are no customers to learn from.", reason="nobody")
    learned = buyers.of(slice(None, None, -(-len(buyers) // _LEARNED) or 1))
    fit = choosing.fit(learned, asked)
    spend = None
    if buyers.monetary is not None:
        mean = float(customers.revenue.sum() / (buyers.x + 1).sum())
        spend = spending.fit(learned, otherwise=mean)
    alive = _staying(fit, buyers, learned)
    residual = {} if spend is None else _residual(fit, spend, buyers, discount_percent)
    progress(2, STEPS)
    withheld = _withheld(held, asked.slug)
    progress(3, STEPS)
    return Forecast(
        as_of=buyers.as_of,
        known=customers,
        fit=fit,
        spending=spend,
        contest=held,
        untested=untested,
        horizon=horizon,
        worth=()
        if spend is None or withheld is not None
        else _worth(history, fit, spend, customers, residual, discount_percent, draws),
        alive=alive,
        purchases=fit.model.purchases(buyers, horizon),
        residual=residual,
        due=waiting.next_order(fit.model, buyers, alive=alive),
        margin_percent=history.settings.margin_percent,
        discount_percent=discount_percent,
        withheld=withheld,
        notes=(*fit.notes, *(() if spend is None else spend.notes)),
    )


def _residual(
    fit: Fit, spend: Spending, buyers: Buyers, discount_percent: float
) -> dict[int, Array]:
    return {
        months: value.residual(
            fit.model, spend, buyers, months=months, discount_percent=discount_percent
        )
        for months in AHEAD
    }


def _staying(fit: Fit, buyers: Buyers, learned: Buyers) -> Array:
    """Return how likely each customer still is one.

    To BG/NBD whoever bought once is a customer for ever, so MBG/NBD answers in its place.
    """
    if isinstance(fit.model, BgNbd):
        return choosing.fit(learned, MbgNbd).model.alive(buyers)
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
        return None, TOO_SHORT
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
        "alone does; so it shows no values and no customers.",
        {"model": trial.name},
    )


def _worth(
    history: History,
    fit: Fit,
    spend: Spending,
    customers: Known,
    residual: dict[int, Array],
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
            worth=residual[months],
        )
        new = value.newcomer(fit.model, spend, months=months, discount_percent=discount_percent)
        found.append(Worth(months, shop, new, float(first.mean())))
    return tuple(found)
