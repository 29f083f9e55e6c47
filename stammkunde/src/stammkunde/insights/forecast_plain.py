"""Forecasts as plain rows, for programs: the same names in the API, on the command line and in files.

As in `plain` every row is flat, money is in major units of the shop's currency, and what is not known is None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from kohorte.forecasts import words
from kohorte.language import Language
from stammkunde.insights import plain
from stammkunde.insights.forecasts import CLASSES_OF_ALIVE
from stammkunde.insights.plain import Rows

Told = Mapping[str, Any]
PERSON = (
    "customer_id", "purchase_days", "last_on", "alive", "orders_12", "value_12", "low_12", "high_12",
    "value_24", "value_36", "early_on", "due_on", "by_on", "usual_days", "late_days", "overdue",
)  # fmt: skip
# Which cell of the map a customer stands in.
CELL = ("alive_class", "value_class")
AMOUNTS = ("value_12", "low_12", "high_12", "value_24", "value_36")
_DIGITS = 4


def parameters(told: Told) -> Rows:
    """Return the parameters of the model that speaks, with their sandwich errors."""
    return [dict(zip(("parameter", "value", "error"), one, strict=True))
            for one in told["model"]["estimates"]]  # fmt: skip


def ahead(told: Told) -> Rows:
    """Return for each horizon what today's customers bring, and what one newly won does.

    Revenue is discounted; `profit` is the same at the margin, and `cac_most` what winning a customer may
    cost without a loss. Both are empty where no costs are known.
    """
    margin = told["margin_percent"]

    def profit(amount: float) -> float | None:
        return None if margin is None else amount * margin / 100

    return [
        {
            "months": one["months"], "revenue": one["value"], "low": one["low"], "high": one["high"],
            "profit": profit(one["value"]), "profit_low": profit(one["low"]),
            "profit_high": profit(one["high"]), "first_order": one["first"],
            "further_orders": one["newcomer"], "new_customer": one["first"] + one["newcomer"],
            "cac_most": profit(one["first"] + one["newcomer"]), "margin_percent": margin,
            "discount_percent": told["discount_percent"],
        }
        for one in told["worth"]
    ]  # fmt: skip


def churn(told: Told) -> Rows:
    """Return the expected churn beside what it was before the trial; nothing where there is none."""
    found = told["churn"]
    if not found:
        return []
    held = found["held"] or {}
    return [
        {
            "metric": "expected_churn",
            **{name: found[name] for name in ("value", "low", "high")},
            "n": found["customers"], "active_days": found["active_days"], "months": 12,
            "model": found["model"], "held_days": held.get("days"), "held_n": held.get("customers"),
            "held_expected": held.get("expected"), "held_actual": held.get("actual"),
        }
    ]  # fmt: skip


def cells(told: Told) -> Rows:
    """Return the map: customers by how likely they still are one, and by what they will bring."""
    spread = told["spread"]
    if not spread:
        return []
    width, bounds = 100 // CLASSES_OF_ALIVE, list(pairwise([None, *spread["limits"], None]))
    return [
        {
            "alive_class": alive, "alive_from_percent": width * alive,
            "alive_to_percent": width * (alive + 1), "value_class": place, "value_from": low,
            "value_to": high, "customers": spread["cells"][alive][place],
            "value": spread["values"][alive][place],
        }
        for alive in range(CLASSES_OF_ALIVE)
        for place, (low, high) in enumerate(bounds)
    ]  # fmt: skip


def top(told: Told) -> Rows:
    """Return how much the best so many percent of customers bring."""
    names = ("best_percent", "customers", "value", "share_percent")
    found = told["spread"]["top"] if told["spread"] else ()
    return [dict(zip(names, one, strict=True)) for one in found]


def drivers(told: Told, language: Language) -> Rows:
    """Return what goes with a second order, the surest first, with the words of facts and values."""
    return [
        {
            "fact": fact, "fact_name": words.fact(fact).render(language), "value": value,
            "in_words": words.fact_value(fact, value).render(language), "against": against,
            "customers": customers, "ratio": ratio, "low": low, "high": high, "beyond_chance": beyond,
        }
        for fact, value, against, customers, ratio, low, high, beyond in told["drivers"].get("rows", ())
    ]  # fmt: skip


def record(told: Told) -> Rows:
    """Return every model and rule with what it would have said of the shop's own past."""
    used = told["model"]["slug"]
    return [
        {
            "model": one["slug"], "used": one["slug"] == used, "foretold": one["foretold"],
            "actual": held["actual"], "error_percent": one["error_percent"], "ranking": one["area"],
            "deviance": one["deviance"], "absolute_error": one["absolute_error"],
            "loses": one["loses"], "customers": held["customers"], "days": held["days"],
            "split_on": plain.value(held["split_on"], "en"),
        }
        for held, one in _trials(told)
    ]  # fmt: skip


def calibration(told: Told) -> Rows:
    """Return what each model expected of tenths of the customers, and what came."""
    return [
        {"model": one["slug"], "tenth": place, "customers": customers, "foretold": foretold,
         "actual": actual}
        for _held, one in _trials(told)
        for place, (customers, foretold, actual) in enumerate(one["deciles"], start=1)
    ]  # fmt: skip


def tracking(told: Told) -> Rows:
    """Return the sum of orders that each model expected until a day of the trial, and what came."""
    return [
        {"model": one["slug"], "day": held["days"] * (place + 1) // len(held["tracking"]),
         "foretold": foretold, "actual": held["tracking"][place]}
        for held, one in _trials(told)
        for place, foretold in enumerate(one["tracking"])
    ]  # fmt: skip


def _trials(told: Told) -> Iterator[tuple[Told, Told]]:
    held = told["trial"]
    for one in held["trials"] if held else ():
        yield held, one


def people(
    found: Iterable[Mapping[str, Any]], *, exponent: int, margin_percent: float | None
) -> Iterator[dict[str, Any]]:
    """Yield what is foretold of each customer, with the profit of twelve months where costs are known.

    Parameters
    ----------
    exponent
        How many digits the minor unit of the currency has.
    """
    for one in found:
        row = {name: _of_person(name, one[name], exponent) for name in (*PERSON, *CELL)}
        worth = row["value_12"]
        known = worth is not None and margin_percent is not None
        row["profit_12"] = round(worth * margin_percent / 100, exponent) if known else None
        yield row


def _of_person(name: str, value: Any, exponent: int) -> Any:
    if value is None:
        return None
    if name in AMOUNTS:
        return value / 10**exponent
    if isinstance(value, dt.date):
        return value.isoformat()
    return round(value, _DIGITS) if isinstance(value, float) else value
