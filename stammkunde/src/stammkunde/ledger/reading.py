"""What postings read: units, earlier answers, owners under lock, lots and holds. Few statements for many."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from stammkunde.core import bulk, repeated
from stammkunde.ledger import instants
from stammkunde.ledger.book import Hold, Holder, Lot, Unit
from stammkunde.ledger.commands import Owner
from stammkunde.ledger.models import OWNED

# Postings share this lock of a unit, a close takes it alone: none is half in a closed period.
CLOSING = 7203
Wanted = tuple[int, str, str]
# Types as they are read, whatever a migration makes of the columns; instants have one type on PostgreSQL.
_LOT = ", ".join(
    f"CAST(l.{name} AS {kind})" if kind else f"l.{name}"
    for name, kind in {
        "id": "bigint", "unit_id": "bigint", "owner_kind": "text", "owner_id": "text",
        "origin_id": "bigint", "source": "text", "quantity": "bigint", "earned": "bigint",
        "pending": "bigint", "available": "bigint", "held": "bigint", "available_at": "",
        "expires_at": "", "policy": "text", "unit_value_minor": "bigint", "restores_id": "bigint",
    }.items()
)  # fmt: skip


def units(named: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Unit]:
    """Return units by shop and code, and let no close pass until the transaction ends."""
    wanted = sorted(set(named))
    condition = " OR ".join(["(u.shop_id = %s AND u.code = %s)"] * len(wanted))
    return _units(condition, [value for pair in wanted for value in pair])


def units_of(shop_id: int, code: str | None = None) -> dict[tuple[int, str], Unit]:
    """Return the units of a shop, or the one of a code, as `units` does."""
    if code is not None:
        return units([(shop_id, code)])
    return _units("u.shop_id = %s", [shop_id])


def _units(condition: str, values: Sequence[Any]) -> dict[tuple[int, str], Unit]:
    shared = (
        f", pg_advisory_xact_lock_shared({CLOSING}, u.id::int)"
        if connection.vendor == "postgresql"
        else ""
    )
    # The same for one unit or a shop; for the units of many the text grows with them.
    select = repeated.select if len(values) <= 2 else bulk.select
    rows = select(
        "SELECT CAST(u.shop_id AS bigint), CAST(u.code AS text), CAST(u.id AS bigint), "
        f"CAST(u.accounts AS text), CAST(u.four_eyes_above AS bigint){shared} FROM ledger_unit u "
        f"WHERE {condition}",
        values,
    )
    return {
        (row[0], row[1]): Unit(
            id=row[2],
            shop_id=row[0],
            code=row[1],
            accounts=json.loads(row[3]),
            four_eyes_above=row[4],
        )
        for row in rows
    }


def answers(named: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str, str], Sequence[Any]]:
    """Return what was booked under keys: id, kind, hash of the body and answer."""
    groups: dict[tuple[int, str], list[str]] = {}
    for shop_id, scope, key in named:
        groups.setdefault((shop_id, scope), []).append(key)
    found: dict[tuple[int, str, str], Sequence[Any]] = {}
    for (shop_id, scope), keys in groups.items():
        is_one = len(keys) == 1
        condition, values = ("t.key = %s", keys[0]) if is_one else bulk.among("t.key", keys)
        select = repeated.select if is_one else bulk.select
        for key, *rest in select(
            "SELECT CAST(t.key AS text), CAST(t.id AS bigint), CAST(t.kind AS text), "
            "CAST(t.body_hash AS text), CAST(t.answer AS text) FROM ledger_transaction t "
            f"WHERE t.shop_id = %s AND t.scope = %s AND {condition}",
            (shop_id, scope, values),
        ):
            found[shop_id, scope, key] = rest
    return found


def _rows_of(table: str, columns: str, wanted: Sequence[Wanted], rest: str) -> list[Any]:
    """Select the rows of some owners."""
    if not wanted:
        return []
    if len(wanted) == 1:
        return repeated.select(
            f"SELECT {columns} FROM {table} WHERE {table[-1]}.unit_id = %s "
            f"AND {table[-1]}.owner_kind = %s AND {table[-1]}.owner_id = %s {rest}",
            wanted[0],
        )
    name = table[-1]
    if connection.vendor == "postgresql":
        among = (
            f"unnest(%s::bigint[], %s::text[], %s::text[]) w(unit, kind, id) JOIN {table} "
            f"ON {name}.unit_id = w.unit AND {name}.owner_kind = w.kind AND {name}.owner_id = w.id"
        )
        values: Sequence[Any] = [list(column) for column in zip(*wanted, strict=True)]
    else:
        among = (
            f"json_each(%s) w CROSS JOIN {table} ON {name}.unit_id = w.value ->> 0 "
            f"AND {name}.owner_kind = w.value ->> 1 AND {name}.owner_id = w.value ->> 2"
        )
        values = [json.dumps(wanted)]
    return bulk.select(f"SELECT {columns} FROM {among} WHERE true {rest}", values)


def lock(
    wanted: Sequence[Wanted], *, units_by_id: dict[int, Unit]
) -> tuple[dict[Wanted, Holder], dt.datetime | None]:
    """Lock the accounts of owners in one order; return them, and until when their units are closed."""
    rest = "AND a.balance IS NOT NULL ORDER BY a.id"
    closings = "= a.unit_id"
    if len(wanted) > 1:
        closings = f"IN ({', '.join(str(id_) for id_ in sorted({each[0] for each in wanted}))})"
    if connection.vendor == "postgresql":
        rest += " FOR UPDATE OF a"
    rows = _rows_of(
        "ledger_account a",
        "CAST(a.unit_id AS bigint), CAST(a.owner_kind AS text), CAST(a.owner_id AS text), "
        "CAST(a.role AS text), CAST(a.id AS bigint), CAST(a.balance AS bigint), "
        f"(SELECT max(c.until) FROM ledger_close c WHERE c.unit_id {closings})",
        wanted,
        rest,
    )
    found: dict[Wanted, Holder] = {}
    closed = instants.read_or_none(rows[0][6]) if rows else None
    for unit_id, kind, id_, role, account_id, balance, _closed in rows:
        holder = found.get((unit_id, kind, id_))
        if holder is None:
            holder = Holder(units_by_id[unit_id], Owner(kind, id_), {}, {})
            found[unit_id, kind, id_] = holder
        holder.accounts[role], holder.balances[role] = account_id, balance
    return found, closed


def open_accounts(wanted: Iterable[Wanted], *, units_by_id: dict[int, Unit]) -> None:
    """Make the accounts of owners who are new, in one order, before anything of theirs is locked."""
    rows = [
        (units_by_id[unit_id].shop_id, unit_id, kind, id_, role, 0)
        for unit_id, kind, id_ in sorted(wanted)
        for role in OWNED
    ]
    columns = ("shop_id", "unit_id", "owner_kind", "owner_id", "role", "balance")
    if len(rows) > 200:
        bulk.add("ledger_account", columns, rows)
        return
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    bulk.run(
        f"INSERT INTO ledger_account ({', '.join(columns)}) VALUES {marks} ON CONFLICT DO NOTHING",
        [value for row in rows for value in row],
    )


def known(wanted: Sequence[Wanted]) -> set[Wanted]:
    """Return which owners have accounts, without locking anything."""
    columns = "CAST(a.unit_id AS bigint), CAST(a.owner_kind AS text), CAST(a.owner_id AS text)"
    return {*_rows_of("ledger_account a", columns, wanted, "AND a.role = 'available'")}


def open_lots(wanted: Sequence[Wanted]) -> list[Lot]:
    """Return the lots of owners in which anything is open."""
    return [
        _lot(row)
        for row in _rows_of(
            "ledger_lot l", _LOT, wanted, "AND l.pending + l.available + l.held > 0"
        )
    ]


def lots(ids: Iterable[int]) -> list[Lot]:
    """Return lots by their ids."""
    condition, values = bulk.among("l.id", sorted(set(ids)))
    return [
        _lot(row)
        for row in repeated.select(f"SELECT {_LOT} FROM ledger_lot l WHERE {condition}", (values,))
    ]


def lots_where(condition: str, values: Sequence[Any]) -> list[Lot]:
    """Return lots by a condition on `l`."""
    return [
        _lot(row)
        for row in repeated.select(
            f"SELECT {_LOT} FROM ledger_lot l WHERE {condition} ORDER BY l.id", values
        )
    ]


def holds_where(condition: str, values: Sequence[Any]) -> list[Hold]:
    """Return holds by a condition on `h`, with what of which lots they put aside."""
    found = {
        row[0]: Hold(
            id=row[0],
            unit_id=row[1],
            owner=Owner(row[2], row[3]),
            source=row[4],
            state=row[5],
            expires_at=instants.read(row[6]),
            transaction_id=row[7],
        )
        for row in repeated.select(
            "SELECT CAST(h.id AS bigint), CAST(h.unit_id AS bigint), CAST(h.owner_kind AS text), "
            "CAST(h.owner_id AS text), CAST(h.source AS text), CAST(h.state AS text), h.expires_at, "
            "CAST(h.transaction_id AS bigint) "
            f"FROM ledger_hold h WHERE {condition} ORDER BY h.id",
            values,
        )
    }
    if found:
        among, ids = bulk.among("p.hold_id", sorted(found))
        for hold_id, lot_id, amount in repeated.select(
            "SELECT CAST(p.hold_id AS bigint), CAST(p.lot_id AS bigint), CAST(p.amount AS bigint) "
            f"FROM ledger_holdlot p WHERE {among} ORDER BY p.id",
            (ids,),
        ):
            found[hold_id].parts.append((lot_id, amount))
    return list(found.values())


def _lot(row: Sequence[Any]) -> Lot:
    return Lot(
        id=row[0],
        unit_id=row[1],
        owner=Owner(row[2], row[3]),
        origin_id=row[4],
        source=row[5],
        quantity=row[6],
        earned=row[7],
        pending=row[8],
        available=row[9],
        held=row[10],
        available_at=instants.read(row[11]),
        expires_at=instants.read_or_none(row[12]),
        policy=row[13],
        unit_value_minor=row[14],
        restores_id=row[15],
        was=(row[8], row[9], row[10]),
    )
