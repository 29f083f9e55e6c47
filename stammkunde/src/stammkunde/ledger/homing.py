"""Parts of a lot that stand in other lots: handed on by people who are one, or given back with more time.

They are the line's own points still. Where its goods come back, what nobody used of them goes home: out of the
other lot by the way on which it came, through every lot between, and is clawed back at the line's own.

A taking of no pieces notes what went home from each lot: by it are found the bookings of what expired
(`sources.expired`), and it is so much less that is given back once people part.
"""

from __future__ import annotations

from collections.abc import Sequence

from stammkunde.core import bulk
from stammkunde.ledger import reading, sources
from stammkunde.ledger.bodies import order_of
from stammkunde.ledger.book import Book, Lot, Posting, Unit

# The scope of transfers among owners who are one person.
GATHER = "gather"
HANDED_ON, RESTORED = "transfer", "redemption"


def come_home(book: Book, posting: Posting, lot: Lot, amount: int, *, against: int) -> int:
    """Book what expired of a lot, and what nobody used in lots that hold parts of it; return how much it was.

    What expired is taken out of breakage. What was handed on and can still be used is taken as well; what was
    given back to the same owner stands among their other lots.

    Parameters
    ----------
    amount
        At most so much.
    against
        The account of the system that it is booked into.
    """
    expired = min(book.expired.get(lot.id, 0), amount)
    if expired:
        book.expired[lot.id] -= expired
        posting.system(book.holder_of(lot).unit.accounts["breakage"], lot, -expired)
        posting.system(against, lot, expired)
    left = amount - expired
    for child_id, way in book.parts.get(lot.id, ()):
        if left:
            left -= _part(book, posting, lot, book.lots[child_id], left, way=way, against=against)
    return amount - left


def _part(
    book: Book, posting: Posting, lot: Lot, child: Lot, most: int, *, way: str, against: int
) -> int:
    holder = book.holder_of(child)
    link = holder.unit.accounts[way]
    found = min(child.available, most) if way == HANDED_ON else 0
    if found:
        posting.out(holder, "available", child, found)
        posting.system(link, child, found)
        posting.lots.append((child.id, found))
    found += come_home(book, posting, child, most - found, against=link)
    if found:
        posting.system(link, lot, -found)
        posting.system(against, lot, found)
        book.home[child.id] += found
        posting.takings.append((child.id, 0, found))
    return found


def load(book: Book, unit: Unit, lots: Sequence[Lot]) -> None:
    """Take in hand what expired of lots, and which others hold parts of them, with what expired of those."""
    links = _links(unit, sorted({order_of(lot.source) for lot in lots} - {""}))
    book.keep(reading.lots(part_id for _lot_id, part_id, _way in links))
    for lot_id, part_id, way in links:
        book.parts.setdefault(lot_id, []).append((part_id, way))
    if handed_on := [part_id for _lot_id, part_id, way in links if way == HANDED_ON]:
        book.home.update(_home(handed_on))
    parts = [book.lots[part_id] for _lot_id, part_id, _way in links]
    book.expired |= sources.expired(book, [*{each.id: each for each in (*lots, *parts)}.values()])


def _links(unit: Unit, roots: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return lots of orders with those that hold parts of them, and on which way those came by them."""
    if not roots:
        return []
    among, values = bulk.among("l.root", roots)
    rows = bulk.select(
        "SELECT l.id, l.restores_id, l.origin_id FROM ledger_lot l "
        f"JOIN ledger_transaction t ON t.id = l.origin_id WHERE l.unit_id = %s AND {among} "
        "AND (t.scope = %s OR l.restores_id IS NOT NULL) AND NOT EXISTS "
        "(SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id) ORDER BY l.id",
        (unit.id, values, GATHER),
    )
    givers = _givers(unit, [row[2] for row in rows if row[1] is None])
    return [
        (givers[id_], id_, HANDED_ON) if restored_id is None else (restored_id, id_, RESTORED)
        for id_, restored_id, _origin_id in rows
    ]


def _givers(unit: Unit, transactions: Sequence[int]) -> dict[int, int]:
    """Return by lots that were handed on which they came from: a transfer books them in pairs."""
    if not transactions:
        return {}
    among, ids = bulk.among("e.transaction_id", sorted(set(transactions)))
    rows = bulk.select(
        f"SELECT e.lot_id FROM ledger_entry e WHERE {among} AND e.account_id + 0 = %s ORDER BY e.id",
        (ids, unit.accounts[HANDED_ON]),
    )
    found = [lot_id for (lot_id,) in rows]
    return dict(zip(found[1::2], found[::2], strict=True))


def _home(lot_ids: Sequence[int]) -> dict[int, int]:
    """Return how much went home from lots that were handed on."""
    among, ids = bulk.among("k.lot_id", lot_ids)
    return {
        lot_id: int(amount)
        for lot_id, amount in bulk.select(
            "SELECT k.lot_id, sum(k.amount) FROM ledger_taking k "
            f"WHERE {among} AND k.quantity = 0 GROUP BY k.lot_id",
            (ids,),
        )
    }
