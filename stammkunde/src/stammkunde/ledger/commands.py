"""What can be asked of the ledger: plain data, free of Django, each with a key of the caller's.

A command that comes again under its key posts nothing and is answered as before. What makes two commands
equal is every field but key and scope (see `bodies`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose something is: a customer, a campaign, a voucher; referred to by kind and id.

    >>> str(Owner("customer", "42"))
    'customer:42'
    """

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class EarnedLine:
    """One lot to be: what a line of an order earned.

    Parameters
    ----------
    source
        What earned it, such as `order:1001/line:2`; what stands before the first stroke is the order.
    amount
        In units of the unit, above zero.
    quantity
        Pieces of the line, which come back one by one.
    """

    source: str
    amount: int
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What all commands have in common.

    Parameters
    ----------
    shop_id, unit
        Whose ledger, and the code of the unit in it.
    key
        The caller's own; the same key posts once, for ever.
    effective_at
        When it happened, in the past; when it was booked is noted beside it.
    cause
        Why, for people: `order 1001`.
    scope
        Within which keys are told apart; the name of the verb unless given.
    """

    kind: ClassVar[str] = ""

    shop_id: int
    unit: str
    key: str
    effective_at: dt.datetime
    cause: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earn(Command):
    """Give lots: pending until `available_at`, available at once without it; debt is repaid first."""

    kind: ClassVar[str] = "earn"

    owner: Owner
    lines: tuple[EarnedLine, ...]
    available_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    policy: str = ""
    unit_value_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend(Command):
    """Take available lots, earliest expiry first, for good."""

    kind: ClassVar[str] = "spend"

    owner: Owner
    amount: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Put available lots aside until they are captured, released, or the hold lapses."""

    kind: ClassVar[str] = "hold"

    owner: Owner
    amount: int
    source: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Command):
    """Spend what a hold put aside, or a part of it; the rest goes back to its lots."""

    kind: ClassVar[str] = "capture"

    hold_id: int
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    """Put back what a hold put aside."""

    kind: ClassVar[str] = "release"

    hold_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Command):
    """Lines of an order come back: earned points are clawed back, spent ones go back to their lots.

    Parameters
    ----------
    lines
        Sources of lines with how many pieces come back now.
    give_back
        Sources of spendings with how much of each is given back.
    minimum_days
        How long what is given back can be used at least; a lot that expires earlier is restored by a new one.
    """

    kind: ClassVar[str] = "return"

    lines: tuple[tuple[str, int], ...] = ()
    give_back: tuple[tuple[str, int], ...] = ()
    minimum_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """An order is void: all it earned is clawed back, all spent on it given back, its holds released."""

    kind: ClassVar[str] = "cancel"

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(Command):
    """Somebody corrects a balance by hand; above the unit's limit a second person has to agree.

    Parameters
    ----------
    amount
        Above zero gives a lot, below takes available ones.
    reason, by
        Why, and who: an id of a person, such as `person:7`.
    """

    kind: ClassVar[str] = "adjust"

    owner: Owner
    amount: int
    reason: str
    by: str
    expires_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Command):
    """Lots go to another owner and keep their expiry."""

    kind: ClassVar[str] = "transfer"

    owner: Owner
    to: Owner
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Donate(Command):
    """Available lots go to a charity."""

    kind: ClassVar[str] = "donate"

    owner: Owner
    amount: int
    charity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Command):
    """Lots become lots of another unit: amount × numerator / denominator, rounded down, expiry kept."""

    kind: ClassVar[str] = "convert"

    owner: Owner
    amount: int
    to_unit: str
    numerator: int = 1
    denominator: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(Command):
    """The mirror of a transaction, once; what is gone meanwhile becomes debt."""

    kind: ClassVar[str] = "reverse"

    transaction_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Balances:
    """What somebody has of a unit; debt is zero or below.

    >>> Balances(pending=5, available=0, held=0, debt=-2).total
    3
    """

    pending: int = 0
    available: int = 0
    held: int = 0
    debt: int = 0

    @property
    def total(self) -> int:
        """Return what the shop owes, net of what it is owed."""
        return self.pending + self.available + self.held + self.debt


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The answer to a command.

    Parameters
    ----------
    transaction_id, kind
        What was booked.
    replayed
        Whether it had been booked before, so that nothing was booked now.
    lots
        Ids of lots that were given, taken or put back, with the amounts.
    hold_id
        Of a hold that was made or ended.
    balances
        Of the first owner concerned, afterwards.
    notes
        What else there is to know, such as `rounded:1/3`.
    proposal_id
        Where a second person has to agree first; then nothing was booked yet.
    """

    transaction_id: int
    kind: str
    replayed: bool = False
    lots: tuple[tuple[int, int], ...] = ()
    hold_id: int | None = None
    balances: Balances | None = None
    notes: tuple[str, ...] = ()
    proposal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """What a piece of background work did: how many lots or holds, how much, whether more is due."""

    count: int
    amount: int
    more: bool
