"""Who and what is behind a number: its customers with their part in it, and its orders."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import cards, controls, lists, metric, people
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question


@page_of_shop("customers.read")
def customers(visit: Visit, slug: str) -> HttpResponse:
    """Show the customers behind a number with their part in it."""
    return _behind(visit, slug, "behind", _("Customers behind the number"))


@page_of_shop("customers.read")
def orders(visit: Visit, slug: str) -> HttpResponse:
    """Show the orders that a number was computed from."""
    return _behind(visit, slug, "orders_behind", _("Orders behind the number"))


@page_of_shop("customers.export")
def file(visit: Visit, slug: str, what: str) -> HttpResponseBase:
    """Send what is behind a number as CSV: ids of customers, no names."""
    question = Question(what, (metric.find(slug).slug, *_period(visit)))
    back = visit.go("metrics_metric", slug)
    return lists.send(visit, Board(visit), question, f"{slug}-{what}", back=back, metric=slug)


def _behind(visit: Visit, slug: str, what: str, title: str | Promise) -> HttpResponse:
    found = metric.find(slug)
    board = Board(visit)
    grain, period = _period(visit)
    question = Question(what, (slug, grain, period))
    board.gather(cards.asked(slug, board.controls.grain, ""))
    page = people.page(board, question)
    answer = board.answer(question)
    told: dict[str, Any] = {"board": board, "metric": metric.words(found, board), "title": title}
    if isinstance(answer, dict) and "fault" in answer:
        raise Http404("There is no such period.")
    if page:
        told["page"] = page
        told["card"] = cards.build(slug, board, board.material())
    told["what"] = what
    return visit.page("insights/behind.html", **told)


def _period(visit: Visit) -> tuple[str, str]:
    grain = visit.request.GET.get("grain", "all")
    return (grain if grain in controls.GRAINS else "all", visit.request.GET.get("period") or "all")
