"""Lists of any length: sorted by a column, and paged by where the last page ended, never by counting.

The page after a million rows costs what the first one does, and a row that comes in meanwhile neither
repeats another nor hides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from stammkunde.faces import keyset

Row = TypeVar("Row", bound=Model)
SIZE = 50
SALT = "lists"
# The largest key that a store can hold.
KEY_MAX = 2**63 - 1


@dataclass(frozen=True)
class Column:
    """A column of a list.

    Parameters
    ----------
    name
        What stands in the address when the list is sorted by it.
    order
        The field to sort by; without one the column does not sort.
    may_be_empty
        Whether the field may be empty in the store. Rows without it come last, whichever way.
    key, known
        Of a field of another table, as `keyset.fetch` takes them.
    """

    name: str
    label: str | Promise = ""
    order: str | None = None
    is_number: bool = False
    may_be_empty: bool = False
    key: str = "pk"
    known: Q | None = None


@dataclass(frozen=True)
class Head:
    """A column's head as it stands above a list."""

    label: str | Promise
    is_number: bool
    url: str | None
    sorted: str | None


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of a list."""

    rows: Sequence[Row]
    columns: tuple[Head, ...]
    has_before: bool
    first_url: str
    next_url: str | None


def page(
    found: QuerySet[Row],
    columns: Sequence[Column],
    asked: QueryDict,
    *,
    default: str = "-id",
    size: int = SIZE,
) -> Listing[Row]:
    """Return the page of a list that an address asks for.

    Parameters
    ----------
    found
        The rows of the shop, filtered; the order is given here.
    asked
        `sort` (a column, with “-” downwards) and `after` (where the page before ended).
    default
        The sort where the address names none: a column's name or `id`.
    """
    sort, field, downwards = _sort(columns, asked.get("sort", ""), default)
    mark = _mark(asked.get("after", ""), sort)
    by = next((each for each in columns if each.name == sort.removeprefix("-")), Column("id"))
    rows = keyset.fetch(
        found,
        field,
        downwards=downwards,
        mark=mark,
        count=size + 1,
        may_be_empty=by.may_be_empty,
        key=by.key,
        known=by.known,
    )
    more = len(rows) > size
    rows = rows[:size]
    after = _signed(sort, field, rows[-1]) if more else None
    return Listing(
        rows=rows,
        columns=tuple(_head(column, sort, asked) for column in columns),
        has_before=mark is not None,
        first_url=_url(asked, after=None),
        next_url=_url(asked, after=after) if after else None,
    )


def number(text: str, *, most: int = KEY_MAX) -> int | None:
    """Return a whole number that an address or a form names, None for what is none or too large.

    >>> number("17"), number("9" * 5000), number("x"), number("17", most=10)
    (17, None, None, None)
    """
    if not text.isdecimal() or len(text) > len(str(most)):
        return None
    found = int(text)
    return found if found <= most else None


def _sort(columns: Sequence[Column], wanted: str, default: str) -> tuple[str, str, bool]:
    fields = {column.name: column.order for column in columns if column.order} | {"id": "pk"}
    sort = wanted if wanted.removeprefix("-") in fields else default
    return sort, fields[sort.removeprefix("-")], sort.startswith("-")


def _signed(sort: str, field: str, last: Model) -> str:
    return signing.dumps([sort, *keyset.mark_of(last, field)], salt=SALT)


def _mark(text: str, sort: str) -> list[Any] | None:
    """Return value and key where the page before ended; a made-up or outdated mark is none."""
    try:
        found, *mark = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return mark if found == sort else None


def _head(column: Column, sort: str, asked: QueryDict) -> Head:
    is_sorted = sort.removeprefix("-") == column.name
    downwards = sort.startswith("-")
    turned = f"-{column.name}" if is_sorted and not downwards else column.name
    return Head(
        label=column.label,
        is_number=column.is_number,
        url=_url(asked, sort=turned, after=None) if column.order else None,
        sorted=("descending" if downwards else "ascending") if is_sorted else None,
    )


def _url(asked: QueryDict, **changed: str | None) -> str:
    kept = asked.copy()
    for name, value in changed.items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = value
    return f"?{kept.urlencode()}"
