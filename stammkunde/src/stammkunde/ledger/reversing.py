"""Reverse: the mirror of a transaction, once.

What it took goes back to the lots it came from; what it gave is taken from its lots, then from others in the
order of spending, and what is gone meanwhile becomes debt. What returns did already is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from stammkunde.core import bulk
from stammkunde.ledger import homing, reading, refusals, returning, sources
from stammkunde.ledger.book import Book, Lot, Posting, Reversible
from stammkunde.ledger.commands import Reverse
from stammkunde.ledger.posting import Units, Verb
from stammkunde.ledger.reading import Wanted

# What gave something that is taken back, and what else can be mirrored.
CLAWED = ("earn", "adjust", "transfer", "convert")
KINDS = ("earn", "spend", "capture", "expire", "adjust", "transfer", "donate", "convert")


def write(book: Book, posting: Posting, command: Reverse) -> None:
    """Book the mirror of the system's entries, and the owners' side of each."""
    found = book.reversible.get(command.transaction_id)
    if found is None or found.shop_id != command.shop_id:
        raise refusals.UnknownTransaction
    if found.is_reversed:
        raise refusals.AlreadyReversed
    if found.kind not in KINDS or not found.entries:
        raise refusals.NotReversible
    found.is_reversed = True
    posting.reverses_id, posting.cause = found.id, command.reason or posting.cause
    posting.holder = book.holder_of(book.lots[found.entries[0][1]])
    given = _given_back(found.id)
    for account_id, lot_id, amount in found.entries:
        lot = book.lots[lot_id]
        if amount < 0:
            _take(book, posting, lot_id, -amount, account_id, is_line=found.kind == "earn")
            continue
        part = amount - given[lot_id]
        if found.kind == "expire":
            # What was clawed back since has nothing left to come back.
            part = min(amount, book.expired.get(lot_id, 0))
            book.expired[lot_id] = book.expired.get(lot_id, 0) - part
        part -= _gone_home(book, lot, found.id)
        if part:
            if found.kind in ("spend", "capture"):
                posting.givings.append((found.id, lot_id, part))
            posting.system(account_id, lot, -part)
            posting.credit(book.holder_of(lot), lot, part)
            posting.lots.append((lot_id, part))


def _take(
    book: Book, posting: Posting, lot_id: int, amount: int, account_id: int, *, is_line: bool
) -> None:
    lot = book.lots[lot_id]
    if is_line:
        before = book.returned[lot_id]
        amount -= lot.earned * before // lot.quantity
        if before < lot.quantity:
            posting.takings.append((lot_id, lot.quantity - before, amount))
            book.returned[lot_id] = lot.quantity
    amount -= book.home[lot_id]
    if amount:
        returning.claw(book, posting, lot, amount, against=account_id)


def _gone_home(book: Book, lot: Lot, transaction_id: int) -> int:
    """Return how much of what a transaction handed on came back with the goods; it is handed on no more."""
    parts = book.parts.get(lot.id, [])
    mine = [each for each in parts if book.lots[each[0]].origin_id == transaction_id]
    book.parts[lot.id] = [each for each in parts if each not in mine]
    return sum(book.home[part_id] for part_id, _way in mine)


def _given_back(transaction_id: int) -> Counter[int]:
    return Counter(
        {
            lot_id: int(amount)
            for lot_id, amount in bulk.select(
                "SELECT g.lot_id, sum(g.amount) FROM ledger_giving g WHERE g.spending_id = %s "
                "GROUP BY g.lot_id",
                (transaction_id,),
            )
        }
    )


def owners(units: Units, commands: Sequence[Reverse]) -> Iterable[Wanted]:
    """Return whose accounts transactions moved, and who may hold parts of what is taken back."""
    among, ids = bulk.among("e.transaction_id", [each.transaction_id for each in commands])
    kinds, names = bulk.among("t.kind", CLAWED)
    mine = {unit.id for unit in units.values()}
    return [
        (row[0], row[1], row[2])
        for row in bulk.select(
            "SELECT a.unit_id, a.owner_kind, a.owner_id FROM ledger_entry e "
            f"JOIN ledger_account a ON a.id = e.account_id WHERE {among} AND a.balance IS NOT NULL "
            "UNION SELECT l.unit_id, l.owner_kind, l.owner_id FROM ledger_entry e "
            "JOIN ledger_transaction t ON t.id = e.transaction_id "
            "JOIN ledger_lot o ON o.id = e.lot_id JOIN ledger_lot l "
            f"ON l.unit_id = o.unit_id AND l.root = o.root WHERE {among} AND {kinds} AND o.root <> ''",
            (ids, ids, names),
        )
        if row[0] in mine
    ]


def _units(command: Reverse) -> Iterable[str]:
    among = bulk.select(
        "SELECT DISTINCT u.code FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
        "JOIN ledger_unit u ON u.id = a.unit_id WHERE e.transaction_id = %s AND u.shop_id = %s",
        (command.transaction_id, command.shop_id),
    )
    return {command.unit, *(code for (code,) in among)}


def load(book: Book, commands: Sequence[Reverse]) -> None:
    """Take the transactions, their lots and what is open of their owners in hand."""
    among, ids = bulk.among("t.id", [each.transaction_id for each in commands])
    shops, shop_ids = bulk.among("t.shop_id", [each.shop_id for each in commands])
    for id_, shop_id, kind, reversal in bulk.select(
        "SELECT t.id, t.shop_id, t.kind, (SELECT r.id FROM ledger_transaction r "
        f"WHERE r.reverses_id = t.id) FROM ledger_transaction t WHERE {among} AND {shops}",
        (ids, shop_ids),
    ):
        book.reversible[id_] = Reversible(id_, shop_id, kind, reversal is not None, [])
    # What cannot be reversed may have moved nothing of its lots' owners, who are then not in hand.
    mirrored = sorted(id_ for id_, each in book.reversible.items() if each.kind in KINDS)
    among, ids = bulk.among("e.transaction_id", mirrored)
    lot_ids: dict[int, bool] = {}
    for transaction_id, account_id, lot_id, amount in bulk.select(
        "SELECT e.transaction_id, e.account_id, e.lot_id, e.amount FROM ledger_entry e "
        f"JOIN ledger_account a ON a.id = e.account_id WHERE {among} AND a.balance IS NULL "
        "AND e.lot_id IS NOT NULL ORDER BY e.id",
        (ids,),
    ):
        book.reversible[transaction_id].entries.append((account_id, lot_id, amount))
        is_clawed = book.reversible[transaction_id].kind in CLAWED
        lot_ids[lot_id] = is_clawed or lot_ids.get(lot_id, False)
    book.keep(reading.lots(lot_ids))
    book.returned.update(sources.returned(list(lot_ids)))
    for unit in book.units.values():
        mine = [lot for id_ in lot_ids if (lot := book.lots[id_]).unit_id == unit.id]
        homing.load(book, unit, [lot for lot in mine if lot_ids[lot.id]])
        book.expired |= sources.expired(book, mine)
    book.keep(reading.open_lots(list(book.holders)))


VERB = Verb(write, owners, load, units=_units, family="reverse")
