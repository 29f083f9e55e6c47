"""What the ledger's oracle keeps: lots, holds, what was spent, and bookings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Who = tuple[str, str]
NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
LONGEST_HOLD = dt.timedelta(days=31)
ROLES = ("pending", "available", "held")
# Where the other side of a verb stands, and what can be reversed.
ROLE_OF = {
    "adjust": "adjustment",
    "donate": "donation",
    "transfer": "transfer",
    "convert": "conversion",
}
REVERSIBLE = {*ROLE_OF, "earn", "spend", "capture"}


class No(Exception):
    """The refusal that is to come, by its name."""


def fault_of_hold(c: Any) -> str:
    """Return why a hold would be refused whatever its owner has."""
    life = c.expires_at - c.effective_at
    if life <= dt.timedelta(0):
        return "ledger.bad_command"
    return "ledger.hold_too_long" if life > LONGEST_HOLD else ""


@dataclass
class Lot:
    place: int
    who: Who
    source: str
    earned: int
    available_at: dt.datetime
    expires_at: dt.datetime | None
    quantity: int = 1
    unit: str = ""
    is_line: bool = False
    returned: int = 0
    clawed: int = 0
    pending: int = 0
    available: int = 0
    held: int = 0
    # The lot that this one holds a part of, the role through which it came, and how much of it went home.
    parent: Lot | None = None
    way: str = ""
    home: int = 0
    # What left the lot, by where it went: with what is open it makes up what was earned (I6).
    gone: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def is_open_at(self, at: dt.datetime) -> bool:
        return self.available_at <= at < (self.expires_at or NEVER)

    def order(self) -> tuple[dt.datetime, int]:
        return self.expires_at or NEVER, self.place


@dataclass
class Held:
    who: Who
    unit: str
    source: str
    expires_at: dt.datetime
    parts: list[tuple[Lot, int]]
    state: str = "open"


@dataclass
class Proposal:
    """A correction that waits for a second person, or what that person decided."""

    command: Any
    state: str = "open"


@dataclass
class Spent:
    lot: Lot
    source: str
    amount: int
    transaction_id: object = None
    given_back: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.given_back


@dataclass(frozen=True)
class Answer:
    transaction_id: object
    balances: tuple[int, int, int, int]
    replayed: bool = False


@dataclass(frozen=True)
class Booked:
    """One entry: whose role, in which lot; a system account has no owner and no lot."""

    unit: str
    role: str
    amount: int
    who: Who | None = None
    lot: Lot | None = None


def whose(owner: Any) -> Who:
    return owner.kind, owner.id
