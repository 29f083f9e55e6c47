"""The working set of some postings: owners, lots and holds in hand, and what is to be written.

Everything in hand was read after its owner's accounts were locked, so that nobody else changes it
meanwhile. Verbs check first and move then; what they move always has two sides.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stammkunde.ledger.bodies import order_of
from stammkunde.ledger.commands import Balances, Owner


class Again(Exception):
    """Somebody else was faster: all is read anew."""


@dataclass(slots=True)
class Unit:
    """A unit with the accounts of the system by role."""

    id: int
    shop_id: int
    code: str
    accounts: dict[str, int]
    four_eyes_above: int | None = None

    def limits(self, amount: int) -> bool:
        """Return whether a correction of an amount needs a second person."""
        return self.four_eyes_above is not None and abs(amount) > self.four_eyes_above


@dataclass(slots=True)
class Lot:
    """A lot in hand; `was` is what the store holds."""

    id: int
    unit_id: int
    owner: Owner
    origin_id: int
    source: str
    quantity: int
    earned: int
    pending: int
    available: int
    held: int
    available_at: dt.datetime
    expires_at: dt.datetime | None
    policy: str = ""
    unit_value_minor: int | None = None
    restores_id: int | None = None
    was: tuple[int, int, int] = (0, 0, 0)
    is_new: bool = False


@dataclass(slots=True)
class Holder:
    """An owner with accounts and balances in one unit."""

    unit: Unit
    owner: Owner
    accounts: dict[str, int]
    balances: dict[str, int]
    lots: dict[int, Lot] = field(default_factory=dict)

    def now(self) -> Balances:
        """Return the balances as they stand."""
        return Balances(**self.balances)


@dataclass(slots=True)
class Hold:
    """A hold in hand, with its lots in the order in which they were taken."""

    id: int
    unit_id: int
    owner: Owner
    source: str
    state: str
    expires_at: dt.datetime
    transaction_id: int
    parts: list[tuple[int, int]] = field(default_factory=list)
    ended_id: int | None = None
    is_new: bool = False


@dataclass(slots=True)
class Spending:
    """What one spending took from one lot, and how much of it was not given back yet."""

    id: int
    source: str
    lot_id: int
    left: int


@dataclass(slots=True)
class Reversible:
    """A transaction that is to be mirrored: the system's entries, by account, lot and amount."""

    id: int
    shop_id: int
    kind: str
    is_reversed: bool
    entries: list[tuple[int, int, int]]


@dataclass(slots=True)
class Posting:
    """One transaction in the making; entries of one account, lot and direction are one."""

    id: int
    shop_id: int
    scope: str
    key: str
    body_hash: str
    kind: str
    effective_at: dt.datetime
    cause: str = ""
    source: str = ""
    reverses_id: int | None = None
    entries: defaultdict[tuple[int, int | None, bool], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    lots: list[tuple[int, int]] = field(default_factory=list)
    takings: list[tuple[int, int, int]] = field(default_factory=list)
    givings: list[tuple[int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hold_id: int | None = None
    proposal_id: int | None = None
    holder: Holder | None = None

    @property
    def root(self) -> str:
        """Return the order that was spent on."""
        return order_of(self.source)

    def out(self, holder: Holder, role: str, lot: Lot, amount: int) -> None:
        """Take from a lot and its owner's account."""
        self.into(holder, role, lot, -amount)

    def into(self, holder: Holder, role: str, lot: Lot, amount: int) -> None:
        """Put into a lot and its owner's account."""
        setattr(lot, role, getattr(lot, role) + amount)
        holder.balances[role] += amount
        self.entries[holder.accounts[role], lot.id, amount > 0] += amount

    def system(self, account_id: int, lot: Lot | None, amount: int) -> None:
        """Book the other side."""
        self.entries[account_id, lot.id if lot else None, amount > 0] += amount

    def owe(self, holder: Holder, lot: Lot | None, amount: int) -> None:
        """Let an owner's debt grow."""
        holder.balances["debt"] -= amount
        self.entries[holder.accounts["debt"], lot.id if lot else None, amount < 0] -= amount

    def credit(self, holder: Holder, lot: Lot, amount: int) -> None:
        """Make something of a lot available; debt is repaid first."""
        repaid = min(amount, -holder.balances["debt"])
        if repaid:
            self.owe(holder, lot, -repaid)
        if amount > repaid:
            self.into(holder, "available", lot, amount - repaid)


@dataclass(slots=True)
class Book:
    """All in hand, by its id."""

    recorded_at: dt.datetime
    draw: Callable[[str], int]
    units: dict[tuple[int, str], Unit] = field(default_factory=dict)
    holders: dict[tuple[int, str, str], Holder] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    holds: dict[int, Hold] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)
    # What returns need besides: lots of lines and spendings by unit, and pieces that came back by lot.
    lines: defaultdict[int, list[Lot]] = field(default_factory=lambda: defaultdict(list))
    spendings: defaultdict[int, list[Spending]] = field(default_factory=lambda: defaultdict(list))
    returned: Counter[int] = field(default_factory=Counter)
    # How much of lots expired and is still counted as such.
    expired: dict[int, int] = field(default_factory=dict)
    # Lots that hold parts of others, on which way they came by them, and what went home from them (`homing`).
    parts: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    home: Counter[int] = field(default_factory=Counter)
    charities: dict[tuple[int, str], int] = field(default_factory=dict)
    reversible: dict[int, Reversible] = field(default_factory=dict)
    proposals: list[tuple[object, ...]] = field(default_factory=list)

    def holder(self, unit: Unit, owner: Owner) -> Holder:
        """Return an owner who is locked; one who is not came meanwhile."""
        found = self.holders.get((unit.id, owner.kind, owner.id))
        if found is None:
            raise Again
        return found

    def holder_of(self, lot: Lot | Hold) -> Holder:
        """Return whose a lot or hold is."""
        found = self.holders.get((lot.unit_id, lot.owner.kind, lot.owner.id))
        if found is None:
            raise Again
        return found

    def keep(self, lots: Iterable[Lot]) -> None:
        """Take lots in hand; what is in hand already stays as it is."""
        for lot in lots:
            if lot.id not in self.lots:
                self.lots[lot.id] = lot
                self.holder_of(lot).lots[lot.id] = lot

    def new_lot(
        self,
        posting: Posting,
        holder: Holder,
        *,
        source: str,
        earned: int,
        available_at: dt.datetime,
        expires_at: dt.datetime | None,
        quantity: int = 1,
        policy: str = "",
        unit_value_minor: int | None = None,
        restores_id: int | None = None,
    ) -> Lot:
        """Begin a lot with nothing in it yet."""
        lot = Lot(
            id=self.draw("ledger_lot"),
            unit_id=holder.unit.id,
            owner=holder.owner,
            origin_id=posting.id,
            source=source,
            quantity=quantity,
            earned=earned,
            pending=0,
            available=0,
            held=0,
            available_at=available_at,
            expires_at=expires_at,
            policy=policy,
            unit_value_minor=unit_value_minor,
            restores_id=restores_id,
            is_new=True,
        )
        self.lots[lot.id] = holder.lots[lot.id] = lot
        posting.lots.append((lot.id, earned))
        return lot
