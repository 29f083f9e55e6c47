"""What all pages of numbers stand on: the snapshot, what was asked for, and the words of `kohorte`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from kohorte import metrics
from kohorte.language import Language
from kohorte.report.material import Material
from kohorte.report.shelf import Shelf
from kohorte.results import CohortGrid, Counts, Report, Rfm, Row
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.access import Visit
from stammkunde.faces.dashboard.insights import controls
from stammkunde.faces.dashboard.insights.speech import Speech
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.insights import history, queries, services
from stammkunde.insights.annotations import queries as happened
from stammkunde.insights.annotations.models import Annotation
from stammkunde.insights.models import Snapshot
from stammkunde.insights.questions import Question
from stammkunde.insights.targets import queries as targets

_NOTHING = CohortGrid("month", "calendar", None, ())


class Numbers:
    """The numbers of a shop in one language, as its snapshot holds them; nothing is computed for them.

    Parameters
    ----------
    where
        The condition on customers that is asked about; targets are set for all of them alone.
    """

    def __init__(
        self, shop: Shop, snapshot: Snapshot | None, language: Language, *, where: str = ""
    ) -> None:
        self.shop = shop
        self.snapshot = snapshot
        self.language = language
        self.voice = Speech(language, shop.currency)
        self.answers: dict[Question, Any] = {}
        self.targets = () if where else targets.known(shop)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: no order, or none that counts."""
        return self.snapshot is None or self.snapshot.last_on is None

    @cached_property
    def annotations(self) -> list[Annotation]:
        """What happened, the earliest first, as far as charts reach."""
        first, last = (self.snapshot and self.snapshot.first_on), dt.date.max
        return happened.within(self.shop, first or dt.date.min, last)

    def known(self, asked: Iterable[Question]) -> dict[Question, Any]:
        """Return answers that are there; what is missing is not asked for."""
        return queries.answers(self.snapshot, asked) if self.snapshot else {}

    def answer(self, question: Question, default: Any = None) -> Any:
        """Return an answer that was gathered; the default where it is not known yet."""
        return self.answers.get(question, default)

    def fault(self, question: Question) -> str:
        """Say why a question cannot be answered; nothing where it can, or is not answered yet."""
        found = self.answer(question)
        if not isinstance(found, dict) or "fault" not in found:
            return ""
        return self.voice.tell(found["fault"])

    def rows(self, question: Question) -> tuple[Row, ...]:
        """Return the rows of a metric over all customers, oldest first."""
        found = self.answer(question, ())
        return tuple(row for row in found if isinstance(row, Row) and row.segment == "all")

    def material(self, *, latest: int | None = None, **parts: Any) -> Material:
        """Return the gathered rows as the parts of a report take them.

        Parameters
        ----------
        latest
            Only so many periods of each metric, the last ones; all unless given.
        """
        rows = [
            row
            for question, found in self.answers.items()
            if question.name == "series" and isinstance(found, tuple)
            for row in _last(found, latest)
        ]
        last = (self.snapshot and self.snapshot.last_on) or dt.date.min
        report = Report(
            title=self.shop.name,
            currency=self.shop.currency,
            first_on=(self.snapshot and self.snapshot.first_on) or last,
            last_on=last,
            created_on=None,
            settings=dataclasses.asdict(history.settings(self.shop)),
            counts=Counts(0, None, 0, 0, 0, None, 0, None, 0, None),
            rows=tuple(rows),
            **{
                "targets": self.targets,
                "movements": (), "calendar_cohorts": _NOTHING, "rolling_cohorts": _NOTHING,
                "rfm": Rfm(last, 0, (), {}, {}), "files": (), "exclusions": (), "findings": (),
                **parts,
            },
        )  # fmt: skip
        return Material(report, Shelf(rows), metrics.every(), self.voice)


class Board(Numbers):
    """The numbers of a shop as one visitor sees them.

    Parameters
    ----------
    visit
        Who looks, with what the address asks for.
    """

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        shown = services.shown(visit.shop)
        # What is under way: numbers that follow the records, or an answer that was asked for.
        self.following: Line | None = shown.work
        self.answering: Line | None = None
        self.controls = controls.read(visit.request.GET, visit.shop, reader())
        super().__init__(visit.shop, shown.snapshot, reader(), where=self.controls.where)

    @property
    def kept(self) -> str:
        """What an address below a page takes along: the condition."""
        return f"?{urlencode({'where': self.controls.where})}" if self.controls.where else ""

    def gather(self, asked: Iterable[Question]) -> None:
        """Fetch answers in one go; what nobody asked before is computed in the background."""
        if self.snapshot is None:
            return
        found, line = queries.ask(self.visit.shop, self.snapshot, asked, actor=self.visit.actor)
        self.answers |= found
        self.answering = self.answering or line


def _last(rows: tuple[Row, ...], count: int | None) -> tuple[Row, ...]:
    """Return the rows of the last periods, all segments of each."""
    starts = sorted({row.starts_on for row in rows})
    if count is None or len(starts) <= count:
        return rows
    return tuple(row for row in rows if row.starts_on >= starts[-count])
