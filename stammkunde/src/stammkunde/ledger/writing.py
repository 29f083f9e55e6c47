"""Writes postings: one statement on PostgreSQL, one per table on SQLite, however many there are.

The keys go in first. Where another transaction took one meanwhile, nothing of this one stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection

from stammkunde.core import bulk, repeated
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
        (hold.state, hold.ended_id, hold.id)
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
    statements: list[tuple[str, Sequence[Sequence[Any]]]] = [
        # Many rows by one statement take half the time of a statement for each.
        (_insertion(table, len(some)), [tuple(chain.from_iterable(some))])
        for table in TABLES
        for some in bulk.parts(new.get(table, ()), FEW)
    ]
    statements += [(_addition(table), rows) for table in ADDED if (rows := changed[table])]
    if ended:
        statements.append(("UPDATE ledger_hold SET state = %s, ended_id = %s WHERE id = %s", ended))
    repeated.run_all(statements)


@cache
def _insertion(table: str, count: int) -> str:
    columns = TABLES[table]
    marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * count)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {marks}"


@cache
def _addition(table: str) -> str:
    parts = ", ".join(f"{name} = {name} + %s" for name in ADDED[table])
    return f"UPDATE {table} SET {parts} WHERE id = %s"


def _write_at_once(
    new: dict[str, Rows], changed: dict[str, Rows], ended: Rows, *, book: Book
) -> None:
    count = len(new["ledger_transaction"])
    if count > MANY:
        _copy(new)
        new = {}
    parts = {table: new[table] for table in TABLES if new.get(table)}
    parts |= {f"changed {table}": rows for table, rows in changed.items() if rows}
    if ended:
        parts["ended"] = ended
    if not parts:
        return
    ids = sorted({holder.unit.id for holder in book.holders.values()})
    is_small = all(len(rows) <= FEW for rows in parts.values())
    values: list[Any] = []
    for rows in parts.values():
        if len(rows) <= FEW:
            for row in rows:
                values += row
        else:
            values += [list(column) for column in zip(*rows, strict=True)]
    text = _statement(
        tuple((name, len(rows) if len(rows) <= FEW else 0) for name, rows in parts.items()),
    )
    if count > MANY:
        bulk.run(text, values)
        return
    select = repeated.select if is_small else bulk.select
    with _or_again():
        written, is_closed = select(text, (*values, ids, book.recorded_at))[0]
        if written != count or is_closed:
            raise Again


# What each part of a statement writes: its columns with their types, and the statement itself.
_CHANGES = {
    **{
        f"changed {table}": (
            dict.fromkeys((*names, "id"), "bigint"),
            f"changed_{table} AS (UPDATE {table} SET "
            + ", ".join(f"{name} = {table}.{name} + v.{name}" for name in names)
            + f" FROM ({{source}}) v({', '.join((*names, 'id'))}) WHERE {table}.id = v.id)",
        )
        for table, names in ADDED.items()
    },
    "ended": (
        {"state": "text", "ended": "bigint", "id": "bigint"},
        "ended AS (UPDATE ledger_hold SET state = v.state, ended_id = v.ended FROM ({source}) "
        "v(state, ended, id) WHERE ledger_hold.id = v.id)",
    ),
}


@lru_cache(maxsize=500)
def _statement(shape: tuple[tuple[str, int], ...]) -> str:
    """Return the statement that writes so many rows of each part at once; none stands for any number.

    Whoever waited for a close read before it was there: what is recorded comes after it all the same.
    """
    parts = []
    for name, count in shape:
        if name in _CHANGES:
            columns, change = _CHANGES[name]
            parts.append(change.format(source=_source(count, tuple(columns.values()))))
            continue
        conflict = (
            " ON CONFLICT (shop_id, scope, key) DO NOTHING" if name == "ledger_transaction" else ""
        )
        parts.append(
            f"new_{name} AS (INSERT INTO {name} ({', '.join(TABLES[name])}) "
            f"{_source(count, tuple(TABLES[name].values()))}{conflict} RETURNING 1)"
        )
    asked = (
        "SELECT count(*), EXISTS (SELECT 1 FROM ledger_close c WHERE c.unit_id = ANY(%s) "
        "AND c.until >= %s) FROM new_ledger_transaction"
        if shape[0][0] == "ledger_transaction"
        else "SELECT 1"
    )
    return f"WITH {', '.join(parts)} {asked}"


def _source(count: int, kinds: Sequence[str]) -> str:
    """Return rows as a part of a statement: few value by value, many as an array for each column."""
    if not count:
        return f"SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"
    first = "(" + ", ".join(f"%s::{kind}" for kind in kinds) + ")"
    marks = "(" + ", ".join(["%s"] * len(kinds)) + ")"
    return "VALUES " + ", ".join([first, *[marks] * (count - 1)])


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
