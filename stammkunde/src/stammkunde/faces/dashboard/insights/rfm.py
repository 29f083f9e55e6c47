"""The page of the RFM map: who are the best customers, and who is slipping away."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kohorte.report import rfm_view
from kohorte.results import Rfm
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question


@page_of_shop("metrics.read")
def rfm(visit: Visit) -> HttpResponse:
    """Show the map and its groups."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if not board.is_empty:
        question = Question("rfm", (board.controls.where,))
        board.gather([question])
        answer = board.answer(question)
        if isinstance(answer, Rfm):
            view = rfm_view.build(board.material(rfm=answer))
            found["rfm"] = view
            if view:
                found["map"] = [
                    (recency, [view.cells[recency, each] for each in (1, 2, 3, 4, 5)])
                    for recency in rfm_view.SCORES
                ]
    return visit.page("insights/rfm.html", **found)
