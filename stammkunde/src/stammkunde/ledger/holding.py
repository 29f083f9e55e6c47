"""Hold, capture, release: what a checkout puts aside, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from stammkunde.core import bulk, repeated
from stammkunde.ledger import reading, refusals, rules, spending
from stammkunde.ledger.book import Book, Hold, Posting
from stammkunde.ledger.commands import Capture, Release
from stammkunde.ledger.commands import Hold as HoldCommand
from stammkunde.ledger.models import CAPTURED, OPEN, RELEASED
from stammkunde.ledger.posting import Units, Verb, named_owner
from stammkunde.ledger.reading import Wanted

Ending = Capture | Release
# An order that waits for a bank transfer is paid or given up within the month; a checkout takes minutes.
DAYS_MAX = 31


def write_hold(book: Book, posting: Posting, command: HoldCommand) -> None:
    """Book available to held."""
    if command.expires_at <= command.effective_at:
        raise refusals.BadCommand("expires_at")
    if command.expires_at > latest_end(command.effective_at):
        raise refusals.HoldTooLong(days=DAYS_MAX)
    unit = book.units[command.shop_id, command.unit]
    holder = posting.holder = book.holder(unit, command.owner)
    chosen = spending.choose(holder, command.amount, at=command.effective_at)
    hold = Hold(
        id=book.draw("ledger_hold"),
        unit_id=unit.id,
        owner=command.owner,
        source=command.source,
        state=OPEN,
        expires_at=command.expires_at,
        transaction_id=posting.id,
        is_new=True,
    )
    book.holds[hold.id] = hold
    posting.hold_id = hold.id
    for lot, amount in chosen:
        posting.out(holder, "available", lot, amount)
        posting.into(holder, "held", lot, amount)
        hold.parts.append((lot.id, amount))
        posting.lots.append((lot.id, amount))


def latest_end(begins_at: dt.datetime) -> dt.datetime:
    """Return when a hold that begins at an instant ends at the latest.

    >>> latest_end(dt.datetime(2026, 1, 1, 12)).isoformat()
    '2026-02-01T12:00:00'
    """
    return begins_at + dt.timedelta(days=DAYS_MAX)


def end(book: Book, posting: Posting, hold: Hold, *, state: str, captured: int = 0) -> None:
    """End a hold: so much is spent, from its lots in their order, and the rest goes back to them."""
    holder = book.holder_of(hold)
    spent = rules.shares([amount for _lot, amount in hold.parts], captured)
    for (lot_id, amount), part in zip(hold.parts, spent, strict=True):
        lot = book.lots[lot_id]
        posting.out(holder, "held", lot, amount)
        if part:
            posting.system(holder.unit.accounts["redemption"], lot, part)
            posting.lots.append((lot_id, part))
        if amount > part:
            posting.credit(holder, lot, amount - part)
    hold.state, hold.ended_id = state, posting.id


def write_capture(book: Book, posting: Posting, command: Capture) -> None:
    """Book held to redemption."""
    hold = _open(book, command)
    if hold.expires_at <= command.effective_at:
        raise refusals.HoldEnded
    whole = sum(amount for _lot, amount in hold.parts)
    amount = whole if command.amount is None else command.amount
    if amount <= 0:
        raise refusals.BadCommand("amount")
    if amount > whole:
        raise refusals.NotEnough(asked=amount, available=whole)
    posting.holder, posting.hold_id, posting.source = book.holder_of(hold), hold.id, hold.source
    end(book, posting, hold, state=CAPTURED, captured=amount)


def write_release(book: Book, posting: Posting, command: Release) -> None:
    """Book held back to available."""
    hold = _open(book, command)
    posting.holder, posting.hold_id = book.holder_of(hold), hold.id
    end(book, posting, hold, state=RELEASED)


def _open(book: Book, command: Ending) -> Hold:
    hold = book.holds.get(command.hold_id)
    if hold is None or hold.unit_id != book.units[command.shop_id, command.unit].id:
        raise refusals.UnknownHold
    if hold.state != OPEN:
        raise refusals.HoldEnded
    return hold


def owners(_units: Units, commands: Sequence[Ending]) -> Iterable[Wanted]:
    """Return whose the holds are; owners of holds never change."""
    among, ids = bulk.among("h.id", [command.hold_id for command in commands])
    shops, shop_ids = bulk.among("h.shop_id", [command.shop_id for command in commands])
    return [
        (row[0], row[1], row[2])
        for row in repeated.select(
            "SELECT CAST(h.unit_id AS bigint), CAST(h.owner_kind AS text), "
            "CAST(h.owner_id AS text) FROM ledger_hold h "
            f"WHERE {among} AND {shops}",
            (ids, shop_ids),
        )
        if row[0] in {unit.id for unit in _units.values()}
    ]


def load(book: Book, commands: Sequence[Ending]) -> None:
    """Take the holds and their lots in hand."""
    among, ids = bulk.among("h.id", [command.hold_id for command in commands])
    mine = {unit.id for unit in book.units.values()}
    keep(book, [hold for hold in reading.holds_where(among, (ids,)) if hold.unit_id in mine])


def keep(book: Book, holds: Iterable[Hold]) -> None:
    """Take holds and their lots in hand."""
    kept = list(holds)
    book.keep(reading.lots(lot_id for hold in kept for lot_id, _amount in hold.parts))
    for hold in kept:
        book.holds.setdefault(hold.id, hold)


def _expected(_command: HoldCommand) -> Mapping[str, int]:
    return {"ledger_hold": 1}


HOLD = Verb(write_hold, named_owner, spending.load, expected=_expected)
CAPTURE = Verb(write_capture, owners, load, family="end")
RELEASE = Verb(write_release, owners, load, family="end")
