"""Lists of any length, read on from where the last page ended, never by counting.

The page after a million rows costs what the first one does, and a row that comes in meanwhile neither
repeats another nor hides it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
Mark = Sequence[Any]


def fetch(
    found: QuerySet[Row],
    field: str,
    *,
    downwards: bool,
    mark: Mark | None,
    count: int,
    may_be_empty: bool = False,
    key: str = "pk",
    known: Q | None = None,
) -> list[Row]:
    """Return the next rows of a list.

    Parameters
    ----------
    field
        What it is sorted by, and by the key where that is the same.
    mark
        Value and key of the last row of the page before.
    may_be_empty
        Whether the field may be empty in the store. Rows without it come last, whichever way.
    key
        The key as it stands beside the field, where that belongs to another table.
    known
        What holds wherever the field is not empty, for the store to find its index by.
    """
    if not may_be_empty:
        return _fetch(found, field, key, downwards, mark, count)
    rows: list[Row] = []
    if mark is None or mark[0] is not None:
        there = found.filter(known or Q(), **{f"{field}__isnull": False})
        rows, mark = _fetch(there, field, key, downwards, mark, count), None
    if len(rows) < count:
        empty = found.filter(**{f"{field}__isnull": True})
        rows += _fetch(empty, "pk", "pk", downwards, mark, count - len(rows))
    return rows


def _fetch(
    found: QuerySet[Row], field: str, key: str, downwards: bool, mark: Mark | None, count: int
) -> list[Row]:
    sign = "-" if downwards else ""
    ordered = found.order_by(*dict.fromkeys((f"{sign}{field}", f"{sign}{key}")))
    if mark:
        ordered = ordered.filter(_beyond(field, key, downwards, mark))
    return list(ordered[:count])


def _beyond(field: str, beside: str, downwards: bool, mark: Mark) -> Q:
    value, key = mark
    way = "lt" if downwards else "gt"
    if field == "pk":
        return Q(**{f"pk__{way}": key})
    # The first part alone tells the store where in its index to begin.
    return Q(**{f"{field}__{way}e": value}) & (
        Q(**{f"{field}__{way}": value}) | Q(**{f"{beside}__{way}": key})
    )


def mark_of(row: Model, field: str) -> list[Any]:
    """Return value and key of a row, as JSON can hold them."""
    value: Any = row
    for part in field.split("__"):
        # Of what stands in another table there may be nothing.
        value = getattr(value, part, None) if "__" in field else getattr(value, part)
    # Instants keep their microseconds, which the list is sorted by.
    plain = value.isoformat() if isinstance(value, dt.date) else value
    return [str(plain) if isinstance(plain, Decimal) else plain, row.pk]
