"""The page of the RFM map: who are the best customers, and who is slipping away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse

from kohorte import rfm as library
from kohorte.report import rfm_view
from kohorte.report.rfm_view import MapCell
from kohorte.results import Rfm
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import lists, people
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question
from stammkunde.records.customers import conditions

_CELLS = frozenset(f"{r}-{f}" for r in rfm_view.SCORES for f in rfm_view.SCORES)


@dataclass(frozen=True)
class Place:
    """A cell of the map, or a group of it, with the page of its customers."""

    shown: Any
    url: str


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
                    (
                        recency,
                        [
                            _cell(view.cells[recency, each], recency, each, board)
                            for each in (1, 2, 3, 4, 5)
                        ],
                    )
                    for recency in rfm_view.SCORES
                ]
                slugs = {board.voice.pick(name): slug for slug, (name, _) in library.GROUPS.items()}
                found["groups"] = [
                    Place(group, _url(board, slugs[group.name]) if group.customers != "0" else "")
                    for group in view.groups
                ]
    return visit.page("insights/rfm.html", **found)


@page_of_shop("customers.read")
def customers(visit: Visit, what: str) -> HttpResponse:
    """Show the customers of a group or of a cell, those of most revenue first."""
    board = Board(visit)
    page = people.page(board, _question(board, what))
    group = library.GROUPS.get(what)
    title, meaning = (board.voice.pick(each) for each in group) if group else ("", "")
    recency, _, frequency = what.partition("-")
    return visit.page(
        "insights/rfm_customers.html",
        board=board, page=page, what=what, title=title, meaning=meaning,
        recency=recency, frequency=frequency, condition=_condition(what, visit.shop),
    )  # fmt: skip


@page_of_shop("customers.export")
def file(visit: Visit, what: str) -> HttpResponseBase:
    """Send the customers of a group or of a cell as CSV."""
    board = Board(visit)
    back = visit.go("rfm_customers", what)
    return lists.send(visit, board, _question(board, what), f"rfm-{what}", back=back, group=what)


def _question(board: Board, what: str) -> Question:
    if what not in library.GROUPS and what not in _CELLS:
        raise Http404("There is no such group.")
    return Question("rfm_list", (what, board.controls.where))


def _condition(what: str, shop: Shop) -> str:
    """Return what finds the same people in the list of customers; nothing where it knows no map."""
    recency, is_cell, frequency = what.partition("-")
    tests = {"rfm_group": f'"{what}"'}
    if is_cell:
        tests = {"recency_score": recency, "frequency_score": frequency}
    if not tests.keys() <= conditions.facts(shop).by_name.keys():
        return ""
    return " and ".join(f"{fact} = {value}" for fact, value in tests.items())


def _cell(cell: MapCell, recency: int, frequency: int, board: Board) -> Place:
    return Place(cell, _url(board, f"{recency}-{frequency}") if cell.raw else "")


def _url(board: Board, what: str) -> str:
    if not board.visit.may("customers.read"):
        return ""
    page = reverse("rfm_customers", args=[board.visit.shop.slug, what])
    return page + board.kept
