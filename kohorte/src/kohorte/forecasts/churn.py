"""Expected churn: which share of the active customers will not come again within a year.

It is expected, not counted: `lapse_rate` and `customer_churn_rate` tell who really stayed away. Beside
it stands what the same reckoning said before the shop's own last months, and what came of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from kohorte.forecasts import known
from kohorte.forecasts.foretold import Forecast
from kohorte.history import History
from kohorte.models import absence, choosing
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.horizons import Horizon, Months
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel

SLUG = "expected_churn"
YEAR = Months(12)
# As many as the models are held to.
_HELD = 20_000


@dataclass(frozen=True)
class Held:
    """What was expected of the customers who were active on a day, and what came, in percent."""

    days: int
    customers: int
    expected: float
    actual: float


@dataclass(frozen=True)
class ExpectedChurn:
    """The expected share of active customers who do not come within the horizon, in percent.

    Attributes
    ----------
    value, low, high
        With the range of chance and uncertain parameters.
    customers
        Those who ordered in the last `active_days` days.
    model
        The slug of the model that says so: the shop's chosen one, but never BG/NBD, to which whoever
        bought once stays a customer for ever; MBG/NBD then answers in its place.
    held
        The same at the day of the trial; None where there was none.
    """

    value: float
    low: float
    high: float
    customers: int
    active_days: int
    horizon: Horizon
    model: str
    held: Held | None


def expected(
    history: History, found: Forecast, *, horizon: Horizon = YEAR, draws: int = 100
) -> ExpectedChurn | None:
    """Return the expected churn of a forecast; None where it is withheld or nobody is active.

    Σ over active customers of P(no order until the horizon) / active customers × 100.

    Examples
    --------
    >>> from kohorte.forecasts import forecast
    >>> orders = [
    ...     dict(order_id=f"{n}-{k}", customer_id=str(n), placed_at=f"2026-0{1 + k}-{1 + n % 28:02}")
    ...     for n in range(120) for k in range(1 + n % 3)
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     churn = expected(history, forecast.of(history, model="mbg_nbd", draws=5), draws=5)
    >>> churn.customers, 0 <= churn.low <= churn.value <= churn.high <= 100
    (120, True)
    """
    if found.withheld is not None:
        return None
    buyers, days = found.known.buyers, history.settings.active_days
    active = _active(buyers, days)
    if not active.any():
        return None
    kind = type(found.fit.model)
    kind = MbgNbd if kind is BgNbd else kind
    model = found.fit.model if kind is type(found.fit.model) else choosing.fit(buyers, kind).model
    told = absence.share(
        model,
        buyers.of(active),
        horizon,
        confidence_percent=history.settings.confidence_percent,
        draws=draws,
    )
    return ExpectedChurn(
        told.value,
        told.low,
        told.high,
        int(np.count_nonzero(active)),
        days,
        horizon,
        model.slug,
        _held(history, found, kind, days, draws),
    )


def _active(buyers: Buyers, days: int) -> np.ndarray:
    return np.asarray(buyers.T - buyers.t_x < days)


def _held(
    history: History, found: Forecast, kind: type[PurchaseModel], days: int, draws: int
) -> Held | None:
    """Return what the model would have said before the trial, and who really stayed away in it."""
    if found.contest is None:
        return None
    length = found.contest.length
    split = found.as_of - dt.timedelta(days=length.days)
    trial = known.holdout(history, split, most=_HELD)
    active = _active(trial.buyers, days)
    if not active.any():
        return None
    model = choosing.fit(trial.buyers, kind).model
    then = absence.share(model, trial.buyers.of(active), length, draws=draws)
    actual = 100 * float(np.mean(trial.came[active] == 0))
    return Held(length.days, int(np.count_nonzero(active)), then.value, actual)
