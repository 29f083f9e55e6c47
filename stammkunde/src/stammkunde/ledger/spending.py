"""Spend: available lots of earliest expiry first, for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from stammkunde.ledger import reading, refusals, rules
from stammkunde.ledger.book import Book, Holder, Lot, Posting
from stammkunde.ledger.commands import Spend
from stammkunde.ledger.posting import Verb, named_owner


def load(book: Book, commands: Sequence[Any]) -> None:
    """Take the open lots of the owners in hand."""
    wanted = dict.fromkeys(named_owner(book.units, commands))
    book.keep(reading.open_lots(list(wanted)))


def choose(holder: Holder, amount: int, *, at: datetime) -> list[tuple[Lot, int]]:
    """Return which lots an amount is taken from, and how much of each.

    Raises
    ------
    NotEnough
        Where less can be used; nothing was moved.
    """
    if amount <= 0:
        raise refusals.BadCommand("amount")
    lots = rules.in_order(holder.lots.values(), at=at)
    usable = sum(lot.available for lot in lots)
    if usable < amount:
        raise refusals.NotEnough(asked=amount, available=usable)
    taken = rules.shares([lot.available for lot in lots], amount)
    return [(lot, part) for lot, part in zip(lots, taken, strict=True) if part]


def write(book: Book, posting: Posting, command: Spend) -> None:
    """Book available to redemption."""
    unit = book.units[command.shop_id, command.unit]
    holder = posting.holder = book.holder(unit, command.owner)
    posting.source = command.source
    for lot, amount in choose(holder, command.amount, at=command.effective_at):
        posting.out(holder, "available", lot, amount)
        posting.system(unit.accounts["redemption"], lot, amount)
        posting.lots.append((lot.id, amount))


VERB = Verb(write, named_owner, load)
