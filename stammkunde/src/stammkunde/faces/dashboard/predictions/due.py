"""Whose next order is due or overdue: by the model that foretold the past best, or by pauses seen so far."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights import people as seen
from stammkunde.faces.dashboard.predictions import people, record
from stammkunde.faces.dashboard.predictions.desk import Desk
from stammkunde.insights.forecast_lists import DUE_DAYS, Chosen
from stammkunde.insights.questions import Question

STATUSES: dict[str, str | Promise] = {"overdue": _("Overdue"), "due": _("Due now")}
SOURCES: dict[str, str | Promise] = {"model": _("By the forecast"), "pauses": _("By pauses so far")}


@page_of_shop("customers.read")
def due(visit: Visit) -> HttpResponse:
    """Show the customers whose next order is overdue or due, the most valuable first."""
    desk = Desk(visit)
    asked = visit.request.GET
    status = asked.get("status", "")
    status = status if status in STATUSES else "overdue"
    # The forecast is of all customers; some of them only pauses can tell.
    can_foretell = desk.has_people and not desk.board.controls.where
    source = "model" if can_foretell and asked.get("by") != "pauses" else "pauses"
    found: dict[str, Any] = {
        "statuses": [(name, label, name == status) for name, label in STATUSES.items()],
        "sources": [(name, label, name == source) for name, label in SOURCES.items()]
        if can_foretell
        else [],
        "source": source,
        "state": status,
        "due_days": DUE_DAYS,
    }
    if source == "model":
        state = Chosen(state="overdue" if status == "overdue" else "due")
        found["page"] = people.page(desk, state, columns=people.BY_DAY)
        found["model"] = desk.name_of_model()
        found["record"] = record.in_words(desk) or desk.untested
    elif not desk.board.is_empty:
        question = Question("due_list", (status, desk.board.controls.where))
        found["page"] = seen.page(desk.board, question)
        found["why"] = desk.reason
    return desk.page("predictions/due.html", **found)
