"""The page of groups: which channel, first product or country brings customers who stay."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.narrowing import HEADLINES, OF_CHANNELS
from kohorte.report import sides
from kohorte.results import Breakdown
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question, series

DIMENSIONS: dict[str, str | Promise] = {
    "first_product": _("First products"), "channel": _("Channels"), "category": _("Categories"),
    "country": _("Countries"), "rfm_group": _("RFM groups"),
}  # fmt: skip


@page_of_shop("metrics.read")
def groups(visit: Visit) -> HttpResponse:
    """Show groups of customers side by side: what they are worth, and how long they stay."""
    board = Board(visit)
    by = visit.request.GET.get("by", "")
    by = by if by in DIMENSIONS else next(iter(DIMENSIONS))
    found: dict[str, Any] = {
        "board": board,
        "dimensions": [(name, label, name == by) for name, label in DIMENSIONS.items()],
    }
    if not board.is_empty:
        question = Question("breakdown", (by,))
        board.gather([question])
        board.answers |= board.known(series(slug, "all") for slug in (*HEADLINES, *OF_CHANNELS))
        answer = board.answer(question)
        found["fault"] = board.fault(question)
        if isinstance(answer, Breakdown):
            found["view"] = next(iter(sides.build(board.material(breakdowns=(answer,)))), None)
    return visit.page("insights/groups.html", **found)
