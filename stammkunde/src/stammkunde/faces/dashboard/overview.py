"""The first page of a shop: are customers coming back, what changed, and whose next order is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.report import new_existing
from stammkunde.core.jobs import queries as jobs
from stammkunde.faces.dashboard import checklist
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import cards, figures, moved, people
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights import reports
from stammkunde.insights.questions import Question
from stammkunde.records.orders import queries as orders

TOLD_APART = ("orders", "revenue", "average_order_value")
DUE: dict[str, str | Promise] = {
    "overdue": _("Overdue"), "due": _("Due now"), "not_due": _("Not due yet"),
    "lapsed": _("Gone, as it seems"),
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """How many customers are due or overdue, and the most valuable of them."""

    counts: list[tuple[str | Promise, str, str]]
    named: list[people.Listed]


@page_of_shop("shop.read")
def overview(visit: Visit) -> HttpResponse:
    """Show the shop."""
    has_orders = orders.has_orders(visit.shop)
    found: dict[str, Any] = {
        "steps": checklist.steps(visit, has_orders=has_orders), "has_orders": has_orders,
        "report": reports.made(visit.shop),
        "making": jobs.latest(visit.shop, key=reports.key(visit.shop)),
    }  # fmt: skip
    if visit.may("metrics.read"):
        board = Board(visit)
        found |= {"board": board, **_shown(board)}
    return visit.page("overview.html", **found)


def _shown(board: Board) -> dict[str, Any]:
    """Return what stands on the page, as far as it is computed."""
    if board.is_empty:
        return {}
    where, grain = board.controls.where, board.controls.grain
    due = Question("due", (where,))
    board.gather(
        [
            *(each for slug in cards.HEADLINES for each in cards.asked(slug, grain, where)),
            *(each for slug in TOLD_APART for each in cards.asked(slug, grain, where)),
            Question("moves", (where,)), due,
        ]
    )  # fmt: skip
    if board.answering:
        return {}
    moves = moved.sure(board)
    if not where:
        # A reason that no snapshot holds is not worth waiting for.
        board.answers |= board.known(moved.asked(moves))
    material = board.material()
    told = new_existing.build(board.material(latest=cards.SPARK_POINTS))
    made = [cards.build(slug, board, material) for slug in cards.HEADLINES]
    return {
        "cards": [card for card in made if card],
        "moved": moved.build(moves, board),
        "looked": moved.looked(board),
        "against": figures.build(told.charts, grain),
        "against_words": told.summary,
        "due": _due(board, board.answer(due)),
        "periods": cards.periods_of(board, cards.HEADLINES),
    }


def _due(board: Board, found: Any) -> Due | None:
    if not isinstance(found, dict) or not found.get("counts"):
        return None
    voice = board.voice
    counts = [
        (label, voice.count(found["counts"].get(status, 0)),
         voice.money(found["value"].get(status, 0.0), digits=0))
        for status, label in DUE.items()
    ]  # fmt: skip
    named: list[people.Listed] = []
    if board.visit.may("customers.read"):
        named = people.listed(board, found["columns"], found["named"])
    return Due(counts, named)
