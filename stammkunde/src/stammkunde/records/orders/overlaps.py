"""Expenses that were typed in by month and come by days as well: both count, so they are told to somebody.

Nothing says which of both is right, or whether they are one: a file may hold some days of the month only,
another campaign, or the bill of which the typed figure was the estimate. So neither gives way by itself;
who keeps the books takes the typed one back, or undoes the import. Those that say the very same are one
already (`twins`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from stammkunde.records.orders.models import Spend
from stammkunde.records.orders.twins import TYPED

Key = tuple[dt.date, str, str]


@dataclass(frozen=True)
class Overlap:
    """A typed expense of a month in which files or programs tell expenses of the same purpose and channel.

    Parameters
    ----------
    others_minor
        What they tell for the month; of an expense over a longer time its days' share.
    rows
        How many expenses that are.
    """

    month: dt.date
    purpose: str
    channel: str
    typed_minor: int
    others_minor: int
    rows: int


def found(shop_id: int) -> list[Overlap]:
    """Return the typed expenses of a shop beside which others count, newest month first."""
    living = Spend.objects.filter(shop_id=shop_id, deleted_at=None)
    typed = list(living.filter(source=TYPED).order_by("-starts_on", "-purpose", "-channel"))
    if not typed:
        return []
    keys = {_key(row, row.starts_on) for row in typed}
    met: dict[Key, list[Fraction]] = {}
    others = living.exclude(source=TYPED).filter(
        purpose__in={row.purpose for row in typed},
        starts_on__lte=max(row.ends_on for row in typed),
        ends_on__gte=min(row.starts_on for row in typed),
    )
    for row in others.only("starts_on", "ends_on", "purpose", "channel", "amount_minor").iterator():
        days = (row.ends_on - row.starts_on).days + 1
        for month, within in _months(row.starts_on, row.ends_on):
            if (key := _key(row, month)) in keys:
                met.setdefault(key, []).append(Fraction(row.amount_minor * within, days))
    return [
        Overlap(
            month=row.starts_on,
            purpose=row.purpose,
            channel=row.channel or "",
            typed_minor=row.amount_minor,
            others_minor=round(sum(amounts)),
            rows=len(amounts),
        )
        for row in typed
        if (amounts := met.get(_key(row, row.starts_on)))
    ]


def _key(row: Spend, month: dt.date) -> Key:
    return month, row.purpose, (row.channel or "").strip().casefold()


def _months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, int]]:
    """Yield the first of each month of a time, and how many of its days are in it."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        yield month, (min(last + dt.timedelta(days=1), following) - max(first, month)).days
        month = following
