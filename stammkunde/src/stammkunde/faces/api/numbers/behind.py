"""Who and what is behind a number: customers by their id, and orders, page by page.

Lists are kept in blocks with their snapshot. A cursor names the snapshot: when another takes its place
between two pages, the list is begun anew rather than mixed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import Field

from kohorte.results import Grain, Row
from stammkunde.core.errors import NotFound
from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.numbers import models
from stammkunde.faces.api.numbers.asking import Where, condition, ready, result_of, state, tell
from stammkunde.faces.api.numbers.metrics import Month, find
from stammkunde.faces.api.paging import Asked
from stammkunde.insights import plain, queries, services
from stammkunde.insights.models import Snapshot
from stammkunde.insights.questions import BLOCK, LISTED, Question, block, series

router = Router(tags=["numbers"])


class BehindAsked(Asked):
    """Behind which number."""

    grain: Annotated[Grain, Field(description=N("The kind of period."))] = "all"
    period: Annotated[
        str, Field(max_length=40, description=N("The period, as the series names it."))
    ] = "all"


class CohortAsked(Asked):
    """Of which cohort."""

    cohort: Annotated[Month, Field(description=N("The month of the first order, as 2026-01."))]


class DueAsked(Asked):
    """Whose next order."""

    status: Annotated[
        Literal["overdue", "due", "not_due", "lapsed"],
        Field(description=N("How it stands with the next order.")),
    ] = "overdue"
    where: Where = None


@tell(
    router, "/metrics/{slug}/customers", models.People[models.Part],
    permission="customers.read", summary=N("List the customers behind a number"),
)  # fmt: skip
def list_customers_behind(visit: Visit, slug: str, asked: Query[BehindAsked]) -> Answer:
    """Tell which customers a number is made of, and what each adds to it."""
    return _behind(visit, "behind", slug, asked)


@tell(
    router, "/metrics/{slug}/orders", models.People[models.OrderBehind],
    permission="customers.read", summary=N("List the orders behind a number"),
)  # fmt: skip
def list_orders_behind(visit: Visit, slug: str, asked: Query[BehindAsked]) -> Answer:
    """Tell which orders a number is made of."""
    return _behind(visit, "orders_behind", slug, asked)


@tell(
    router, "/cohorts/customers", models.People[models.Member],
    permission="customers.read", summary=N("List the customers of a cohort"),
)  # fmt: skip
def list_cohort(visit: Visit, asked: Query[CohortAsked]) -> Answer:
    """Tell who first ordered in a month, those of most revenue first."""
    return listed(visit, Question("cohort", (asked.cohort, "month", "calendar", "", "")), asked)


@tell(
    router, "/due/customers", models.People[models.Due],
    permission="customers.read", summary=N("List whose next order is due"),
)  # fmt: skip
def list_due(visit: Visit, asked: Query[DueAsked]) -> Answer:
    """Tell whose next order is overdue or due, those of most revenue first."""
    return listed(visit, Question("due_list", (asked.status, condition(visit, asked.where))), asked)


def _behind(visit: Visit, what: str, slug: str, asked: BehindAsked) -> Answer:
    metric = find(slug).slug
    shown = services.shown(visit.shop)
    if isinstance(snapshot := ready(shown), Answer):
        return snapshot
    rows = result_of(visit, snapshot, series(metric, asked.grain))
    if isinstance(rows, Answer):
        return rows
    if asked.period not in {row.period for row in rows if isinstance(row, Row)}:
        raise NotFound(_("There is no such period."), name="period.unknown")
    return listed(visit, Question(what, (metric, asked.grain, asked.period)), asked)


def listed(visit: Visit, question: Question, asked: Asked) -> Answer:
    """Return a page of a list that a question is answered with.

    Raises
    ------
    Problem
        The cursor is of another list, or of numbers that were computed anew meanwhile.
    """
    shown = services.shown(visit.shop)
    if isinstance(snapshot := ready(shown), Answer):
        return snapshot
    begin = _place(visit, snapshot, question, asked)
    found = result_of(visit, snapshot, question)
    if isinstance(found, Answer):
        return found
    end = min(begin + asked.limit, found["count"], LISTED)
    rows = _rows(snapshot, question, begin, end, first=found)
    has_more = end < min(found["count"], LISTED)
    page = paging.answered(
        visit,
        plain.listing(found["columns"], rows),
        (snapshot.pk, end) if has_more else None,
        sort=question.digest,
    )
    told = {
        "snapshot": state(visit, snapshot, shown.work),
        "count": found["count"],
        **page.plain,
    }
    return Answer(told, headers=page.headers)


def _place(visit: Visit, snapshot: Snapshot, question: Question, asked: Asked) -> int:
    """Return behind how many rows the page begins."""
    mark = paging.mark_asked(visit, asked.cursor, question.digest)
    if mark is None:
        return 0
    if mark[0] != snapshot.pk:
        raise paging.outdated()
    return int(mark[1])


def _rows(
    snapshot: Snapshot, question: Question, begin: int, end: int, *, first: dict[str, Any]
) -> list[Any]:
    """Return some rows of a list: they stand in one block or in two."""
    numbers = range(begin // BLOCK, max(end - 1, begin) // BLOCK + 1)
    held = {number: block(question, number) for number in numbers}
    known = queries.answers(snapshot, [each for number, each in held.items() if number])
    blocks = {
        number: first if number == 0 else known.get(each, {"rows": ()})
        for number, each in held.items()
    }
    return [
        blocks[place // BLOCK]["rows"][place % BLOCK]
        for place in range(begin, end)
        if place % BLOCK < len(blocks[place // BLOCK]["rows"])
    ]
