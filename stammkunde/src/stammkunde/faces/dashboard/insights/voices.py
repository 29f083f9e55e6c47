"""The page of voices: what customers say, how service does, and why they go and send back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from kohorte import metrics
from kohorte.report import reasons_view
from kohorte.report.material import Material
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import cards
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.insights.metric import CHAPTERS, Chapter
from stammkunde.insights.questions import Question

SHOWN = ("voices", "service", "returns")


@page_of_shop("metrics.read")
def voices(visit: Visit) -> HttpResponse:
    """Show answers to surveys, service and returns, with the reasons that customers gave."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if not board.is_empty:
        chosen, reasons = board.controls, Question("reasons")
        board.gather([Question("measurable"), reasons])
        known = board.answer(Question("measurable"), ())
        slugs = [
            slug for slug, each in metrics.every().items()
            if slug in known and each.chapter in SHOWN
        ]  # fmt: skip
        board.gather(
            each for slug in slugs for each in cards.asked(slug, chosen.grain, chosen.where)
        )
        if not board.answering:
            material = board.material(reasons=board.answer(reasons, ()))
            found |= {
                "chapters": _told(slugs, board, material),
                "reasons": reasons_view.build(material),
                "periods": cards.periods_of(board, slugs),
            }
    return visit.page("insights/voices.html", **found)


def _told(slugs: list[str], board: Board, material: Material) -> list[Chapter]:
    """Return the chapters of which anything is known."""
    made: dict[str, list[cards.Card]] = {name: [] for name in SHOWN}
    for slug in slugs:
        if card := cards.build(slug, board, material):
            made[metrics.get(slug).chapter].append(card)
    return [
        Chapter(CHAPTERS[name], found)
        for name, found in made.items()
        if any(card.value or card.whole for card in found)
    ]
