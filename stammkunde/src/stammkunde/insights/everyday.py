"""What every snapshot holds, computed together: what is asked of many metrics at once is computed at once.

What holds on of the snapshot before is not computed again (see `reuse`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kohorte import History, causes, moving
from kohorte.errors import KohorteError
from kohorte.results import GRAINS, Decomposition, Grain, Group, Move, Row
from stammkunde.insights import reuse
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
from stammkunde.insights.reuse import NOTHING, Before, Held
from stammkunde.insights.watching import Tables

Told = dict[str, list[tuple[Group, list[Row]]]]


@dataclass(frozen=True)
class Part:
    """A part of a snapshot: the step that it is of, a question, and its answer or the one that holds on."""

    step: str
    question: Question
    found: Any
    tables: Tables = frozenset()


def standing(history: History, before: Before = NOTHING) -> Iterator[Part]:
    """Yield every part of a snapshot."""

    def asked(step: str, question: Question, work: Callable[[], Any]) -> Part:
        if held := before.held(question):
            return Part(step, question, held, held.tables)
        reuse.taken(history)
        found = work()
        return Part(step, question, found, reuse.taken(history))

    yield Part("measurable", Question("measurable"), answer(history, Question("measurable")))
    months: dict[str, Part] = {}
    for grain in GRAINS:
        for slug in history.measurable():
            part = asked(grain, series(slug, grain), _series(history, slug, grain))
            if grain == "month":
                months[slug] = part
            yield part
    rows = {slug: list(_value(part)) for slug, part in months.items()}
    moves = moving.compare(
        [row for found in rows.values() for row in found],
        confidence_percent=history.settings.confidence_percent,
    )
    yield Part("moves", Question("moves", ("",)), moves)
    for question in (
        *(Question("movements", (grain, "")) for grain in ("month", "quarter", "year")),
        *(Question("cohorts", ("month", age, "")) for age in ("calendar", "rolling")),
        Question("rfm", ("",)), *(Question("survival", (str(number),)) for number in (2, 3, 4)),
        Question("due", ("",)), *(Question("due_list", (name, "")) for name in ("overdue", "due")),
        Question("reasons"), Question("exclusions"),
    ):  # fmt: skip
        yield asked("people", question, _answer(history, question))
    sure = moving.beyond_chance(moves, confidence_percent=history.settings.confidence_percent)
    explained = list({(move.before, move.after): move for move in sure}.values())[:EXPLAINED]
    known = [name for name in DIMENSIONS if knows(history, name)]
    for dimension in (*known, "cohort"):
        yield from _Grouped(history, before, dimension, rows, months).parts(explained)


def _series(history: History, slug: str, grain: Grain) -> Callable[[], list[Row]]:
    return lambda: history.metric(slug, grain=grain)


def _answer(history: History, question: Question) -> Callable[[], Any]:
    return lambda: answer(history, question)


def _value(part: Part) -> Any:
    return part.found.value() if isinstance(part.found, Held) else part.found


@dataclass(frozen=True)
class _Grouped:
    """Customers told apart by a dimension: what groups do, and what moved the metrics that moved.

    The tables are narrowed to each group once, for all that is asked of it: as `history.by` and
    `history.why` answer it one by one.
    """

    history: History
    before: Before
    dimension: str
    rows: dict[str, list[Row]]
    months: dict[str, Part]

    def parts(self, explained: list[Move]) -> Iterator[Part]:
        """Yield the groups that every snapshot holds, and why metrics moved."""
        kept = GROUPED if self.dimension in DIMENSIONS else ()
        asked = [(groups(slug, self.dimension), slug, None) for slug in kept] + [
            (self._why(move), move.after.metric, move) for move in explained
        ]
        held = {question: self.before.held(question) for question, _slug, _move in asked}
        reuse.taken(self.history)
        told = self._told({slug for question, slug, _move in asked if not held[question]})
        read = reuse.taken(self.history) | reuse.of_groups(self.history)
        for question, slug, move in asked:
            step = "why" if move else "groups"
            if found := held[question]:
                yield Part(step, question, found, found.tables)
            elif move is None:
                yield Part(step, question, told[slug], read)
            else:
                tables = read | self.months[slug].tables
                yield Part(step, question, self._explained(move, told[slug]), tables)

    def _told(self, slugs: set[str]) -> Told:
        told: Told = {slug: [] for slug in sorted(slugs)}
        for group, part in self.history.by(self.dimension, most=GROUPS) if slugs else ():
            for slug, found in told.items():
                found.append((group, part.metric(slug, grain="month", segment="all")))
        return told

    def _why(self, move: Move) -> Question:
        between = (move.before.period, move.after.period)
        return Question("why", (move.after.metric, *between, self.dimension))

    def _explained(self, move: Move, told: list[tuple[Group, list[Row]]]) -> Decomposition | None:
        def pair(rows: list[Row]) -> tuple[Row, Row]:
            by_period = {row.period: row for row in rows if row.segment == "all"}
            return by_period[move.before.period], by_period[move.after.period]

        start, end = pair(self.rows[move.after.metric])
        return causes.decompose(start, end, [causes.Part(g, *pair(rows)) for g, rows in told])


def knows(history: History, dimension: str) -> bool:
    """Return whether customers can be told apart by something."""
    try:
        return any(group.value is not None for group, _part in history.by(dimension, most=2))
    except KohorteError:
        return False
