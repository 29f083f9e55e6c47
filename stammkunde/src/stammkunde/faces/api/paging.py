"""Pages of lists: read on from a signed mark, which only the list that gave it can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, ConfigDict, Field

from stammkunde.faces import keyset
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.problems import Problem

LIMIT, LIMIT_MAX = 50, 200
SALT = "stammkunde.api.paging"
Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Asked(BaseModel):
    """Which page of a list is wanted."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[
        int, Field(ge=1, le=LIMIT_MAX, description=N("How many rows a page has at most."))
    ] = LIMIT
    cursor: Annotated[
        str | None,
        Field(
            max_length=2000,
            description=N("From `next` of the page before; left out for the first."),
        ),
    ] = None


class Page(BaseModel, Generic[Item]):
    """A page of a list."""

    data: list[Item]
    next: Annotated[
        str | None, Field(description=N("Address of the following page; null on the last one."))
    ]


def page(
    visit: Visit,
    found: QuerySet[Row],
    asked: Asked,
    show: Callable[[Row], Any],
    *,
    sort: str = "id",
    fields: Mapping[str, str] | None = None,
    may_be_empty: frozenset[str] = frozenset(),
    known: Q | None = None,
) -> Answer:
    """Return a page of a list.

    Parameters
    ----------
    sort
        A name of `fields`, with “-” downwards; ids upwards unless given.
    fields
        What the list can be sorted by: fields of the store by their names here.
    may_be_empty
        Names whose field may be empty.
    known
        What holds wherever a field of another table is not empty, as `keyset.fetch` takes it.
    """
    name = sort.removeprefix("-")
    field = {"id": "pk", **(fields or {})}[name]
    mark = mark_asked(visit, asked.cursor, sort)
    rows = keyset.fetch(
        found,
        field,
        downwards=sort.startswith("-"),
        mark=mark,
        count=asked.limit + 1,
        may_be_empty=name in may_be_empty,
        key=f"{field.rpartition('__')[0]}__customer_id" if "__" in field else "pk",
        known=known if "__" in field else None,
    )
    shown = rows[: asked.limit]
    after = keyset.mark_of(shown[-1], field) if len(rows) > asked.limit else None
    return answered(visit, [show(row) for row in shown], after, sort=sort)


def answered(
    visit: Visit, shown: list[Any], after: keyset.Mark | None, *, sort: str = "id"
) -> Answer:
    """Return rows as a page that is followed by what stands behind a mark, if anything does."""
    if after is None:
        return Answer({"data": shown, "next": None})
    signed = signing.dumps([_list_of(visit), sort, *after], salt=SALT)
    asked = visit.request.GET.copy()
    asked["cursor"] = signed
    following = f"{visit.request.path}?{asked.urlencode()}"
    return Answer(
        {"data": shown, "next": following}, headers={"Link": f'<{following}>; rel="next"'}
    )


def _list_of(visit: Visit) -> str:
    return f"{visit.shop.pk} {visit.request.path}"


def mark_asked(visit: Visit, cursor: str | None, sort: str) -> list[Any] | None:
    """Return value and key where the page before ended.

    Raises
    ------
    Problem
        The cursor is made up, or of another list.
    """
    if cursor is None:
        return None
    try:
        mark: list[Any]
        of, by, *mark = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise _unknown() from None
    if (of, by) != (_list_of(visit), sort):
        raise _unknown()
    return mark


def outdated() -> Problem:
    """Return that the list was computed anew since the page before."""
    sentence = _("The numbers were computed anew meanwhile. Begin without a cursor.")
    return Problem(
        409, "cursor.outdated", sentence, errors=[{"parameter": "cursor", "detail": sentence}]
    )


def _unknown() -> Problem:
    sentence = _("This cursor is of no page of this list. Begin without one.")
    return Problem(
        422, "cursor.unknown", sentence, errors=[{"parameter": "cursor", "detail": sentence}]
    )
