"""What every snapshot holds, computed together: what is asked of many metrics at once is computed at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kohorte import History, causes, moving
from kohorte.errors import KohorteError
from kohorte.results import GRAINS, Decomposition, Group, Move, Row
from stammkunde.insights.questions import (
    DIMENSIONS,
    EXPLAINED,
    GROUPED,
    GROUPS,
    Question,
    answer,
    groups,
    series,
)


def standing(history: History) -> Iterator[tuple[str, Question, Any]]:
    """Yield a step, a question and its answer, for everything that is part of every snapshot."""
    yield "measurable", Question("measurable"), answer(history, Question("measurable"))
    months: list[Row] = []
    for grain in GRAINS:
        by_metric: dict[str, list[Row]] = {slug: [] for slug in history.measurable()}
        for row in history.rows(grain):
            by_metric[row.metric].append(row)
        if grain == "month":
            months = [row for found in by_metric.values() for row in found]
        for slug, found in by_metric.items():
            yield grain, series(slug, grain), found
    moves = moving.compare(months, confidence_percent=history.settings.confidence_percent)
    yield "moves", Question("moves", ("",)), moves
    for question in (
        *(Question("movements", (grain, "")) for grain in ("month", "quarter", "year")),
        *(Question("cohorts", ("month", age, "")) for age in ("calendar", "rolling")),
        Question("rfm", ("",)), *(Question("survival", (str(number),)) for number in (2, 3, 4)),
        Question("due", ("",)), *(Question("due_list", (name, "")) for name in ("overdue", "due")),
        Question("reasons"), Question("exclusions"),
    ):  # fmt: skip
        yield "people", question, answer(history, question)
    yield from _grouped(history, months, moves)


def _grouped(
    history: History, months: list[Row], moves: list[Move]
) -> Iterator[tuple[str, Question, Any]]:
    """Yield groups of customers, and what moved the metrics that moved, by groups.

    The tables are narrowed to each group once, for all that is asked of it: as `history.by` and
    `history.why` answer it one by one.
    """
    sure = moving.beyond_chance(moves, confidence_percent=history.settings.confidence_percent)
    explained = list({(move.before, move.after): move for move in sure}.values())[:EXPLAINED]
    known = [name for name in DIMENSIONS if knows(history, name)]
    for dimension in (*known, "cohort"):
        kept = GROUPED if dimension in DIMENSIONS else ()
        wanted = dict.fromkeys((*kept, *(move.after.metric for move in explained)))
        told: dict[str, list[tuple[Group, list[Row]]]] = {slug: [] for slug in wanted}
        for group, part in history.by(dimension, most=GROUPS) if wanted else ():
            for slug, found in told.items():
                found.append((group, part.metric(slug, grain="month", segment="all")))
        for slug in kept:
            yield "groups", groups(slug, dimension), told[slug]
        for move in explained:
            yield "why", _question_of(move, dimension), _explained(move, months, told)


def _question_of(move: Move, dimension: str) -> Question:
    return Question("why", (move.after.metric, move.before.period, move.after.period, dimension))


def _explained(
    move: Move, months: list[Row], told: dict[str, list[tuple[Group, list[Row]]]]
) -> Decomposition | None:
    """Return why a metric moved, by the groups that were told apart."""
    slug, between = move.after.metric, (move.before.period, move.after.period)

    def pair(rows: list[Row]) -> tuple[Row, Row]:
        by_period = {row.period: row for row in rows if (row.metric, row.segment) == (slug, "all")}
        return by_period[between[0]], by_period[between[1]]

    parts = [causes.Part(group, *pair(rows)) for group, rows in told[slug]]
    return causes.decompose(*pair(months), parts)


def knows(history: History, dimension: str) -> bool:
    """Return whether customers can be told apart by something."""
    try:
        return any(group.value is not None for group, _part in history.by(dimension, most=2))
    except KohorteError:
        return False
