"""The report of a month, put together from the snapshot: words and numbers, ready for page and mail.

It never waits for the engine. What comes out is plain data that can be kept: an edition that was sent
says the same for ever, whatever happens to the numbers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Iterable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kohorte import metrics, moving, targets
from kohorte.language import Language
from kohorte.metrics import Metric
from kohorte.report import cards as report_cards
from kohorte.report import change, new_existing, periods, targets_view
from kohorte.report.material import Material
from kohorte.results import Grain, Move, Row
from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.insights import cards, happened, moved
from stammkunde.faces.dashboard.insights.board import Numbers
from stammkunde.faces.dashboard.monthly import ground
from stammkunde.faces.dashboard.monthly.edition import (
    Aim,
    Edition,
    Figure,
    Moved,
    Said,
    Segment,
    said,
)
from stammkunde.faces.dashboard.templatetags.formats import day
from stammkunde.insights import history
from stammkunde.insights.annotations import queries as notes
from stammkunde.insights.models import Snapshot
from stammkunde.insights.monthly.rules import month_after
from stammkunde.insights.questions import Question, series

HEADLINES = ("revenue", "orders", *report_cards.HEADLINES)
TOLD_APART = ("orders", "revenue", "average_order_value")
# Targets of longer periods are told in the month that ends them.
AIMED: tuple[Grain, ...] = ("month", "quarter", "year")
MOVED = 6
DUE = ("overdue", "due", "not_due", "lapsed")


def compose(shop: Shop, snapshot: Snapshot | None, month: dt.date) -> dict[str, Any]:
    """Return the report of a month in the shop's language, as plain data.

    Parameters
    ----------
    month
        Its first day.

    Raises
    ------
    NotFound
        The data say nothing of this month.
    """
    language: Language = "de" if shop.language == "de" else "en"
    with translation.override(language), timezone.override(zoneinfo.ZoneInfo(shop.zone)):
        return dataclasses.asdict(_Composer(shop, snapshot, month, language).edition())


class _Composer:
    """Puts the parts of one month together."""

    def __init__(
        self, shop: Shop, snapshot: Snapshot | None, month: dt.date, language: Language
    ) -> None:
        self.month, self.end = month, month_after(month)
        numbers = self.numbers = Numbers(shop, snapshot, language)
        self.voice, self.snapshot = numbers.voice, snapshot
        known = numbers.known([Question("measurable")]).get(Question("measurable"), ())
        self.slugs = [slug for slug in metrics.every() if slug in known]
        numbers.answers |= numbers.known(
            [
                *(series(slug, grain) for slug in self.slugs for grain in AIMED),
                Question("due", ("",)),
                Question("exclusions"),
            ]
        )
        self.material: Material = numbers.material()
        self.named = periods.Named("month", f"{month:%Y-%m}", month)
        row = self.row("orders", "month")
        if snapshot is None or row is None:
            raise NotFound(_("Your data say nothing of this month."), name="report.no_data")
        self.orders = row

    def edition(self) -> Edition:
        """Return the report."""
        shop, snapshot = self.numbers.shop, self.snapshot
        moves = self.moves()
        aims = tuple(self.aims())
        numbers = [self.figure(slug) for slug in HEADLINES if slug in self.slugs]
        is_recent = bool(snapshot and snapshot.last_on and snapshot.last_on < month_after(self.end))
        due = self.due() if is_recent else ()
        return Edition(
            shop=shop.name,
            slug=shop.slug,
            month=f"{self.month:%Y-%m}",
            name=periods.name(self.named, self.voice),
            language=self.numbers.language,
            summary=tuple(self.summary(moves, aims)),
            figures=tuple(one for one in numbers if one),
            moved=tuple(self.moved(moves)),
            segments=self.segments(),
            due=due,
            due_on=day(snapshot.last_on) if snapshot else "",
            aims=aims,
            happened=tuple(
                (happened.when(one), one.text) for one in notes.within(shop, self.month, self.end)
            ),
            fresh=ground.fresh(snapshot),
            excluded=tuple(
                ground.excluded(self.numbers.answer(Question("exclusions"), ()), self.voice)
            ),
            basis=ground.basis(shop),
            is_whole=self.orders.complete,
        )

    def row(self, slug: str, grain: Grain) -> Row | None:
        """Return a metric in the period that ends with the month."""
        rows = self.numbers.rows(series(slug, grain))
        return next((row for row in rows if row.ends_on == self.end), None)

    def figure(self, slug: str) -> Figure | None:
        """Return a headline number; None where the month has none."""
        row, metric = self.row(slug, "month"), metrics.get(slug)
        if row is None:
            return None
        rows = self.numbers.rows(series(slug, "month"))
        until = [each for each in rows if each.ends_on <= self.end][-report_cards.SPARK_POINTS :]
        aim = targets_view.beside(row, metric, self.material) if row.complete else None
        remark = ""
        if row.value is None:
            remark = cards.reason(row, self.numbers)
        elif report_cards.is_thin(row):
            remark = report_cards.thin_words(row, self.material)
        return Figure(
            slug=slug,
            name=self.voice.pick(metric.name),
            value=cards.written(metric, row, self.numbers),
            interval=cards.interval(metric, row, self.numbers),
            n="" if slug in report_cards.CENSUS else self.voice.count(row.n),
            before=self.against(row, rows, metric, year=False),
            year=self.against(row, rows, metric, year=True),
            aim=Said(aim.words, aim.tone) if aim else None,
            remark=remark,
            values=tuple(each.value for each in until),
        )

    def against(self, row: Row, rows: Iterable[Row], metric: Metric, *, year: bool) -> Said | None:
        """Say how a number moved since the month before, or since a year before."""
        then = self.month.replace(year=self.month.year - 1) if year else None
        before = next(
            (
                other
                for other in rows
                if (other.starts_on == then if then else other.ends_on == self.month)
                and other.complete
            ),
            None,
        )
        told = change.describe(row, before, metric, self.voice) if before else None
        return said(told) if told else None

    def moves(self) -> list[Move]:
        """Return how every metric moved into the month, the surest moves first."""
        rows = [
            row
            for slug in self.slugs
            for row in self.numbers.rows(series(slug, "month"))
            if row.ends_on <= self.end
        ]
        confidence = float(history.settings(self.numbers.shop).confidence_percent)
        found = moving.compare(rows, confidence_percent=confidence)
        return [move for move in found if move.after.starts_on == self.month]

    def moved(self, moves: list[Move]) -> Iterable[Moved]:
        """Say what moved beyond chance and, where the snapshot knows it, why."""
        confidence = float(history.settings(self.numbers.shop).confidence_percent)
        by_metric: dict[str, Move] = {}
        for move in moving.beyond_chance(moves, confidence_percent=confidence):
            by_metric.setdefault(move.after.metric, move)
        chosen = list(by_metric.values())[:MOVED]
        self.numbers.answers |= self.numbers.known(moved.asked(chosen))
        for move in chosen:
            metric = metrics.get(move.after.metric)
            told = change.describe(move.after, move.before, metric, self.voice, with_chance=False)
            if told is None:
                continue
            by, causes = moved.reasons(move, self.numbers)
            yield Moved(
                slug=metric.slug,
                name=self.voice.pick(metric.name),
                value=cards.written(metric, move.after, self.numbers),
                change=said(told),
                by=by,
                reasons=", ".join(f"{cause.group} {cause.amount}" for cause in causes),
            )

    def segments(self) -> tuple[Segment, ...]:
        """Set new against returning customers."""
        by_slug = {
            slug: {
                row.segment: row
                for row in self.numbers.answer(series(slug, "month"), ())
                if isinstance(row, Row) and row.starts_on == self.month
            }
            for slug in TOLD_APART
        }
        parts = [by_slug["revenue"].get(name) for name in new_existing.NAMES]
        whole = sum(part.value for part in parts if part and part.value)
        found = []
        for name, words in new_existing.NAMES.items():
            row = by_slug["orders"].get(name)
            if row is None or not row.value:
                continue
            revenue = by_slug["revenue"].get(name)
            share = ""
            if revenue and revenue.value is not None and whole:
                share = self.voice.percent(revenue.value / whole * 100, n=100)
            found.append(
                Segment(
                    name=self.voice.pick(words),
                    orders=self.voice.count(row.value),
                    revenue=self._value("revenue", revenue),
                    share=share,
                    average=self._value("average_order_value", by_slug[TOLD_APART[2]].get(name)),
                )
            )
        return tuple(found)

    def _value(self, slug: str, row: Row | None) -> str:
        return cards.written(metrics.get(slug), row, self.numbers) if row else ""

    def due(self) -> tuple[tuple[str, str], ...]:
        """Count customers by when their next order is due."""
        found = self.numbers.answer(Question("due", ("",)))
        if not isinstance(found, dict) or not found.get("counts"):
            return ()
        names = {
            "overdue": _("Overdue"), "due": _("Due now"), "not_due": _("Not due yet"),
            "lapsed": _("Gone, as it seems"),
        }  # fmt: skip
        return tuple(
            (names[status], self.voice.count(found["counts"].get(status, 0))) for status in DUE
        )

    def aims(self) -> Iterable[Aim]:
        """Say which targets were reached."""
        for slug in dict.fromkeys(target.metric for target in self.numbers.targets):
            metric = metrics.get(slug)
            for grain in AIMED:
                row = self.row(slug, grain)
                if row is None or not row.complete or not targets.of(row, self.numbers.targets):
                    continue
                aim = targets_view.beside(row, metric, self.material)
                if aim:
                    yield Aim(
                        slug=slug,
                        name=self.voice.pick(metric.name),
                        period=periods.name(row, self.voice),
                        value=cards.written(metric, row, self.numbers),
                        said=Said(aim.words, aim.tone),
                    )

    def summary(self, moves: list[Move], aims: tuple[Aim, ...]) -> Iterable[str]:
        """Say in two or three sentences what the month was like."""
        last = self.snapshot.last_on if self.snapshot else None
        if not self.orders.complete and last:
            yield _("The data end on %(day)s: the month is not complete yet.") % {"day": day(last)}
        confidence = float(history.settings(self.numbers.shop).confidence_percent)
        sure = moving.beyond_chance(moves, confidence_percent=confidence)
        count = len({move.after.metric for move in sure})
        if count:
            yield ngettext(
                "%(count)s metric moved by more than chance explains.",
                "%(count)s metrics moved by more than chance explains.",
                count,
            ) % {"count": self.voice.count(count)}
        elif moves:
            yield _("No metric moved by more than chance explains.")
        if aims:
            reached = sum(aim.said.tone == "good" for aim in aims)
            yield ngettext(
                "%(reached)s of %(count)s target was reached beyond doubt.",
                "%(reached)s of %(count)s targets were reached beyond doubt.",
                len(aims),
            ) % {"reached": self.voice.count(reached), "count": self.voice.count(len(aims))}
