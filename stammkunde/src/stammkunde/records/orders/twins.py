"""One expense by two doors: a file, a program, a form. It has no number of its own, so what it says tells.

The same days, purpose, channel and amount are one expense where they come by different doors. Within one
door two such rows are two expenses, as each door knows its own: files by their rows, programs by numbers.
What a program or a person says has a number and stays: a row of a file gives way to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

from stammkunde.core import bulk
from stammkunde.records.orders.rules import SPEND, Incoming, Kind

Door = Literal["file", "form", "program"]
# Where what is typed into the form of figures stands.
TYPED = "typed"


def door(*, source: str, is_of_import: bool) -> Door:
    """Return by which door a row came."""
    if is_of_import:
        return "file"
    return "form" if source == TYPED else "program"


def found(
    kind: Kind, rows: Sequence[Incoming], *, shop_id: int, source: str, is_of_import: bool
) -> dict[str, tuple[int, Door]]:
    """Return for the numbers of new rows the row that another door brought, and which door."""
    if kind is not SPEND or not rows:
        return {}
    ours = door(source=source, is_of_import=is_of_import)
    others: dict[tuple[str, ...], list[tuple[int, Door]]] = defaultdict(list)
    starts = sorted({str(row.values[0]) for row in rows})
    for some in bulk.parts(starts):
        marks = ", ".join(["%s"] * len(some))
        for row_id, of, made_by, *values in bulk.select(
            f"SELECT id, source, made_by, {', '.join(SPEND.columns)} FROM {SPEND.table} "
            f"WHERE shop_id = %s AND deleted_at IS NULL AND starts_on IN ({marks}) ORDER BY id",
            (shop_id, *some),
        ):
            theirs = door(source=of, is_of_import=made_by is not None)
            if theirs != ours:
                others[_words(values)].append((row_id, theirs))
    twins = {}
    for row in rows:
        if waiting := others[_words(row.values)]:
            twins[row.number] = waiting.pop(0)
    return twins


def take_over(row_id: int, number: str, *, source: str) -> None:
    """Let a row that a file brought bear the number that a program or a person gave it."""
    bulk.run(
        f"UPDATE {SPEND.table} SET source = %s, external_id = %s, made_by = NULL, "
        "file = NULL, line = NULL WHERE id = %s",
        (source, number, row_id),
    )


def _words(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in values)
