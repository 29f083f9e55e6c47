"""Writes postings: one statement on PostgreSQL, one per table on SQLite, however many there are.

The keys go in first. Where another transaction took one meanwhile, nothing of this one stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection

from stammkunde.core import bulk
from stammkunde.ledger import instants
from stammkunde.ledger.bodies import order_of
from stammkunde.ledger.book import Again, Book

# Columns with PostgreSQL's types, in the order of the rows below.
TABLES: dict[str, dict[str, str]] = {
    "ledger_transaction": {
        "id": "bigint", "shop_id": "bigint", "scope": "text", "key": "text", "body_hash": "text",
        "kind": "text", "cause": "text", "source": "text", "root": "text", "reverses_id": "bigint",
        "effective_at": "timestamptz", "recorded_at": "timestamptz", "answer": "jsonb",
    },
    "ledger_lot": {
        "id": "bigint", "shop_id": "bigint", "unit_id": "bigint", "owner_kind": "text",
        "owner_id": "text", "origin_id": "bigint", "source": "text", "root": "text",
        "quantity": "int", "earned": "bigint", "pending": "bigint", "available": "bigint",
        "held": "bigint", "available_at": "timestamptz", "expires_at": "timestamptz",
        "policy": "text", "unit_value_minor": "bigint", "restores_id": "bigint",
    },
    "ledger_hold": {
        "id": "bigint", "shop_id": "bigint", "unit_id": "bigint", "owner_kind": "text",
        "owner_id": "text", "source": "text", "root": "text", "state": "text",
        "expires_at": "timestamptz", "transaction_id": "bigint",
    },
    "ledger_holdlot": {"hold_id": "bigint", "lot_id": "bigint", "amount": "bigint"},
    "ledger_entry": {
        "transaction_id": "bigint", "account_id": "bigint", "lot_id": "bigint", "amount": "bigint",
    },
    "ledger_taking": {
        "transaction_id": "bigint", "lot_id": "bigint", "quantity": "int", "amount": "bigint",
    },
    "ledger_giving": {
        "transaction_id": "bigint", "spending_id": "bigint", "lot_id": "bigint", "amount": "bigint",
    },
    "ledger_proposal": {
        "id": "bigint", "shop_id": "bigint", "unit_id": "bigint", "transaction_id": "bigint",
        "owner_kind": "text", "owner_id": "text", "amount": "bigint", "reason": "text",
        "proposed_by": "text", "expires_at": "timestamptz", "state": "text", "decided_by": "text",
    },
}  # fmt: skip
# What changes, by id: what is added to each column, or what a hold has become.
ADDED: dict[str, tuple[str, ...]] = {
    "ledger_account": ("balance",),
    "ledger_lot": ("pending", "available", "held"),
}
Rows = list[tuple[Any, ...]]
# Up to so many rows are written value by value; more transactions than so many are copied in.
FEW, MANY = 30, 200
# What PostgreSQL finds broken where a key was taken meanwhile: the key, or what names the transaction left out for it.
RACED = frozenset({"ledger_key_once", "ledger_entry_refers", "ledger_lot_refers"})


def write(book: Book, said: Sequence[str]) -> None:
    """Write what is in hand, with what was said of each posting.

    Raises
    ------
    Again
        Where a key was taken meanwhile; the caller rolls back.
    """
    new = _new(book, said)
    changed = _changed(book)
    ended = [
        (hold.id, hold.state, hold.ended_id)
        for hold in book.holds.values()
        if hold.ended_id and not hold.is_new
    ]
    if connection.vendor == "postgresql":
        _write_at_once(new, changed, ended, book=book)
    else:
        _write_by_table(new, changed, ended)


def _new(book: Book, said: Sequence[str]) -> dict[str, Rows]:
    stored, found = instants.storing(), defaultdict[str, Rows](list)
    recorded_at = stored(book.recorded_at)
    for posting, text in zip(book.postings, said, strict=True):
        found["ledger_transaction"].append(
            (posting.id, posting.shop_id, posting.scope, posting.key, posting.body_hash,
             posting.kind, posting.cause, posting.source, posting.root, posting.reverses_id,
             stored(posting.effective_at), recorded_at, text)
        )  # fmt: skip
        for (account_id, lot_id, _way), amount in posting.entries.items():
            if amount:
                found["ledger_entry"].append((posting.id, account_id, lot_id, amount))
        found["ledger_taking"] += [(posting.id, *row) for row in posting.takings]
        found["ledger_giving"] += [(posting.id, *row) for row in posting.givings]
    # Two who bring the same keys take them in one order.
    found["ledger_transaction"].sort(key=lambda row: row[1:4])
    shops = {unit.id: unit.shop_id for unit in book.units.values()}
    for lot in book.lots.values():
        if lot.is_new:
            found["ledger_lot"].append(
                (lot.id, shops[lot.unit_id], lot.unit_id, lot.owner.kind, lot.owner.id,
                 lot.origin_id, lot.source, order_of(lot.source), lot.quantity, lot.earned,
                 lot.pending, lot.available, lot.held, stored(lot.available_at),
                 stored(lot.expires_at), lot.policy, lot.unit_value_minor, lot.restores_id)
            )  # fmt: skip
    for hold in book.holds.values():
        if hold.is_new:
            found["ledger_hold"].append(
                (hold.id, shops[hold.unit_id], hold.unit_id, hold.owner.kind, hold.owner.id,
                 hold.source, order_of(hold.source), hold.state, stored(hold.expires_at),
                 hold.transaction_id)
            )  # fmt: skip
            found["ledger_holdlot"] += [(hold.id, *part) for part in hold.parts]
    found["ledger_proposal"] += book.proposals
    return found


def _changed(book: Book) -> dict[str, Rows]:
    added: defaultdict[int, int] = defaultdict(int)
    # Accounts of the system hold no balance: a row that everybody changes would let all wait in line.
    owned = {id_ for holder in book.holders.values() for id_ in holder.accounts.values()}
    for posting in book.postings:
        for (account_id, _lot, _way), amount in posting.entries.items():
            if account_id in owned:
                added[account_id] += amount
    lots = []
    for lot in book.lots.values():
        if not lot.is_new and (lot.pending, lot.available, lot.held) != lot.was:
            pending, available, held = lot.was
            lots.append((lot.pending - pending, lot.available - available, lot.held - held, lot.id))
    return {
        "ledger_account": [(amount, id_) for id_, amount in sorted(added.items()) if amount],
        "ledger_lot": lots,
    }


def _write_by_table(new: dict[str, Rows], changed: dict[str, Rows], ended: Rows) -> None:
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            if rows := new.get(table):
                marks = ", ".join(["%s"] * len(columns))
                _run_each(
                    cursor, f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
                )
        for table, names in ADDED.items():
            if rows := changed[table]:
                parts = ", ".join(f"{name} = {name} + %s" for name in names)
                _run_each(cursor, f"UPDATE {table} SET {parts} WHERE id = %s", rows)
        for hold_id, state, ended_id in ended:
            cursor.execute(
                "UPDATE ledger_hold SET state = %s, ended_id = %s WHERE id = %s",
                (state, ended_id, hold_id),
            )


def _run_each(cursor: Any, sql: str, rows: Rows) -> None:
    if len(rows) == 1:
        cursor.execute(sql, rows[0])
    else:
        cursor.executemany(sql, rows)


def _write_at_once(
    new: dict[str, Rows], changed: dict[str, Rows], ended: Rows, *, book: Book
) -> None:
    parts: list[str] = []
    values: list[Any] = []
    count = len(new["ledger_transaction"])
    for table, columns in TABLES.items():
        rows = new.get(table)
        if rows and count <= MANY:
            conflict = (
                " ON CONFLICT (shop_id, scope, key) DO NOTHING"
                if table == "ledger_transaction"
                else ""
            )
            parts.append(
                f"new_{table} AS (INSERT INTO {table} ({', '.join(columns)}) "
                f"{_source(rows, tuple(columns.values()), values)}{conflict} RETURNING 1)"
            )
    for table, names in ADDED.items():
        if rows := changed[table]:
            sets = ", ".join(f"{name} = {table}.{name} + v.{name}" for name in names)
            source = _source(rows, ("bigint",) * (len(names) + 1), values)
            parts.append(
                f"changed_{table} AS (UPDATE {table} SET {sets} FROM ({source}) "
                f"v({', '.join(names)}, id) WHERE {table}.id = v.id)"
            )
    if ended:
        source = _source(ended, ("bigint", "text", "bigint"), values)
        parts.append(
            f"ended AS (UPDATE ledger_hold SET state = v.state, ended_id = v.ended FROM ({source}) "
            "v(id, state, ended) WHERE ledger_hold.id = v.id)"
        )
    if count > MANY:
        _copy(new)
        if parts:
            bulk.run(f"WITH {', '.join(parts)} SELECT 1", values)
        return
    # Whoever waited for a close read before it was there: what is recorded comes after it all the same.
    asked = (
        f"WITH {', '.join(parts)} SELECT count(*), EXISTS (SELECT 1 FROM ledger_close c "
        "WHERE c.unit_id = ANY(%s) AND c.until >= %s) FROM new_ledger_transaction"
    )
    ids = sorted({holder.unit.id for holder in book.holders.values()})
    with _or_again():
        written, is_closed = bulk.select(asked, (*values, ids, book.recorded_at))[0]
        if written != count or is_closed:
            raise Again


def _copy(new: dict[str, Rows]) -> None:
    for table, columns in TABLES.items():
        if rows := new.get(table):
            with _or_again():
                bulk.insert(table, tuple(columns), rows)


@contextmanager
def _or_again() -> Iterator[None]:
    """Let all begin again where somebody took a key meanwhile: entries then name a transaction that is not there.

    Whether that was it is seen once all is undone (`posting`): nothing else that is broken is a race.
    """
    try:
        yield
    except IntegrityError as error:
        if bulk.constraint(error) not in RACED:
            raise
        raise Again from error


def _source(rows: Rows, kinds: Sequence[str], values: list[Any]) -> str:
    """Return rows as a part of a statement: few value by value, many as an array for each column."""
    if len(rows) > FEW:
        values += [list(column) for column in zip(*rows, strict=True)]
        return f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"
    for row in rows:
        values.extend(row)
    marks = "(" + ", ".join(["%s"] * len(kinds)) + ")"
    return "VALUES " + ", ".join([marks] * len(rows))
