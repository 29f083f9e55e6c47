"""The ledger's promises, counted from the rows of the store alone: a second audit that shares no line with the first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from stammkunde.ledger import auditing
from stammkunde.ledger.models import Account, Entry, Hold, HoldLot, Lot, Taking, Transaction

OWNED = ("pending", "available", "held", "debt")


def assert_whole(shop_id: int) -> None:
    """Assert that every promise holds, and that the audit says so too."""
    assert not broken(shop_id)
    assert not auditing.audit(shop_id)


def broken(shop_id: int) -> list[str]:
    """Return a line for every promise that the rows of a shop break."""
    accounts = {a.pk: a for a in Account.objects.filter(shop_id=shop_id)}
    lots = {lot.pk: lot for lot in Lot.objects.filter(shop_id=shop_id)}
    entries = list(
        Entry.objects.filter(transaction__shop_id=shop_id).values_list(
            "transaction_id", "account_id", "lot_id", "amount"
        )
    )
    found: list[str] = []
    found += _sums(accounts, entries)
    found += _balances(accounts, lots, entries)
    found += _lots(accounts, lots, entries)
    found += _holds(shop_id, lots)
    found += _takings(shop_id, lots)
    return found


def _sums(accounts: dict[int, Account], entries: list[tuple[Any, ...]]) -> Iterator[str]:
    per = _summed(((t, accounts[a].unit_id), n) for t, a, _, n in entries)
    yield from (f"I2 transaction {t}: {n}" for (t, _), n in per.items() if n)
    yield from (
        f"I1 unit {u}: {n}"
        for u, n in _summed((accounts[a].unit_id, n) for _, a, _, n in entries).items()
        if n
    )


def _balances(
    accounts: dict[int, Account], lots: dict[int, Lot], entries: list[tuple[Any, ...]]
) -> Iterator[str]:
    counted = _summed((a, n) for _, a, _, n in entries)
    opened = _summed(
        ((lot.unit_id, lot.owner_kind, lot.owner_id, role), getattr(lot, role))
        for lot in lots.values()
        for role in OWNED[:3]
    )
    in_debt, with_points = set(), set()
    for account in accounts.values():
        if account.role not in OWNED:
            if account.balance is not None:
                yield f"the system's {account.role} has a balance"
            continue
        who = (account.unit_id, account.owner_kind, account.owner_id)
        balance = account.balance or 0
        if (balance > 0) if account.role == "debt" else (balance < 0):
            yield f"I3 {who} {account.role}: {balance}"
        if balance != counted.get(account.pk, 0):
            yield f"I4 {who} {account.role}: {balance}, entries say {counted.get(account.pk, 0)}"
        if account.role != "debt" and balance != opened.pop((*who, account.role), 0):
            yield f"I4 {who} {account.role}: {balance}, its lots say otherwise"
        if balance and account.role == "debt":
            in_debt.add(who)
        if balance and account.role == "available":
            with_points.add(who)
    yield from (f"I4 lots without an account: {key}" for key, n in opened.items() if n)
    yield from (f"debt is repaid first: {who}" for who in in_debt & with_points)


def _lots(
    accounts: dict[int, Account], lots: dict[int, Lot], entries: list[tuple[Any, ...]]
) -> Iterator[str]:
    open_parts = _summed(((lot, accounts[a].role), n) for _, a, lot, n in entries if lot)
    given = _summed(
        (lot, n)
        for t, a, lot, n in entries
        if lot and n > 0 and lots[lot].origin_id == t and accounts[a].role in OWNED
    )
    for lot in lots.values():
        parts = [getattr(lot, role) for role in OWNED[:3]]
        if not (min(parts) >= 0 and sum(parts) <= lot.earned):
            yield f"I5 lot {lot.pk}: {parts} of {lot.earned}"
        if parts != [open_parts.get((lot.pk, role), 0) for role in OWNED[:3]]:
            yield f"I6 lot {lot.pk}: {parts}, entries say otherwise"
        if given.get(lot.pk, 0) != lot.earned:
            yield f"I6 lot {lot.pk}: earned {lot.earned}, was given {given.get(lot.pk, 0)}"


def _holds(shop_id: int, lots: dict[int, Lot]) -> Iterator[str]:
    held: dict[int, int] = defaultdict(int)
    holds = {hold.pk: hold for hold in Hold.objects.filter(shop_id=shop_id)}
    for part in HoldLot.objects.filter(hold__shop_id=shop_id):
        if holds[part.hold_id].state == "open":
            held[part.lot_id] += part.amount
    for lot in lots.values():
        if lot.held != held.get(lot.pk, 0):
            yield f"I9 lot {lot.pk}: {lot.held} held, open holds say {held.get(lot.pk, 0)}"
    ends = [hold.ended_id for hold in holds.values() if hold.ended_id]
    kinds = dict(Transaction.objects.filter(shop_id=shop_id).values_list("pk", "kind"))
    for hold in holds.values():
        if (hold.state == "open") is not (hold.ended_id is None):
            yield f"I9 hold {hold.pk} is {hold.state}"
        if hold.state == "captured" and kinds.get(hold.ended_id or 0) != "capture":
            yield f"I9 hold {hold.pk} was captured by {kinds.get(hold.ended_id or 0)}"
    single = [end for end in ends if kinds[end] in ("capture", "release")]
    if len(single) != len(set(single)):
        yield "I9 one end for two holds"


def _takings(shop_id: int, lots: dict[int, Lot]) -> Iterator[str]:
    pieces: dict[int, int] = defaultdict(int)
    points: dict[int, int] = defaultdict(int)
    for taking in Taking.objects.filter(lot__shop_id=shop_id).exclude(quantity=0):
        pieces[taking.lot_id] += taking.quantity
        points[taking.lot_id] += taking.amount
    for place, quantity in pieces.items():
        lot = lots[place]
        if not 0 <= quantity <= lot.quantity:
            yield f"I10 lot {place}: {quantity} of {lot.quantity} came back"
        elif points[place] != lot.earned * quantity // lot.quantity:
            yield f"I10 lot {place}: {points[place]} of {lot.earned} for {quantity} of {lot.quantity}"


def _summed(pairs: Iterable[tuple[Hashable, int]]) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for key, amount in pairs:
        found[key] += amount
    return found
