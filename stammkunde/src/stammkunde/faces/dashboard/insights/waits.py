"""The page about pauses: how long customers take to order again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.report import waits_apart, waits_view
from kohorte.results import Survival
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import figures, lists
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question, series

BESIDE = (
    "one_time_customer_rate",
    "time_between_orders",
    "lapse_rate",
    "reactivation_rate",
    "median_orders_per_customer",
    "purchase_frequency",
)
DIMENSIONS: dict[str, str | Promise] = {
    "country": _("Country"), "channel": _("Channel"), "first_product": _("First product"),
    "category": _("Category"),
}  # fmt: skip
STATUSES = {"overdue": _("Overdue"), "due": _("Due now")}


@page_of_shop("metrics.read")
def waits(visit: Visit) -> HttpResponse:
    """Show how long customers take to the next order: all of them, or groups side by side."""
    board = Board(visit)
    by = visit.request.GET.get("by", "")
    by = by if by in DIMENSIONS else ""
    found: dict[str, Any] = {
        "board": board,
        "dimensions": [(name, label, name == by) for name, label in DIMENSIONS.items()],
        "by": by,
    }
    if by and not board.is_empty:
        found |= _apart(board, by)
    elif not board.is_empty:
        asked = [Question("survival", (str(number),)) for number in (2, 3, 4)]
        board.gather([*asked, *(series(slug, "all") for slug in BESIDE)])
        curves = [each for each in map(board.answer, asked) if isinstance(each, Survival)]
        if len(curves) == len(asked):
            view = waits_view.build(board.material(survival=tuple(curves)))
            found["view"] = view
            if view:
                found["figures"] = figures.build([view.chart], view.chart.panels[0].grain)
    return visit.page("insights/waits.html", **found)


def _apart(board: Board, by: str) -> dict[str, Any]:
    """Return groups side by side, or why the data cannot tell them apart."""
    question = Question("survival_by", (by,))
    board.gather([question])
    answer = board.answer(question)
    if not isinstance(answer, dict) or "fault" in answer:
        return {"fault": board.fault(question)}
    view = waits_apart.build(by, answer["curves"], answer["test"], board.material())
    charts = [view.chart] if view.chart else []
    return {"apart": view, "figures": figures.build(charts, "day")}


@page_of_shop("customers.export")
def due_file(visit: Visit) -> HttpResponseBase:
    """Send the customers whose next order is overdue or due as CSV."""
    board, status = Board(visit), _status(visit)
    question = Question("due_list", (status, board.controls.where))
    return lists.send(visit, board, question, status, back=visit.go("due"), group=status)


def _status(visit: Visit) -> str:
    asked = visit.request.GET.get("status", "")
    return asked if asked in STATUSES else "overdue"
