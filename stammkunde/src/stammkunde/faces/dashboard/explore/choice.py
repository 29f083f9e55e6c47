"""What the address of the page asks for: which metrics, told apart by what, from when until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from kohorte import metrics
from kohorte.conditions import customers
from kohorte.results import Row
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.insights.metric import CHAPTERS
from stammkunde.insights.questions import Question, series, sides

# Metrics that one page shows; each further one is a query of its own.
MOST = 6
FIRST = ("revenue",)
SORTS = ("name", "value", "n")


@dataclass(frozen=True)
class Chosen:
    """What is shown.

    Parameters
    ----------
    slugs
        The metrics, in the order in which they were chosen.
    by
        What customers are told apart by; empty for all of them together.
    since, until
        Days; periods that lie outside of them are not shown. None is without limit.
    sort
        The column that the tables are sorted by, with “-” downwards.
    """

    slugs: tuple[str, ...]
    by: str
    since: dt.date | None
    until: dt.date | None
    sort: str

    @property
    def is_turned(self) -> bool:
        """Whether somebody mixed up the two days."""
        return bool(self.since and self.until and self.since > self.until)

    def within(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows of periods that lie at least partly between the two days."""
        return [
            row
            for row in rows
            if (self.since is None or row.ends_on > self.since)
            and (self.until is None or row.starts_on <= self.until)
        ]

    def questions(self, board: Board) -> list[Question]:
        """Return all that the page asks for at once."""
        grain, where = board.controls.grain, board.controls.where
        asked = [series(slug, grain, where) for slug in self.slugs]
        if self.by:
            asked += [sides(slug, grain, self.by, where) for slug in self.slugs]
        return asked


@dataclass(frozen=True)
class Chip:
    """A chosen metric with the addresses of its page and of this page without it."""

    slug: str
    name: str
    without: str


def read(asked: QueryDict) -> Chosen:
    """Return what an address asks for; what it gets wrong is as if it were left out."""
    known = metrics.every()
    slugs = tuple(dict.fromkeys(slug for slug in asked.getlist("metric") if slug in known))[:MOST]
    by, sort = asked.get("by", ""), asked.get("sort", "")
    return Chosen(
        slugs=slugs or FIRST,
        by=by if by in customers.DIMENSIONS else "",
        since=_day(asked.get("from", "")),
        until=_day(asked.get("until", "")),
        sort=sort if sort.removeprefix("-") in SORTS else "",
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def chips(chosen: Chosen, board: Board) -> list[Chip]:
    """Return the chosen metrics; the last one cannot be taken away."""
    page = reverse("explore", args=[board.visit.shop.slug])
    found = []
    for slug in chosen.slugs:
        asked = board.visit.request.GET.copy()
        asked.setlist("metric", [other for other in chosen.slugs if other != slug])
        without = f"{page}?{asked.urlencode()}" if len(chosen.slugs) > 1 else ""
        found.append(Chip(slug, board.voice.pick(metrics.get(slug).name), without))
    return found


def offered(chosen: Chosen, board: Board) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Return the metrics that can be added, by what they are about; none when there is no room."""
    if len(chosen.slugs) >= MOST:
        return []
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in CHAPTERS}
    for slug, metric in metrics.every().items():
        if slug not in chosen.slugs:
            found[metric.chapter].append((slug, board.voice.pick(metric.name)))
    return [(str(CHAPTERS[name]), each) for name, each in found.items() if each]


def dimensions(chosen: Chosen, board: Board) -> list[tuple[str, str, bool]]:
    """Return what customers can be told apart by, with whether it is chosen."""
    return [
        (name, board.voice.pick(text), name == chosen.by)
        for name, text in customers.DIMENSIONS.items()
    ]
