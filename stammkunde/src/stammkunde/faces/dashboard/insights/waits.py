"""The page about pauses: how long customers take to order again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kohorte.report import waits_view
from kohorte.results import Survival
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import figures
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


@page_of_shop("metrics.read")
def waits(visit: Visit) -> HttpResponse:
    """Show how long customers take to the second, third and fourth order."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if not board.is_empty:
        asked = [Question("survival", (str(number),)) for number in (2, 3, 4)]
        board.gather([*asked, *(series(slug, "all") for slug in BESIDE)])
        curves = [each for each in map(board.answer, asked) if isinstance(each, Survival)]
        if len(curves) == len(asked):
            view = waits_view.build(board.material(survival=tuple(curves)))
            found["view"] = view
            if view:
                found["figures"] = figures.build([view.chart], view.chart.panels[0].grain)
    return visit.page("insights/waits.html", **found)
