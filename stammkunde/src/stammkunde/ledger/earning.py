"""Earn: one lot for each line, pending at first or available at once."""

from __future__ import annotations

from collections.abc import Mapping

from stammkunde.ledger import refusals
from stammkunde.ledger.book import Book, Posting
from stammkunde.ledger.commands import Earn
from stammkunde.ledger.posting import Verb, named_owner


def write(book: Book, posting: Posting, command: Earn) -> None:
    """Book issuance to pending or available, debt first."""
    if not command.lines or any(line.amount <= 0 or line.quantity <= 0 for line in command.lines):
        raise refusals.BadCommand("lines")
    unit = book.units[command.shop_id, command.unit]
    holder = posting.holder = book.holder(unit, command.owner)
    available_at = command.available_at or command.effective_at
    if command.expires_at and command.expires_at <= available_at:
        raise refusals.BadCommand("expires_at")
    for line in command.lines:
        lot = book.new_lot(
            posting,
            holder,
            source=line.source,
            earned=line.amount,
            quantity=line.quantity,
            available_at=available_at,
            expires_at=command.expires_at,
            policy=command.policy,
            unit_value_minor=command.unit_value_minor,
        )
        posting.system(unit.accounts["issuance"], lot, -line.amount)
        if available_at > command.effective_at:
            posting.into(holder, "pending", lot, line.amount)
        else:
            posting.credit(holder, lot, line.amount)


def _expected(command: Earn) -> Mapping[str, int]:
    return {"ledger_lot": len(command.lines)}


VERB = Verb(write, named_owner, expected=_expected)
