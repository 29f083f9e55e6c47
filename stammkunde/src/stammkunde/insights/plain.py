"""Answers as plain rows, for programs: the same names in the API, on the command line and in Python.

Every row is flat and holds what JSON knows. Money is in major units of the shop's currency, as on pages
and in their files; what is not known is None, never 0. Days are written as 2026-01-31.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kohorte.language import Language, Sentence, Text
from kohorte.results import (
    Breakdown,
    CohortGrid,
    Decomposition,
    Exclusion,
    Group,
    Move,
    Movement,
    Reasons,
    Rfm,
    Row,
    Survival,
)

Rows = list[dict[str, Any]]
OF_CURVES = (0.25, 0.5, 0.75)


def value(found: object, language: Language) -> Any:
    """Return a value as JSON can hold it, words in a language.

    >>> value(dt.date(2026, 1, 31), "en"), value(Decimal("1.50"), "en"), value(None, "en")
    ('2026-01-31', 1.5, None)
    """
    match found:
        case dt.date():
            return found.isoformat()
        case Decimal():
            return float(found)
        case Text() | Sentence():
            return found.render(language)
    return found


def of_record(record: Any, names: Iterable[str], language: Language) -> dict[str, Any]:
    """Return some fields of a record."""
    return {name: value(getattr(record, name), language) for name in names}


def _names(record: type[Any], *left_out: str) -> tuple[str, ...]:
    fields = dataclasses.fields(record)
    return tuple(field.name for field in fields if field.name not in left_out)


ROW = _names(Row)
MOVEMENT = _names(Movement)
EXCLUSION = _names(Exclusion)


def series(found: Iterable[Row], language: Language) -> Rows:
    """Return a metric over its periods, a row for each period and segment."""
    return [of_record(row, ROW, language) for row in found]


def groups(found: Iterable[tuple[Group, Sequence[Row]]], language: Language) -> Rows:
    """Return a metric over its periods in each group of customers."""
    return [
        {**_group(group), **of_record(row, ROW, language)} for group, rows in found for row in rows
    ]


def breakdown(found: Breakdown, language: Language) -> Rows:
    """Return metrics of groups side by side, over all time."""
    return groups([(side.group, side.rows) for side in found.sides], language)


def stays(found: Breakdown) -> Rows:
    """Return how the customers of each group stay, by age."""
    return [
        {**_group(side.group), **dataclasses.asdict(stay)}
        for side in found.sides
        for stay in side.stays
    ]


def _group(group: Group) -> dict[str, Any]:
    return {"group": group.value, "is_rest": group.rest, "customers": group.customers}


def moves(found: Iterable[Move]) -> Rows:
    """Return how metrics moved into their last whole month."""
    return [{"metric": one.after.metric, **_between(one.before, one.after), "p": one.p}
            for one in found]  # fmt: skip


def why(found: Decomposition | None) -> Rows:
    """Return what each group did to the move of a value, the largest first."""
    return [
        {
            "group": cause.group, "is_rest": cause.rest, "mix": cause.mix, "rate": cause.rate,
            **_between(cause.before, cause.after),
        }
        for cause in (found.causes if found else ())
    ]  # fmt: skip


def _between(before: Row, after: Row) -> dict[str, Any]:
    return {
        "period_before": before.period, "value_before": before.value, "n_before": before.n,
        "period": after.period, "value": after.value, "n": after.n,
    }  # fmt: skip


def cohorts(found: CohortGrid) -> Rows:
    """Return a row for each cohort and age that was observed."""
    return [
        {
            "cohort": one.period, "starts_on": one.starts_on.isoformat(), "size": one.size,
            "age": age, "customers": one.customers[age], "orders": one.orders[age],
            "revenue": one.revenue[age], "complete": one.complete[age],
            "may_hold_older_customers": one.may_hold_older_customers,
        }
        for one in found.cohorts
        for age in range(len(one.customers))
        if one.customers[age] is not None
    ]  # fmt: skip


def movements(found: Iterable[Movement], language: Language) -> Rows:
    """Return who came and went in each period."""
    return [of_record(one, MOVEMENT, language) for one in found]


def rfm(found: Rfm, language: Language) -> Rows:
    """Return the groups of the RFM map."""
    return [
        {
            "group": one.slug,
            **of_record(one, ("name", "meaning", "customers", "orders", "revenue",
                              "median_recency_days"), language),
        }
        for one in found.groups
    ]  # fmt: skip


def cells(found: Rfm) -> Rows:
    """Return how many customers each cell of the RFM map holds; scores run from 1 to 5, the best."""
    return [
        {"recency": recency, "frequency": frequency, "customers": customers}
        for (recency, frequency), customers in sorted(found.cells.items())
    ]


def survival(found: Survival) -> Rows:
    """Return the points of a curve: by which day how many percent have ordered again."""
    return [
        {
            "day": point.day, "at_risk": point.at_risk, "came": point.came,
            "waiting": point.waiting, "returned_percent": _percent(point.returned),
            "low": _percent(point.low), "high": _percent(point.high),
        }
        for point in found.points
    ]  # fmt: skip


def quantiles(found: Survival) -> dict[str, int | None]:
    """Return by which day a quarter, half and three quarters have ordered; None if not reached."""
    return {f"{share:.0%}": found.quantile(share) for share in OF_CURVES}


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def due(found: Mapping[str, Any]) -> Rows:
    """Return how many customers' next order is in which state, and what they brought so far."""
    return [
        # No currency has more than four digits: what lies beyond is left of adding up.
        {"status": status, "customers": count, "value": round(found["value"][status], 4)}
        for status, count in found["counts"].items()
    ]


def reasons(found: Iterable[Reasons], language: Language) -> Rows:
    """Return the reasons that customers stated, by kind."""
    return [
        {
            "kind": kind.kind, "name": kind.name.render(language), "given": kind.given,
            "silent": kind.silent, **dataclasses.asdict(reason),
        }
        for kind in found
        for reason in kind.reasons
    ]  # fmt: skip


def exclusions(found: Iterable[Exclusion], language: Language) -> Rows:
    """Return what was left out, by reason."""
    return [of_record(one, EXCLUSION, language) for one in found]


def listing(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Rows:
    """Return rows of a list with their names; customers by their number in the records."""
    return [
        {
            name: _id(cell) if name == "customer_id" else value(cell, "en")
            for name, cell in zip(columns, row, strict=True)
        }
        for row in rows
    ]


def _id(cell: object) -> int | None:
    return int(str(cell)) if cell else None
