"""What was booked for orders: lots that their lines earned, what was spent on them, and their holds."""

from __future__ import annotations

from collections.abc import Sequence

from stammkunde.core import bulk
from stammkunde.ledger import reading
from stammkunde.ledger.book import Book, Hold, Lot, Spending, Unit
from stammkunde.ledger.reading import Wanted

# Lots that were transferred, converted or restored name the line that they come from, but are not its own.
_EARNED = "EXISTS (SELECT 1 FROM ledger_transaction o WHERE o.id = l.origin_id AND o.kind = 'earn')"
# By the bookings of each transaction, not by the account: everything that was ever spent stands in that one.
_SPENT = (
    "FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id "
    "AND e.account_id + 0 = %s "
    "WHERE t.shop_id = %s AND t.root <> '' AND t.kind IN ('spend', 'capture')"
)


def lines(unit: Unit, roots: Sequence[str]) -> list[Lot]:
    """Return the lots that lines of orders earned."""
    among, values = bulk.among("l.root", roots)
    return reading.lots_where(f"l.unit_id = %s AND {among} AND {_EARNED}", (unit.id, values))


def spendings(unit: Unit, roots: Sequence[str]) -> list[Spending]:
    """Return what was spent on orders, in its order, and how much of it was not given back."""
    among, values = bulk.among("t.root", roots)
    return [
        Spending(id=row[0], source=row[1], lot_id=row[2], left=int(row[3] - row[4]))
        for row in bulk.select(
            "SELECT t.id, t.source, e.lot_id, e.amount, coalesce((SELECT sum(g.amount) "
            "FROM ledger_giving g WHERE g.spending_id = t.id AND g.lot_id = e.lot_id), 0) "
            f"{_SPENT} AND {among} ORDER BY e.id",
            (unit.accounts["redemption"], unit.shop_id, values),
        )
    ]


def holds(unit: Unit, roots: Sequence[str]) -> list[Hold]:
    """Return the holds of orders."""
    among, values = bulk.among("h.root", roots)
    return reading.holds_where(f"h.unit_id = %s AND {among}", (unit.id, values))


def returned(lot_ids: Sequence[int]) -> dict[int, int]:
    """Return how many pieces of lots' lines came back."""
    if not lot_ids:
        return {}
    among, values = bulk.among("k.lot_id", lot_ids)
    return {
        lot_id: int(pieces)
        for lot_id, pieces in bulk.select(
            "SELECT k.lot_id, sum(k.quantity) FROM ledger_taking k "
            f"WHERE {among} GROUP BY k.lot_id",
            (values,),
        )
    }


def expired(book: Book, lots: Sequence[Lot]) -> dict[int, int]:
    """Return how much of lots expired, and was neither revived nor clawed back since.

    Found by their owners' bookings, by what came back of their lines, and by the reversal of what gave them: a lot
    has no index of its bookings.
    """
    gone = [
        lot
        for lot in lots
        if lot.expires_at and lot.pending + lot.available + lot.held < lot.earned
    ]
    if not gone:
        return {}
    holders = [book.holder_of(lot) for lot in gone]
    owned, accounts = bulk.among(
        "o.account_id", sorted({id_ for each in holders for id_ in each.accounts.values()})
    )
    over, breakage = bulk.among(
        # Not by the index of the account, in which everything stands that ever expired.
        "e.account_id + 0", sorted({each.unit.accounts["breakage"] for each in holders})
    )  # fmt: skip
    (theirs, ids), (taken, _), (own, _) = (
        bulk.among(f"{name}.lot_id", [lot.id for lot in gone]) for name in "oke"
    )
    undone, origins = bulk.among("r.reverses_id", sorted({lot.origin_id for lot in gone}))
    return {
        lot_id: int(amount)
        for lot_id, amount in bulk.select(
            "SELECT e.lot_id, sum(e.amount) FROM (SELECT o.transaction_id AS id FROM ledger_entry o "
            f"WHERE {owned} AND {theirs} UNION SELECT k.transaction_id FROM ledger_taking k "
            f"WHERE {taken} UNION SELECT r.id FROM ledger_transaction r WHERE {undone}) t "
            "JOIN ledger_entry e ON e.transaction_id = t.id "
            f"WHERE {own} AND {over} GROUP BY e.lot_id",
            (accounts, ids, ids, origins, ids, breakage),
        )
    }


def owners(unit: Unit, roots: Sequence[str]) -> list[Wanted]:
    """Return who earned, spent or held for orders."""
    found = []
    for sql, before in (
        ("FROM ledger_lot l WHERE l.unit_id = %s AND l.root", (unit.id,)),
        ("FROM ledger_hold l WHERE l.unit_id = %s AND l.root", (unit.id,)),
        (
            f"FROM ledger_lot l WHERE l.id IN (SELECT e.lot_id {_SPENT} AND t.root",
            (unit.accounts["redemption"], unit.shop_id),
        ),
    ):
        expression = sql.rpartition(" AND ")[2]
        among, values = bulk.among(expression, roots)
        found += bulk.select(
            "SELECT DISTINCT l.unit_id, l.owner_kind, l.owner_id "
            + sql.removesuffix(expression)
            + among
            + (")" if "(SELECT" in sql else ""),
            (*before, values),
        )
    return sorted({(row[0], row[1], row[2]) for row in found})
