"""The pages of metrics: all of them by what they are about, and one with everything behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import metrics
from kohorte.conditions import customers
from kohorte.metrics import Metric
from kohorte.report import charts, targets_view, trends
from kohorte.report.cards import is_thin
from kohorte.report.charts import Chart
from kohorte.results import Grain, Group, Row
from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import cards, controls, figures, happened, series_file
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import DIMENSIONS, GROUPED, Question, groups, series

CHAPTERS: dict[str, str | Promise] = {
    "retention": _("Do customers stay"), "repeat": _("Do customers come back"),
    "orders": _("How they buy"), "value": _("What they are worth"), "totals": _("Totals"),
    "contracts": _("Contracts"), "voices": _("What they say"), "service": _("Service"),
    "growth": _("Growth and what it costs"), "returns": _("Returns"),
}  # fmt: skip
# So many periods are drawn and stand in the table; the file has all.
DRAWN: dict[Grain, int] = {
    "day": 120, "week": 156, "month": 120, "quarter": 60, "year": 40, "all": 1,
}  # fmt: skip
SEGMENTS: dict[str, str | Promise] = {
    "new": _("New customers"), "existing": _("Returning customers"),
    "unidentified": _("No customer given"),
}  # fmt: skip


@dataclass(frozen=True)
class Chapter:
    """Metrics about one thing."""

    name: str | Promise
    cards: list[cards.Card]


@dataclass(frozen=True)
class Side:
    """One group of customers beside the others."""

    name: str
    value: str
    interval: str
    n: str
    reason: str
    is_thin: bool


@page_of_shop("metrics.read")
def every(visit: Visit) -> HttpResponse:
    """Show all metrics that the shop's data can tell, by what they are about."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if not board.is_empty:
        chosen = board.controls
        board.gather([Question("measurable")])
        slugs = [
            slug for slug in metrics.every() if slug in board.answer(Question("measurable"), ())
        ]
        board.gather(
            each for slug in slugs for each in cards.asked(slug, chosen.grain, chosen.where)
        )
        if not board.answering:
            found |= {
                "chapters": _chapters(slugs, board),
                "periods": cards.periods_of(board, slugs),
                "missing": [
                    board.voice.pick(each.name)
                    for slug, each in metrics.every().items()
                    if slug not in slugs
                ],
            }
    return visit.page("insights/metrics.html", **found)


@page_of_shop("metrics.read")
def metric(visit: Visit, slug: str) -> HttpResponse:
    """Show one metric: value, course, groups, meaning, and what is behind it."""
    found = find(slug)
    board = Board(visit)
    told: dict[str, Any] = {"board": board, "metric": words(found, board)}
    if not board.is_empty:
        chosen, by = board.controls, _by(visit)
        board.gather(cards.asked(slug, chosen.grain, chosen.where))
        if not board.answering:
            told |= _shown(found, board)
            told |= _sides(found, board, by)
    return visit.page("insights/metric.html", **told)


@page_of_shop("metrics.read")
def file(visit: Visit, slug: str) -> HttpResponseBase:
    """Send a metric over all periods of a grain as CSV, values as programs read them."""
    find(slug)
    board = Board(visit)
    question = series(slug, board.controls.grain, board.controls.where)
    board.gather([question])
    rows = [row for row in board.answer(question, ()) if isinstance(row, Row)]
    name = f"{visit.shop.slug}-{slug}-{board.controls.grain}"
    return exports.csv_file(name, [series_file.COLUMNS, *series_file.cells(rows, board)])


def find(slug: str) -> Metric:
    """Return the metric of an address."""
    if slug not in metrics.every():
        raise Http404("There is no such metric.")
    return metrics.get(slug)


def _by(visit: Visit) -> str:
    by = visit.request.GET.get("by", "")
    return by if by in DIMENSIONS else ""


def _chapters(slugs: Iterable[str], board: Board) -> list[Chapter]:
    material = board.material()
    found: dict[str, list[cards.Card]] = {name: [] for name in CHAPTERS}
    for slug in slugs:
        card = cards.build(slug, board, material)
        if card:
            found[metrics.get(slug).chapter].append(card)
    return [Chapter(CHAPTERS[name], made) for name, made in found.items() if made]


def words(found: Metric, board: Board) -> dict[str, str]:
    """Return what is to be said of a metric."""
    pick = board.voice.pick
    return {
        "slug": found.slug,
        "name": pick(found.name),
        "sentence": pick(found.sentence),
        "formula": pick(found.formula),
        "denominator": pick(found.denominator),
        "censoring": pick(found.censoring),
        "source": pick(found.source),
        "sql": found.sql,
    }


def _shown(found: Metric, board: Board) -> dict[str, Any]:
    """Return value, course and segments of a metric."""
    chosen, material = board.controls, board.material()
    every_row = board.rows(series(found.slug, chosen.grain, chosen.where))
    row, rows = controls.chosen(every_row, chosen), every_row[-DRAWN[chosen.grain] :]
    told = [
        each
        for each in board.answer(series(found.slug, chosen.grain, chosen.where), ())
        if row and each.period == row.period and each.segment in SEGMENTS
    ]
    annotated = happened.of_metric(board.annotations, found.slug)
    noted = happened.noted(rows, annotated)
    kind = "bars" if found.unit == "count" and found.slug in charts_of_bars() else "lines"
    panel = charts.panel(
        chosen.grain,
        [(
            board.voice.pick(found.name), "first",
            [charts.point(each, found.unit, board.voice) for each in rows],
        )],
        rows,
        [each.complete for each in rows],
        unit=found.unit,
        kind=kind,  # type: ignore[arg-type]  # one of the two
        voice=board.voice,
        summary=trends.summary(rows, found, material) if rows else "",
        goal=targets_view.points(rows, found, material),
        marks=happened.marks(rows, noted),
    )  # fmt: skip
    chart = Chart(found.slug, str(_("How it moved")), "", kind, (panel,))  # type: ignore[arg-type]
    notes = {each.period: tuple(happened.in_period(each, annotated)) for each in rows}
    drawn = figures.build([chart], chosen.grain, noted=noted, notes=notes) if rows else []
    return {
        "card": cards.build(found.slug, board, material),
        "figure": next(iter(drawn), None),
        "segments": [_side(str(SEGMENTS[each.segment]), each, found, board) for each in told],
        "periods": cards.periods_of(board, [found.slug]),
        "row": row,
        "behind": _links(found, row, board),
    }


def charts_of_bars() -> frozenset[str]:
    """Return the metrics that stack up over time, drawn as bars from zero."""
    return trends.BARS | {"orders", "returning_customers"}


def _links(found: Metric, row: Row | None, board: Board) -> dict[str, str]:
    """Return the pages of who and what is behind the number, where anybody is."""
    if row is None or row.value is None or board.controls.where:
        return {}
    asked = f"?grain={row.grain}&period={row.period}"
    arguments = [board.visit.shop.slug, found.slug]
    links = {"customers": reverse("metrics_customers", args=arguments) + asked}
    if found.orders_from != "none":
        links["orders"] = reverse("metrics_orders", args=arguments) + asked
    return links


def _sides(found: Metric, board: Board, by: str) -> dict[str, Any]:
    """Return groups of customers side by side in the month that is chosen."""
    chosen = board.controls
    if found.slug not in GROUPED or chosen.grain != "month" or chosen.where or not board.snapshot:
        return {}
    kept = {name: groups(found.slug, name) for name in DIMENSIONS}
    have = {
        question.arguments[1]: answer for question, answer in board.known(kept.values()).items()
    }
    if not have:
        return {}
    by = by if by in have else next(name for name in DIMENSIONS if name in have)
    rows = board.rows(series(found.slug, chosen.grain, ""))
    row = controls.chosen(rows, chosen)
    sides = [
        _side(_group(group, board), each, found, board)
        for group, series_ in have[by]
        for each in series_
        if row and each.period == row.period
    ]
    pick = board.voice.pick
    return {
        "sides": sides,
        "dimensions": [
            (name, pick(customers.DIMENSIONS[name]), name == by)
            for name in DIMENSIONS
            if name in have
        ],
    }


def _group(group: Group, board: Board) -> str:
    if group.rest:
        return str(_("all others"))
    return group.value if group.value is not None else str(_("not known"))


def _side(name: str, row: Row, found: Metric, board: Board) -> Side:
    return Side(
        name,
        cards.written(found, row, board),
        cards.interval(found, row, board),
        board.voice.count(row.n),
        "" if row.value is not None else cards.reason(row, board),
        is_thin(row),
    )
