"""The pages of voices and of service: what customers say, how quickly they are helped, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import metrics
from kohorte.report import reasons_view
from kohorte.report.material import Material
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import cards, heard
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.insights.inputs import NumberField, number
from stammkunde.faces.dashboard.insights.metric import CHAPTERS, Chapter
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.insights import queries as queries_of_numbers
from stammkunde.insights.questions import Question
from stammkunde.records.customers import queries as customers
from stammkunde.records.orders import queries
from stammkunde.records.orders.models import Response

# What the two pages are about: chapters of metrics, and kinds of reasons.
VOICES = (("voices",), ("leaving", "contract_end"))
SERVICE = (("service", "returns"), ("ticket", "return", "cancellation"))
QUESTIONS: dict[str, str | Promise] = {
    "": _("All"), "nps": _("NPS"), "csat": _("CSAT"), "ces": _("CES"), "leaving": _("Leaving"),
}  # fmt: skip
COLUMNS = (lists.Column("answered", _("Answered"), order="answered_at"),)
SIZE = 25


@page_of_shop("metrics.read")
def voices(visit: Visit) -> HttpResponse:
    """Show answers to surveys: scores, why customers leave, and what they wrote."""
    found = _shown(visit, *VOICES)
    board: Board = found["board"]
    if not board.is_empty and not board.answering:
        found |= _survey(board)
    if visit.may("customers.read"):
        found |= _answers(visit)
    return visit.page("insights/voices.html", **found)


@page_of_shop("metrics.read")
def service(visit: Visit) -> HttpResponse:
    """Show how quickly customers are helped, what comes back, and why."""
    return visit.page("insights/service.html", **_shown(visit, *SERVICE))


def _shown(visit: Visit, chapters: Sequence[str], kinds: Sequence[str]) -> dict[str, Any]:
    """Return the metrics of some chapters and the reasons of some kinds, as far as they are known."""
    board = Board(visit)
    found: dict[str, Any] = {"board": board}
    if board.is_empty:
        return found
    chosen, reasons = board.controls, Question("reasons")
    board.gather([Question("measurable"), reasons])
    known = board.answer(Question("measurable"), ())
    slugs = [
        slug for slug, each in metrics.every().items() if slug in known and each.chapter in chapters
    ]
    board.gather(each for slug in slugs for each in cards.asked(slug, chosen.grain, chosen.where))
    if not board.answering:
        stated = tuple(each for each in board.answer(reasons, ()) if each.kind in kinds)
        material = board.material(reasons=stated)
        found |= {
            "chapters": _told(slugs, chapters, board, material),
            "reasons": reasons_view.build(material),
            "periods": cards.periods_of(board, slugs),
        }
    return found


def _survey(board: Board) -> dict[str, Any]:
    """Return what the answers to one question say; as long as it is being computed, how far that is."""
    visit = board.visit
    known = board.answer(Question("measurable"), ())
    there = [name for name, (slug, _label) in heard.QUESTIONS.items() if slug in known]
    if not there or board.snapshot is None:
        return {}
    asked = visit.request.GET.get("score", "")
    asked = asked if asked in there else there[0]
    question = Question("survey", (asked,))
    answers, line = queries_of_numbers.ask(
        visit.shop, board.snapshot, [question], actor=visit.actor
    )
    rate = _rate(visit.request.GET.get("rate", ""))
    told = answers.get(question)
    return {
        "surveys": [(name, heard.QUESTIONS[name][1], name == asked) for name in there],
        "survey_line": line,
        "rate": NumberField().prepare_value(rate),
        "heard": heard.build(told, board.voice, rate_percent=rate) if told else None,
        "everybody": bool(board.controls.where),
    }


def _rate(text: str) -> float:
    """Return the share of those asked who answer, as typed; what is none is as if it were left out."""
    try:
        found = number(text, reader())
    except ValueError:
        return heard.RATE
    return found if 0.1 <= found <= 100 else heard.RATE


def _told(
    slugs: list[str], chapters: Sequence[str], board: Board, material: Material
) -> list[Chapter]:
    """Return the chapters of which anything is known."""
    made: dict[str, list[cards.Card]] = {name: [] for name in chapters}
    for slug in slugs:
        if card := cards.build(slug, board, material):
            made[metrics.get(slug).chapter].append(card)
    return [
        Chapter(CHAPTERS[name], found)
        for name, found in made.items()
        if any(card.value or card.whole for card in found)
    ]


def _answers(visit: Visit) -> dict[str, Any]:
    """Return a page of what customers wrote, newest first."""
    asked = visit.request.GET.get("question", "")
    asked = asked if asked in QUESTIONS else ""
    found: QuerySet[Response] = queries.answers(visit.shop, question=asked)
    listing = lists.page(found, COLUMNS, visit.request.GET, default="-answered", size=SIZE)
    names = customers.names(
        visit.shop, [row.customer_id for row in listing.rows if row.customer_id]
    )
    return {
        "listing": listing,
        "answers": [
            (row, QUESTIONS.get(row.question, row.question), names.get(row.customer_id or 0, ""))
            for row in listing.rows
        ],
        "questions": [(name, label, name == asked) for name, label in QUESTIONS.items()],
        "asked": asked,
    }
