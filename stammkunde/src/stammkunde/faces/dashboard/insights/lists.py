"""Lists of customers as pages and as files, whatever picture or number they stand behind."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase

from stammkunde.core.audit import services as audit
from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit
from stammkunde.faces.dashboard.insights import people
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.insights.questions import Question


def send(
    visit: Visit,
    board: Board,
    question: Question,
    name: str,
    *,
    back: HttpResponseBase,
    **about: Any,
) -> HttpResponseBase:
    """Send a list as CSV: ids of customers, no names; that it was sent is noted.

    Parameters
    ----------
    back
        Where to go as long as the list is not computed.
    about
        What the note says that was sent, such as `group="lost"`.
    """
    lines = people.every(board, question)
    if board.is_empty or (first := next(lines, None)) is None:
        return back
    with transaction.atomic():
        audit.note("customers.exported", actor=visit.actor, shop_id=visit.shop.pk, **about)
    return exports.csv_file(f"{visit.shop.slug}-{name}", chain([first], lines))
