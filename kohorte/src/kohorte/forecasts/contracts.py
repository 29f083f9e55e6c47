"""How long contracts last and what they will bring: the sBG model, fed from the table of subscriptions.

A contract comes up for renewal at the end of each period since it began. Whether it went on is counted for
every renewal that lies in the data; what ended within a period that is not over yet has not come up. Contracts
that began at different times add what each lived through.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from kohorte import periods
from kohorte.errors import TooLittleError
from kohorte.history import History
from kohorte.models import value
from kohorte.models.arrays import Array, Truth, Whole
from kohorte.models.shifted_beta_geometric import ShiftedBetaGeometric
from kohorte.models.value import Range

# Months of a period between two renewals.
PERIODS = {"month": 1, "quarter": 3, "year": 12}
_DAYS_PER_MONTH = 30.436875
# An end so much of a period late still belongs to the renewal before it: months differ in length.
_SLACK = 0.1
_SAMPLE, _DRAWS = 5_000, 200
_AHEAD = (12, 24, 36)
_CONTRACTS = """
SELECT
  subscription_id,
  MIN(starts_day) AS starts_day,
  CASE WHEN COUNT(*) = COUNT(ends_day) THEN MAX(ends_day) END AS ends_day,
  MAX_BY(monthly_minor, starts_day) / CAST($minor_units AS DOUBLE) AS monthly
FROM dated_subscriptions
WHERE starts_day <= $last_day
GROUP BY subscription_id
ORDER BY subscription_id
"""


@dataclass(frozen=True, eq=False)
class Lives:
    """Contracts as they were known on a day.

    Attributes
    ----------
    renewals
        Of each contract how many renewals had come up by then.
    left
        At which of them it ended, from 1; 0 for one that went on at all of them.
    monthly
        Amount per month in major units.
    running
        Whether it ran on the day.
    """

    renewals: Whole
    left: Whole
    monthly: Array
    running: Truth

    def cohorts(self) -> list[list[float]]:
        """Return for each age how many contracts of that age were left after each renewal."""
        found = []
        for age in range(1, int(self.renewals.max(initial=0)) + 1):
            left = self.left[self.renewals == age]
            if len(left):
                lost = np.bincount(left, minlength=age + 1)[1 : age + 1]
                found.append([float(len(left)), *(len(left) - np.cumsum(lost)).tolist()])
        return found


@dataclass(frozen=True)
class Worth:
    """What all running contracts will bring over so many months, and what one newly signed will."""

    months: int
    shop: Range
    new: float


@dataclass(frozen=True)
class Held:
    """Contracts running on a day against how many still ran at the end: foretold, by one rate, and in truth."""

    split_on: dt.date
    contracts: int
    actual: int
    foretold: float
    by_rate: float


@dataclass(frozen=True, eq=False)
class ContractForecast:
    """A forecast of contracts.

    Attributes
    ----------
    as_of, period, lives
        The last day, the time between two renewals, and the contracts on that day.
    model
        The fitted sBG.
    retention
        Of the first periods: how many renewed, how many came up, and the share the model expects.
    worth
        For 12, 24 and 36 months.
    held
        How the same did on the past; None where it is too short.
    """

    as_of: dt.date
    period: str
    lives: Lives
    model: ShiftedBetaGeometric
    retention: tuple[tuple[int, int, float], ...]
    worth: tuple[Worth, ...]
    held: Held | None


def of(
    history: History, *, period: str = "month", discount_percent: float = 10.0
) -> ContractForecast:
    """Return how long contracts last and what they will bring.

    Parameters
    ----------
    period
        `month`, `quarter` or `year`: how long it is between two renewals.
    discount_percent
        Per year.

    Raises
    ------
    TooLittleError
        There are no contracts, none has come up for renewal yet, or none or all of them ended.

    Notes
    -----
    Source: Fader & Hardie (2007), How to project customer retention, Journal of Interactive Marketing 21(1).

    Examples
    --------
    >>> terms = [
    ...     dict(subscription_id=str(n), customer_id=str(n), starts_at="2024-01-01", monthly_minor=1000,
    ...          ends_at=f"2024-{2 + n % 6:02}-01" if n % 3 else None)
    ...     for n in range(60)
    ... ]
    >>> orders = [dict(order_id="1", customer_id="1", placed_at="2024-12-31", amount_minor=100)]
    >>> with History.from_records(orders=orders, subscriptions=terms, currency="EUR") as history:
    ...     found = of(history)
    >>> int(found.lives.running.sum()), found.worth[0].shop.value < 20 * 10 * 12
    (20, True)
    """
    if history.span is None or "subscriptions" in history.lacking:
        raise TooLittleError("There are no contracts.", reason="no_contracts")
    last = history.span.ends_on - dt.timedelta(days=1)
    lives = _lives(history, last, period)
    model = ShiftedBetaGeometric().fit(lives.cohorts())
    confidence = history.settings.confidence_percent
    return ContractForecast(
        as_of=last,
        period=period,
        lives=lives,
        model=model,
        retention=tuple(_retention(lives, model)),
        worth=tuple(
            _worth(lives, model, months, period, discount_percent, confidence) for months in _AHEAD
        ),
        held=_held(history, last, period),
    )


def _lives(history: History, day: dt.date, period: str) -> Lives:
    """Return contracts as known on a day."""
    given = {"last_day": periods.day_number(day)}
    columns = history.engine.cursor(_CONTRACTS, given).fetchnumpy()
    if not len(columns["starts_day"]):
        raise TooLittleError("There are no contracts.", reason="no_contracts")
    length = PERIODS[period] * _DAYS_PER_MONTH
    now = periods.day_number(day)
    starts = np.asarray(columns["starts_day"], dtype=np.float64)
    ends = np.ma.filled(np.ma.asarray(columns["ends_day"]).astype(np.float64), np.inf)
    ended = ends <= now
    renewals = np.floor((now - starts) / length + _SLACK).astype(np.int64)
    lived = np.where(ended, ends - starts, 0.0)
    at = np.maximum(np.ceil(lived / length - _SLACK), 1).astype(np.int64)
    left = np.where(ended & (at <= renewals), at, 0)
    return Lives(renewals, left, np.asarray(columns["monthly"], dtype=np.float64), ~ended)


def _retention(lives: Lives, model: ShiftedBetaGeometric) -> list[tuple[int, int, float]]:
    found = []
    for at in range(1, int(lives.renewals.max(initial=0)) + 1):
        came_up = (lives.renewals >= at) & ((lives.left == 0) | (lives.left >= at))
        renewed = came_up & (lives.left != at)
        found.append((int(renewed.sum()), int(came_up.sum()), model.retention(at)))
    return found


def _factors(months: int, period: str, discount_percent: float) -> Array:
    """Return what one unit a month is worth in each period ahead, discounted month by month."""
    each = np.array(value.factors_of(months, discount_percent))
    return np.asarray(each.reshape(-1, PERIODS[period]).sum(axis=1))


def _worth(
    lives: Lives,
    model: ShiftedBetaGeometric,
    months: int,
    period: str,
    discount_percent: float,
    confidence_percent: float,
) -> Worth:
    """Return the discounted amounts of the periods that are still to be renewed."""
    factors = _factors(months, period, discount_percent)
    monthly, age = lives.monthly[lives.running], lives.renewals[lives.running]
    table = _expected(model, int(age.max(initial=0)), factors)
    total = float(monthly @ table[age])
    step = -(-len(age) // _SAMPLE) or 1
    some, some_age = monthly[::step], age[::step]
    chance = np.random.default_rng(0)
    sums = np.concatenate([[0.0], np.cumsum(factors)])
    spread = model.sandwich_ if model.sandwich_ is not None else np.zeros((2, 2))
    drawn = chance.multivariate_normal(np.log(model.values), spread, size=_DRAWS, method="eigh")
    futures = []
    for each in np.clip(drawn, np.log(model.values) - 3, np.log(model.values) + 3):
        other = model.with_parameters(np.exp(each))
        alpha, beta = other.values
        expected = _expected(other, int(age.max(initial=0)), factors)
        leave = np.maximum(chance.beta(alpha, beta + some_age), 1e-12)
        kept = np.minimum(chance.geometric(leave) - 1, len(factors))
        noise = float((some * (sums[kept] - expected[some_age])).sum()) * np.sqrt(step)
        futures.append(float(monthly @ expected[age]) + noise)
    outside = (100 - confidence_percent) / 200
    low, high = np.quantile(futures, [outside, 1 - outside])
    first = float(np.mean(lives.monthly)) * PERIODS[period] if len(lives.monthly) else 0.0
    new = first + float(np.mean(lives.monthly)) * float(table[0] if len(table) else 0.0)
    return Worth(months, Range(total, max(float(low), 0.0), float(high)), new)


def _expected(model: ShiftedBetaGeometric, oldest: int, factors: Array) -> Array:
    """Return for each number of past renewals the discounted periods still to come."""
    survival = np.array([model.survival(t) for t in range(oldest + len(factors) + 1)])
    ahead = np.arange(1, len(factors) + 1)
    return np.array(
        [float(survival[age + ahead] @ factors) / survival[age] for age in range(oldest + 1)]
    )


def _held(history: History, last: dt.date, period: str) -> Held | None:
    """Hold the model to the last third of the time in which contracts began."""
    given = {"last_day": periods.day_number(last)}
    first = history.engine.rows(f"SELECT MIN(starts_day) AS day FROM ({_CONTRACTS}) AS c", given)
    days = periods.day_number(last) - int(first[0]["day"])
    split = last - dt.timedelta(days=days // 3)
    then, now = _lives(history, split, period), _lives(history, last, period)
    try:
        model = ShiftedBetaGeometric().fit(then.cohorts())
    except TooLittleError:
        return None
    # Both are in the order of their numbers; what began later is not among the former.
    starts = history.engine.cursor(_CONTRACTS, given).fetchnumpy()["starts_day"]
    old = np.asarray(starts) <= periods.day_number(split)
    running = then.running
    before, after = then.renewals[running], now.renewals[old][running]
    actual = int(((now.left[old] == 0) | (now.left[old] > now.renewals[old]))[running].sum())
    came_up = sum(up for _, up, _ in _retention(then, model))
    rate = sum(renewed for renewed, _, _ in _retention(then, model)) / max(came_up, 1)
    survival = np.array([model.survival(t) for t in range(int(after.max(initial=0)) + 1)])
    foretold = float((survival[after] / survival[before]).sum())
    by_rate = float((rate ** (after - before)).sum())
    return Held(split, int(running.sum()), actual, foretold, by_rate)
