"""The page of cohorts: who first bought when, and what they did at each age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.report import cohort_view, periods
from kohorte.report.cohort_view import Cell, CohortTable
from kohorte.results import Cohort, CohortGrid, Grain
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import lists, people
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question

MEASURES: dict[str, str | Promise] = {
    "percent": _("Percent"), "customers": _("Customers"), "orders": _("Orders"),
    "revenue": _("Revenue"), "margin": _("Gross profit"),
}  # fmt: skip
AGES: dict[str, str | Promise] = {"calendar": _("Calendar"), "rolling": _("Rolling")}
GRAINS: dict[Grain, str | Promise] = {
    "month": _("Months"), "quarter": _("Quarters"), "year": _("Years"), "week": _("Weeks"),
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A cell as it is printed: the words, the color step, what is read out of it, and its people."""

    text: str
    css: str
    title: str
    raw: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    """A cohort with the page of its customers."""

    name: str
    size: str
    customers: int
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
            found |= _shown(grid, chosen, board)
    return visit.page("insights/cohorts.html", **found)


@page_of_shop("customers.read")
def cohort(visit: Visit, cohort: str) -> HttpResponse:
    """Show the customers who first bought in a period, or those of them who came back at an age."""
    board, chosen = Board(visit), _choice(visit)
    question = _question(board, cohort, chosen)
    page = people.page(board, question)
    at = question.arguments[3]
    if (page and not page.count and not at) or board.fault(question):
        raise Http404("There is no such cohort.")
    return visit.page(
        "insights/cohort.html",
        board=board, cohort=cohort, name=_name(board, cohort, chosen["grain"]), page=page, at=at,
        age=chosen["age"], grain=chosen["grain"],
    )  # fmt: skip


@page_of_shop("customers.export")
def file(visit: Visit, cohort: str) -> HttpResponseBase:
    """Send the customers of a cohort as CSV."""
    board = Board(visit)
    question = _question(board, cohort, _choice(visit))
    at = question.arguments[3]
    name = f"cohort-{cohort}" + (f"-age-{at}" if at else "")
    back = visit.go("cohorts_cohort", cohort)
    return lists.send(visit, board, question, name, back=back, cohort=cohort)


def _question(board: Board, cohort: str, chosen: Mapping[str, Any]) -> Question:
    asked = board.visit.request.GET.get("at", "")
    at = asked if asked.isdecimal() and len(asked) < 5 else ""
    return Question("cohort", (cohort, chosen["grain"], chosen["age"], at, board.controls.where))


def _name(board: Board, cohort: str, grain: Grain) -> str:
    """Write the period of a cohort; its label where it cannot be read."""
    if grain == "month" and len(cohort) == 7 and cohort.replace("-", "").isdecimal():
        year, month = map(int, cohort.split("-"))
        if 1 <= month <= 12 and year:
            day = dt.date(year, month, 1)
            return periods.name(periods.Named(grain, cohort, day), board.voice)
    return cohort


def _shown(grid: CohortGrid, chosen: Mapping[str, Any], board: Board) -> dict[str, Any]:
    """Return the table, with the gross profit in its cells where that is asked for and known."""
    table = cohort_view.build(grid, board.material())
    found: dict[str, Any] = {"table": table}
    profits: Mapping[str, Sequence[float | None]] = {}
    if chosen["measure"] == "margin":
        question = Question(
            "cohort_profits", (chosen["grain"], chosen["age"], board.controls.where)
        )
        board.gather([question])
        answer = board.answer(question)
        profits = answer if isinstance(answer, dict) and "fault" not in answer else {}
        # Where nobody ordered there is nothing to know.
        told = [
            _at(profits.get(one.period, ()), age) is not None
            for one in grid.cohorts
            for age, seen in enumerate(one.customers)
            if seen
        ]
        found["is_without_costs"] = bool(profits) and not any(told)
        found["is_partly_without"] = not all(told)
    return found | {"rows": _rows(table, grid, chosen, profits, board)}


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


def _rows(
    table: CohortTable,
    grid: CohortGrid,
    chosen: Mapping[str, Any],
    profits: Mapping[str, Sequence[float | None]],
    board: Board,
) -> list[Row]:
    measure = chosen["measure"]
    shown = sorted(grid.cohorts, key=lambda one: one.starts_on)[-len(table.rows) :]
    values = [
        [
            _at(profits.get(one.period, ()), age) if measure == "margin" else _value(cell, measure)
            for age, cell in enumerate(row.cells)
        ]
        for row, one in zip(table.rows, shown, strict=True)
    ]
    scale = _scale(table, values)
    found = []
    for row, one, line in zip(table.rows, shown, values, strict=True):
        url = _url(board, one, chosen)
        named = periods.name(periods.Named(grid.grain, one.period, one.starts_on), board.voice)
        cells = [
            _cell(
                cell, age, value, f"{named}, {table.age_name} {age}", measure, scale, board,
                f"{url}{'&' if '?' in url else '?'}at={age}" if url and cell.customers else "",
            )
            for age, (cell, value) in enumerate(zip(row.cells, line, strict=True))
        ]  # fmt: skip
        found.append(Row(row.name, row.size, row.customers, url, row.older, cells))
    return found


def _url(board: Board, one: Cohort, chosen: Mapping[str, Any]) -> str:
    """Return the page of the customers of a cohort, as far as they may be seen."""
    if not board.visit.may("customers.read"):
        return ""
    asked = {
        "grain": chosen["grain"] if chosen["grain"] != "month" else "",
        "age": chosen["age"] if chosen["age"] != "calendar" else "",
        "where": board.controls.where,
    }
    told = urlencode({name: value for name, value in asked.items() if value})
    page = reverse("cohorts_cohort", args=[board.visit.shop.slug, one.period])
    return f"{page}?{told}" if told else page


def _at(values: Sequence[float | None], age: int) -> float | None:
    return values[age] if age < len(values) else None


def _value(cell: Cell, measure: str) -> float | None:
    found: dict[str, float | None] = {
        "percent": cell.percent, "customers": cell.customers, "orders": cell.orders,
        "revenue": cell.revenue,
    }  # fmt: skip
    return found[measure]


def _scale(table: CohortTable, values: Sequence[Sequence[float | None]]) -> tuple[float, float]:
    """Return the lowest and highest value of what is over, behind the first age."""
    known = [
        value
        for row, line in zip(table.rows, values, strict=True)
        for cell, value in list(zip(row.cells, line, strict=True))[1:]
        if "unfinished" not in cell.css and value is not None
    ]
    return min(known, default=0.0), max(known, default=0.0)


def _cell(
    cell: Cell,
    age: int,
    value: float | None,
    where: str,
    measure: str,
    scale: tuple[float, float],
    board: Board,
    url: str,
) -> Shown:
    voice = board.voice
    if cell.customers is None:
        return Shown("", "", "")
    text = cell.text if measure == "percent" else voice.count(value) if value is not None else "–"
    level = "first" if age == 0 else f"h{cohort_view.level_of(value or 0.0, scale)}"
    unfinished = " unfinished" if "unfinished" in cell.css else ""
    told = [f"{where}: {cell.text}{voice.percent_sign}"]
    told.append(voice.say("{n} {n:customer|customers}", n=cell.customers))
    if cell.revenue is not None:
        told.append(voice.money(cell.revenue, digits=0))
    raw = "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
    return Shown(text, level + unfinished, ", ".join(told), raw, url)
