"""What is kept of a forecast: plain values for pages, and a column for each customer's number.

Sentences stay sentences, so that both languages read them. Amounts are in major units, but those of single
customers in minor ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from kohorte import History
from kohorte.errors import KohorteError
from kohorte.forecasts import churn, drivers, words
from kohorte.forecasts.foretold import AHEAD, Forecast
from kohorte.models import value
from kohorte.validate.contest import Contest, Trial
from stammkunde.insights import spread

# Customers whose futures are drawn at once, and how many futures: fewer where customers are many.
CHUNK = 10_000
FUTURES, FUTURES_OF_MANY, MANY = 400, 100, 50_000
NEVER = np.datetime64("NaT")
# Beyond this a day is none that anybody waits for.
FARTHEST_DAYS = 3_653


def told(history: History, found: Forecast, *, draws: int) -> dict[str, Any]:
    """Return everything that pages say of a forecast, but for single customers."""
    model = found.fit.model
    return {
        "model": {
            "slug": model.slug, "name": model.name, "customers": round(float(model.customers_)),
            "reason": found.fit.reason, "own_percent": float(found.fit.own_percent),
            "estimates": [
                [each.name, float(each.value), _known(each.robust_error)]
                for each in model.summary()
            ],
        },
        "fitted": words.model(found),
        "notes": found.notes,
        "withheld": found.withheld,
        "untested": found.untested,
        "trial": None if found.contest is None else _trial(found, found.contest),
        "worth": [
            {
                "months": each.months, "value": float(each.shop.value),
                "low": float(each.shop.low), "high": float(each.shop.high),
                "first": each.first, "newcomer": each.newcomer,
            }
            for each in found.worth
        ],
        "means": words.value(found),
        "discount_percent": float(found.discount_percent),
        "margin_percent": found.margin_percent,
        "churn": _churn(history, found, draws),
        "drivers": _drivers(history),
        "customers": len(found.alive),
        "spread": spread.of(found) if found.withheld is None else None,
    }  # fmt: skip


def _trial(found: Forecast, held: Contest) -> dict[str, Any]:
    return {
        "split_on": found.as_of - held.length,
        "days": held.length.days,
        "customers": held.customers,
        "came_back": held.came_back,
        "actual": held.actual,
        "tracking": held.tracking,
        "best": held.best,
        "held": words.held(held),
        "measures": words.measures(),
        "verdict": words.verdict(held),
        "trials": [_one(each) for each in (*held.models, *held.rules)],
    }


def _one(trial: Trial) -> dict[str, Any]:
    return {
        "slug": trial.slug,
        "name": trial.name,
        "area": trial.area,
        "foretold": trial.foretold,
        "error_percent": trial.error_percent,
        "deviance": trial.deviance,
        "absolute_error": trial.absolute_error,
        "loses": trial.loses,
        "deciles": [[each.customers, each.foretold, each.actual] for each in trial.deciles],
        "tracking": trial.tracking,
    }


def _churn(history: History, found: Forecast, draws: int) -> dict[str, Any] | None:
    said = churn.expected(history, found, draws=draws)
    if said is None:
        return None
    held = said.held
    return {
        "value": said.value, "low": said.low, "high": said.high, "customers": said.customers,
        "active_days": said.active_days, "model": said.model,
        "held": None if held is None else {
            "days": held.days, "customers": held.customers,
            "expected": held.expected, "actual": held.actual,
        },
    }  # fmt: skip


def _drivers(history: History) -> dict[str, Any]:
    try:
        found = drivers.every(history)
    except KohorteError as fault:
        return {"fault": fault.sentence}
    return {
        "customers": found.customers,
        "came": found.came,
        "landmark_days": found.landmark_days,
        "boundary": found.boundary.sentence if found.boundary else None,
        "rows": [
            [one.fact, one.value, one.against, one.customers,
             float(one.ratio), _known(one.low), _known(one.high), one.beyond]
            for one in found.drivers
        ],
    }  # fmt: skip


def margin(history: History) -> tuple[float, float] | None:
    """Return the margin of the last year's orders of known cost, and their share of revenue, in percent.

    None where no costs are known, or where orders of known cost brought nothing.
    """
    if history.span is None or "amounts" in history.lacking:
        return None
    since = (history.span.ends_on - dt.timedelta(days=365) - dt.date(1970, 1, 1)).days
    (row,) = history.engine.rows(
        "SELECT SUM(revenue_minor) AS revenue, SUM(profit_minor) AS profit, "
        "SUM(revenue_minor) FILTER (WHERE profit_minor IS NOT NULL) AS costed "
        f"FROM order_profits WHERE day >= {since}"
    )
    if not row["costed"] or row["costed"] <= 0 or not row["revenue"]:
        return None
    percent = 100 * float(row["profit"]) / float(row["costed"])
    return max(0.0, min(percent, 100.0)), 100 * float(row["costed"]) / float(row["revenue"])


def columns(found: Forecast, *, minor_units: int, progress: Any) -> Mapping[str, np.ndarray]:
    """Return one number of each kind for every customer, in the order of `found.known`.

    Parameters
    ----------
    minor_units
        How many minor units a major one has.
    progress
        Called with customers done and in all; may raise to stop.
    """
    buyers, due = found.known.buyers, found.due
    made: dict[str, np.ndarray] = {
        "customer_id": np.array([int(name) for name in found.known.customers], dtype=np.int64),
        "purchase_days": buyers.x.astype(np.int32) + 1,
        "last_on": _days(found.as_of, -(buyers.T - buyers.t_x)),
        "alive": found.alive,
        "orders_12": found.purchases,
        "usual_days": np.minimum(due.usual, FARTHEST_DAYS),
        "late_days": np.minimum(due.late, FARTHEST_DAYS),
        "early_on": _days(found.as_of, due.early),
        "due_on": _days(found.as_of, due.due),
        "by_on": _days(found.as_of, due.by),
        "overdue": due.overdue,
        "alive_class": spread.alive_class(found.alive),
    }
    if found.spending is None:
        progress(len(buyers), len(buyers))
        return made
    worth = found.residual[AHEAD[0]]
    made["value_class"] = spread.value_class(worth, spread.rounded(worth))
    for months in AHEAD:
        made[f"value_{months}"] = _minor(found.residual[months], minor_units)
    low, high = _ranges(found, progress)
    made |= {"low_12": _minor(low, minor_units), "high_12": _minor(high, minor_units)}
    return made


def _ranges(found: Forecast, progress: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return where four of five possible futures of each customer lie, some customers at a time."""
    buyers, spending = found.known.buyers, found.spending
    assert spending is not None  # noqa: S101 – asked for only where amounts are known
    low, high = np.empty(len(buyers)), np.empty(len(buyers))
    draws = FUTURES if len(buyers) <= MANY else FUTURES_OF_MANY
    for start in range(0, len(buyers), CHUNK):
        progress(start, len(buyers))
        some = slice(start, start + CHUNK)
        low[some], high[some] = value.ranges(
            found.fit.model,
            spending,
            buyers.of(some),
            months=AHEAD[0],
            discount_percent=found.discount_percent,
            draws=draws,
        )
    return low, high


def _minor(amounts: np.ndarray, units: int) -> np.ndarray:
    return np.asarray(np.rint(amounts * units).astype(np.int64))


def _days(as_of: dt.date, ahead: np.ndarray) -> np.ndarray:
    """Return days so many days from a day; none where they lie beyond ten years."""
    near = np.abs(ahead) <= FARTHEST_DAYS
    days = np.datetime64(as_of, "D") + np.rint(np.where(near, ahead, 0)).astype("timedelta64[D]")
    # The engine knows instants and no bare days.
    return np.asarray(np.where(near, days, NEVER).astype("datetime64[s]"))


def _known(value_: float | None) -> float | None:
    return None if value_ is None or not np.isfinite(value_) else float(value_)
