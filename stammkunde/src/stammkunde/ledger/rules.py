"""Pure decisions of the ledger on plain numbers: which lots go first, what a return claws back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


class Usable(Protocol):
    """What the order of lots is decided by."""

    id: int
    available: int
    available_at: dt.datetime
    expires_at: dt.datetime | None


Lot = TypeVar("Lot", bound=Usable)


def in_order(lots: Iterable[Lot], *, at: dt.datetime) -> list[Lot]:
    """Return the lots that can be used at an instant, as `by_expiry` orders them."""
    return by_expiry(
        lot
        for lot in lots
        if lot.available > 0
        and lot.available_at <= at
        and (lot.expires_at is None or lot.expires_at > at)
    )


def by_expiry(lots: Iterable[Lot]) -> list[Lot]:
    """Return lots in the order in which they are used: earliest expiry first, none last, then oldest."""
    return sorted(lots, key=lambda lot: (lot.expires_at or NEVER, lot.id))


def shares(parts: Sequence[int], amount: int) -> list[int]:
    """Take an amount from parts in their order.

    >>> shares([5, 10, 20], 12)
    [5, 7, 0]
    """
    taken = []
    for part in parts:
        taken.append(min(part, amount))
        amount -= taken[-1]
    return taken
