"""The page of cohorts: who first bought when, and what they did at each age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.report import cohort_view, periods
from kohorte.report.cohort_view import Cell, CohortTable
from kohorte.results import CohortGrid, Grain
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import people
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question

MEASURES: dict[str, str | Promise] = {
    "percent": _("Percent"), "customers": _("Customers"), "orders": _("Orders"),
    "revenue": _("Revenue"),
}  # fmt: skip
AGES: dict[str, str | Promise] = {"calendar": _("Calendar"), "rolling": _("Rolling")}
GRAINS: dict[Grain, str | Promise] = {
    "month": _("Months"), "quarter": _("Quarters"), "year": _("Years"), "week": _("Weeks"),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A cell as it is printed: the words, the color step, and what is read out of it."""

    text: str
    css: str
    title: str


@dataclass(frozen=True)
class Row:
    """A cohort with the page of its customers."""

    name: str
    size: str
    url: str
    older: bool
    cells: list[Shown]


@page_of_shop("metrics.read")
def cohorts(visit: Visit) -> HttpResponse:
    """Show the heatmap."""
    board = Board(visit)
    chosen = _choice(visit)
    found: dict[str, Any] = {"board": board, **chosen}
    if not board.is_empty:
        question = Question("cohorts", (chosen["grain"], chosen["age"], board.controls.where))
        board.gather([question])
        grid = board.answer(question)
        if isinstance(grid, CohortGrid):
            table = cohort_view.build(grid, board.material())
            found |= {"table": table, "rows": _rows(table, grid, chosen["measure"], board)}
    return visit.page("insights/cohorts.html", **found)


@page_of_shop("customers.read")
def cohort(visit: Visit, cohort: str) -> HttpResponse:
    """Show the customers who first bought in a month, those of most revenue first."""
    board = Board(visit)
    question = Question("cohort", (cohort,))
    page = people.page(board, question)
    if page and not page.count:
        raise Http404("There is no such cohort.")
    return visit.page("insights/cohort.html", board=board, cohort=cohort, page=page)


def _choice(visit: Visit) -> dict[str, Any]:
    """Return what the address asks for, and what else could be."""
    asked = visit.request.GET
    choices: dict[str, Mapping[Any, str | Promise]] = {
        "measure": MEASURES,
        "age": AGES,
        "grain": GRAINS,
    }
    found: dict[str, Any] = {}
    for name, known in choices.items():
        value = asked.get(name, "")
        found[name] = value if value in known else next(iter(known))
        found[f"{name}s"] = [(each, label, each == found[name]) for each, label in known.items()]
    return found


def _rows(table: CohortTable, grid: CohortGrid, measure: str, board: Board) -> list[Row]:
    shown = sorted(grid.cohorts, key=lambda one: one.starts_on)[-len(table.rows) :]
    scale = _scale(table, measure)
    found = []
    for row, one in zip(table.rows, shown, strict=True):
        url = ""
        if grid.grain == "month" and board.visit.may("customers.read"):
            url = reverse("cohorts_cohort", args=[board.visit.shop.slug, one.period])
        named = periods.name(periods.Named(grid.grain, one.period, one.starts_on), board.voice)
        cells = [
            _cell(cell, age, f"{named}, {table.age_name} {age}", measure, scale, board)
            for age, cell in enumerate(row.cells)
        ]
        found.append(Row(row.name, row.size, url, row.older, cells))
    return found


def _value(cell: Cell, measure: str) -> float | None:
    found: dict[str, float | None] = {
        "percent": cell.percent, "customers": cell.customers, "orders": cell.orders,
        "revenue": cell.revenue,
    }  # fmt: skip
    return found[measure]


def _scale(table: CohortTable, measure: str) -> tuple[float, float]:
    """Return the lowest and highest value of what is over, behind the first age."""
    values = [
        value
        for row in table.rows
        for cell in row.cells[1:]
        if "unfinished" not in cell.css and (value := _value(cell, measure)) is not None
    ]
    return min(values, default=0.0), max(values, default=0.0)


def _cell(
    cell: Cell, age: int, where: str, measure: str, scale: tuple[float, float], board: Board
) -> Shown:
    value, voice = _value(cell, measure), board.voice
    if value is None:
        return Shown("", "", "")
    text = cell.text if measure == "percent" else voice.count(value)
    level = "first" if age == 0 else f"h{cohort_view.level_of(value, scale)}"
    unfinished = " unfinished" if "unfinished" in cell.css else ""
    told = [f"{where}: {cell.text}{voice.percent_sign}"]
    if cell.customers is not None:
        told.append(voice.say("{n} {n:customer|customers}", n=cell.customers))
    if cell.revenue is not None:
        told.append(voice.money(cell.revenue, digits=0))
    return Shown(text, level + unfinished, ", ".join(told))
