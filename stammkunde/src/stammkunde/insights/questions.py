"""What can be asked of a shop's history: each question by its name, with arguments that are texts.

Those of `everyday` are part of every snapshot; all others are asked for when somebody looks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, cast

from kohorte import History, exclusions, metrics
from kohorte.conditions.customers import CHANNEL
from kohorte.results import (
    Decomposition,
    Grain,
    Group,
    Listing,
    Move,
    Row,
    Survival,
    SurvivalPoint,
)

# Rows of a list behind a number that are kept; who wants more takes the file.
LISTED = 20_000
# A page reads one block of a list, however long that is.
BLOCK = 500
# So many of those who are overdue are named where others are only counted.
NAMED = 5
# What customers are told apart by in every snapshot, where it is known.
DIMENSIONS = ("country", "channel")
GROUPS = 6
# The metrics of which every snapshot holds the groups by month.
GROUPED = (
    "customer_retention_rate", "repeat_rate_90_days", "repeat_purchase_rate",
    "returning_customer_rate", "purchase_frequency", "average_order_value", "customer_value",
    "revenue", "orders", "customers", "new_customers",
)  # fmt: skip
EXPLAINED = 4
# So far the curves of pauses are drawn to the day.
DAYS = 731


@dataclass(frozen=True)
class Question:
    """A question with its arguments."""

    name: str
    arguments: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """The arguments as one text."""
        return json.dumps(self.arguments, ensure_ascii=False)

    @property
    def digest(self) -> str:
        """What tells questions apart."""
        text = f"{self.name}\n{self.about}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def series(slug: str, grain: Grain, where: str = "") -> Question:
    """Ask for a metric over all periods of a grain, of the customers of whom a condition holds."""
    return Question("series", (slug, grain, where))


def groups(slug: str, dimension: str) -> Question:
    """Ask for a metric by month, of the largest groups of customers."""
    return Question("groups", (slug, dimension))


def sides(slug: str, grain: Grain, dimension: str, where: str = "") -> Question:
    """Ask for a metric over all periods of a grain, of the largest groups of customers."""
    if grain == "month" and not where and slug in GROUPED and dimension in DIMENSIONS:
        return groups(slug, dimension)
    return Question("sides", (slug, grain, dimension, where))


def block(question: Question, number: int) -> Question:
    """Return what a block of a list is kept under; the first stands with the question itself."""
    return Question(question.name, (*question.arguments, f"block {number}")) if number else question


def blocks(question: Question, result: Any) -> Iterator[tuple[Question, Any]]:
    """Yield what is kept of an answer: a long list in blocks, everything else as it is."""
    if not isinstance(result, dict) or "rows" not in result:
        yield question, result
        return
    rows = result["rows"]
    for number in range(max(1, -(-len(rows) // BLOCK))):
        part = rows[number * BLOCK : (number + 1) * BLOCK]
        yield block(question, number), {**result, "rows": part}


Asked = Callable[..., Any]


def _series(history: History, slug: str, grain: str, where: str = "") -> list[Row]:
    with _only(history, where):
        return history.metric(slug, grain=cast(Grain, grain))


def _sides(
    history: History, slug: str, grain: str, dimension: str, where: str = ""
) -> list[tuple[Group, list[Row]]]:
    # Of what takes expenses, those of a channel are told apart for some customers only.
    told = metrics.get(slug).by_channel if dimension == CHANNEL else ()
    segment = told[0] if told else "all"
    with _only(history, where):
        groups_of = history.by(dimension, most=GROUPS)
        return [
            (one, part.metric(slug, grain=cast(Grain, grain), segment=segment))
            for one, part in groups_of
        ]


def _moves(history: History, where: str = "") -> list[Move]:
    with _only(history, where):
        return history.compared("month")


def _why(
    history: History, slug: str, before: str, after: str, dimension: str
) -> Decomposition | None:
    return history.why(slug, grain="month", before=before, after=after, by=dimension, most=GROUPS)


def _due(history: History, where: str = "") -> dict[str, Any]:
    """Count customers by when their next order is due, and name the most valuable of them."""
    with _only(history, where):
        found = history.due()
    place = {name: number for number, name in enumerate(found.columns)}
    counts: dict[str, int] = {}
    value: dict[str, float] = {}
    for row in found.rows:
        status = str(row[place["status"]])
        counts[status] = counts.get(status, 0) + 1
        value[status] = value.get(status, 0.0) + float(cast(float, row[place["value"]] or 0))
    named = [row for row in found.rows if row[place["status"]] == "overdue"][:NAMED]
    return {"columns": found.columns, "counts": counts, "value": value, "named": named}


def _due_list(history: History, status: str, where: str = "") -> dict[str, Any]:
    with _only(history, where):
        return _shortened(history.due(status=status))


def thinned(curve: Survival) -> Survival:
    """Return a curve whose points beyond two years are put together.

    What is asked of it stays as it is: who is back by a day up to `DAYS`, how many were watched that
    long, and by which day a quarter, half and three quarters were back.
    """
    kept = {curve.quantile(share) for share in (0.25, 0.5, 0.75)}
    points: list[SurvivalPoint] = []
    came = waiting = 0
    for point in curve.points:
        came, waiting = came + point.came, waiting + point.waiting
        if point.day <= DAYS or point.day in kept or point is curve.points[-1]:
            points.append(replace(point, came=came, waiting=waiting))
            came = waiting = 0
    return replace(curve, points=tuple(points))


def _behind(history: History, slug: str, grain: str, period: str) -> dict[str, Any]:
    return _shortened(history.behind(slug, grain=cast(Grain, grain), period=period))


def _orders_behind(history: History, slug: str, grain: str, period: str) -> dict[str, Any]:
    return _shortened(history.orders_behind(slug, grain=cast(Grain, grain), period=period))


def _shortened(found: Listing) -> dict[str, Any]:
    return {"columns": found.columns, "rows": found.rows[:LISTED], "count": len(found.rows)}


def _cohorts(history: History, grain: str, age: str, where: str = "") -> Any:
    with _only(history, where):
        return history.cohorts(cast(Grain, grain), age=cast(Any, age))


def _cohort(
    history: History, cohort: str, grain: str, age: str, at: str, where: str = ""
) -> dict[str, Any]:
    """Name the customers of a cohort, or those of them who ordered at an age, the best first."""
    with _only(history, where):
        return _shortened(
            history.cohort_customers(
                cohort, grain=cast(Grain, grain), age=cast(Any, age), at=int(at) if at else None
            )
        )


def _cohort_profits(history: History, grain: str, age: str, where: str = "") -> Any:
    with _only(history, where):
        return history.cohort_profits(history.cohorts(cast(Grain, grain), age=cast(Any, age)))


def _rfm_list(history: History, what: str, where: str = "") -> dict[str, Any]:
    """Name the customers of a group of the map, or of a cell such as `5-4`, the best first."""
    recency, is_cell, frequency = what.partition("-")
    cell = (int(recency), int(frequency)) if is_cell else None
    with _only(history, where):
        return _shortened(history.rfm_customers(group=None if cell else what, cell=cell))


def _survival_by(history: History, dimension: str) -> dict[str, Any]:
    """Tell how long groups take to their second order, and whether that is more than chance."""
    curves, test = history.survival_by(dimension, most=GROUPS)
    return {"curves": [(group, thinned(curve)) for group, curve in curves], "test": test}


def _baseline(history: History, days: str, where: str = "") -> dict[str, Any]:
    """Tell what customers do in so many days without a treatment, for those who plan a trial."""
    from kohorte.experiments import baseline

    with _only(history, where):
        found = baseline.of(history, days=int(days))
    bases = {
        name: (base.mean, base.deviation, base.correlation) for name, base in found.bases.items()
    }
    return {"customers": found.customers, "start": found.start, "days": found.days, "bases": bases}


def _survey(history: History, question: str) -> dict[str, Any] | None:
    """Tell what the answers to a question of surveys say: `nps`, `csat` or `ces`."""
    from stammkunde.insights import heard

    return heard.of(history, question)


def _sql(history: History, slug: str) -> str:
    return history.engine.composed(metrics.get(slug).sql)


def _only(history: History, where: str) -> Any:
    return history.only(where) if where else nullcontext(history)


ASKED: dict[str, Asked] = {
    "series": _series,
    "groups": lambda history, slug, dimension: _sides(history, slug, "month", dimension),
    "sides": _sides,
    "moves": _moves,
    "why": _why,
    "movements": lambda history, grain, where="": _within(
        history, where, lambda: history.movements(grain)
    ),
    "cohorts": _cohorts,
    "cohort": _cohort,
    "cohort_profits": _cohort_profits,
    "rfm": lambda history, where="": _within(history, where, history.rfm),
    "rfm_list": _rfm_list,
    "survival_by": _survival_by,
    "survival": lambda history, number: thinned(history.survival(int(number))),
    "due": _due,
    "due_list": _due_list,
    "breakdown": lambda history, dimension: history.breakdown(dimension),
    "reasons": lambda history: history.reasons(),
    "first_products": lambda history: history.first_products(),
    "returned_products": lambda history: history.returned_products(),
    "channels": lambda history: history.channels(),
    "exclusions": lambda history: exclusions.by_reason(history.engine, exponent=history.exponent),
    "behind": _behind,
    "orders_behind": _orders_behind,
    "baseline": _baseline,
    "survey": _survey,
    "sql": _sql,
    "measurable": lambda history: list(history.measurable()),
}


def _within(history: History, where: str, asked: Callable[[], Any]) -> Any:
    with _only(history, where):
        return asked()


def answer(history: History, question: Question) -> Any:
    """Return what a history answers.

    Raises
    ------
    KohorteError
        It cannot be asked so, such as a condition that cannot be understood.
    """
    return ASKED[question.name](history, *question.arguments)
