"""What the posting of one command of a known owner begins with, read and locked by one statement."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from stammkunde.core import repeated
from stammkunde.ledger import instants
from stammkunde.ledger.book import Holder, Unit
from stammkunde.ledger.commands import Owner
from stammkunde.ledger.drawing import Drawing
from stammkunde.ledger.reading import CLOSING


@dataclass(frozen=True, slots=True)
class One:
    """What the posting of one command begins with."""

    unit: Unit
    holder: Holder
    closed: dt.datetime | None
    answer: Sequence[Any] | None
    draw: Drawing


def one(
    wanted: tuple[int, str, str, str], name: tuple[int, str, str], *, expected: dict[str, int]
) -> One | None:
    """Return by one statement what the posting of one command begins with, its owner locked.

    None where the unit or the owner is new. Where it waited for the lock, an answer that came meanwhile is
    missing: writing the key, or looking again before a refusal, finds it.

    Parameters
    ----------
    wanted
        Shop, code of the unit, and kind and id of the owner.
    name
        Shop, scope and key of the command.
    """
    is_postgresql = connection.vendor == "postgresql"
    text = _text_of_one(tuple(expected.items()), is_postgresql=is_postgresql)
    rows = repeated.select(text, (*name, *wanted))
    if not rows:
        return None
    first = rows[0]
    unit = Unit(first[3], wanted[0], wanted[1], json.loads(first[4]), first[5])
    accounts, balances = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    ready = {
        table: iter(json.loads(value)) if is_postgresql else itertools.count(value + 1)
        for table, value in zip(expected, first[12:], strict=True)
    }
    return One(
        unit=unit,
        holder=Holder(unit, Owner(*wanted[2:]), accounts, balances),
        closed=instants.read_or_none(first[6]),
        answer=first[7:11] if first[7] is not None else None,
        draw=Drawing({}, ready),
    )


@lru_cache(maxsize=500)
def _text_of_one(expected: tuple[tuple[str, int], ...], *, is_postgresql: bool) -> str:
    # How many stands in the text: of a parameter PostgreSQL expects a thousand, and never keeps the plan.
    drawn = "".join(
        f", (SELECT json_agg(nextval('{table}_id_seq')) FROM generate_series(1, {count}))::text"
        if is_postgresql
        else f", (SELECT coalesce(max(id), 0) FROM {table})"
        for table, count in expected
    )
    shared = f"pg_advisory_xact_lock_shared({CLOSING}, u.id::int)" if is_postgresql else "NULL"
    return (
        "SELECT CAST(a.role AS text), CAST(a.id AS bigint), CAST(a.balance AS bigint), "
        "CAST(u.id AS bigint), CAST(u.accounts AS text), CAST(u.four_eyes_above AS bigint), "
        "(SELECT max(c.until) FROM ledger_close c WHERE c.unit_id = u.id), CAST(t.id AS bigint), "
        "CAST(t.kind AS text), CAST(t.body_hash AS text), CAST(t.answer AS text), "
        f"{shared}{drawn} FROM ledger_unit u "
        "JOIN ledger_account a ON a.unit_id = u.id LEFT JOIN ledger_transaction t "
        "ON t.shop_id = %s AND t.scope = %s AND t.key = %s WHERE u.shop_id = %s AND u.code = %s "
        "AND a.owner_kind = %s AND a.owner_id = %s AND a.balance IS NOT NULL ORDER BY a.id"
        + (" FOR UPDATE OF a" if is_postgresql else "")
    )
