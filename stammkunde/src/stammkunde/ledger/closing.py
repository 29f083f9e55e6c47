"""Period closes: what was recorded up to an instant is fixed by a hash that chains it to what came before.

A close takes the transactions recorded since the one before it, in the order of their ids, with their entries in
the unit. What is booked later is recorded later, whenever it took effect: a closed period never grows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from stammkunde.core import bulk, clock
from stammkunde.core.audit import services as log
from stammkunde.core.audit.services import Actor
from stammkunde.ledger import instants, reading, refusals
from stammkunde.ledger.models import Close, CloseBalance, Unit

AT_ONCE = 10_000
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold."""

    shop_id: int
    unit: str
    what: str
    expected: str
    found: str


@transaction.atomic
def close(shop_id: int, unit: str, *, until: dt.datetime, actor: Actor) -> Close:
    """Close a unit's period: everything recorded before `until`, since the close before.

    Parameters
    ----------
    until
        In the past, and behind the last close.
    """
    row = Unit.objects.filter(shop_id=shop_id, code=unit).first()
    if row is None:
        raise refusals.UnknownUnit
    if connection.vendor == "postgresql":
        # Postings share this lock: those that have begun are recorded before, the others after.
        bulk.run("SELECT pg_advisory_xact_lock(%s, %s::int)", (reading.CLOSING, row.pk))
    before = Close.objects.filter(unit=row).order_by("-until").first()
    if until > clock.now() or (before and until <= before.until):
        raise refusals.BadCommand("until")
    since = before.until if before else None
    digest, count, last = _digest(row.pk, since, until, previous=before.hash if before else "")
    made = Close.objects.create(
        shop_id=shop_id,
        unit=row,
        until=until,
        last_id=last,
        count=count,
        previous_hash=before.hash if before else "",
        hash=digest,
    )
    rows = [
        (made.pk, account_id, balance)
        for account_id, balance in _balances(row.pk, until)
        if balance
    ]
    bulk.insert("ledger_closebalance", ("close_id", "account_id", "balance"), rows)
    log.note(
        "ledger.closed",
        actor=actor,
        shop_id=shop_id,
        about=("unit", row.pk),
        until=until.isoformat(),
    )
    return made


def _digest(
    unit_id: int, since: dt.datetime | None, until: dt.datetime, *, previous: str
) -> tuple[str, int, int | None]:
    """Return the hash over a period's transactions and entries, how many entries, and the last transaction."""
    chain = hashlib.sha256(previous.encode())
    count, last = 0, None
    after = (0, 0)
    while rows := bulk.select(
        "SELECT t.id, e.id, t.scope, t.key, t.body_hash, t.kind, t.cause, t.source, t.reverses_id, "
        "t.effective_at, t.recorded_at, e.account_id, e.lot_id, e.amount "
        "FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id "
        "JOIN ledger_account a ON a.id = e.account_id WHERE a.unit_id = %s "
        "AND t.recorded_at >= %s AND t.recorded_at < %s "
        "AND (t.id > %s OR (t.id = %s AND e.id > %s)) ORDER BY t.id, e.id LIMIT %s",
        (
            unit_id,
            instants.stored(since or BEGINNING),
            instants.stored(until),
            after[0],
            *after,
            AT_ONCE,
        ),
    ):
        for row in rows:
            at = [instants.read(value).astimezone(dt.UTC).isoformat() for value in row[9:11]]
            chain.update(repr((*row[:9], *at, *row[11:])).encode())
        count, last, after = count + len(rows), rows[-1][0], (rows[-1][0], rows[-1][1])
    return chain.hexdigest(), count, last


def _balances(unit_id: int, until: dt.datetime) -> list[tuple[int, int]]:
    """Return what every account held by what was recorded before an instant."""
    return [
        (account_id, int(balance))
        for account_id, balance in bulk.select(
            "SELECT e.account_id, sum(e.amount) FROM ledger_entry e JOIN ledger_account a "
            "ON a.id = e.account_id JOIN ledger_transaction t ON t.id = e.transaction_id "
            "WHERE a.unit_id = %s AND t.recorded_at < %s GROUP BY e.account_id "
            "ORDER BY e.account_id",
            (unit_id, instants.stored(until)),
        )
    ]


def faults(
    shop_id: int | None = None, *, between: Callable[[], None] = lambda: None
) -> Iterator[Fault]:
    """Count the closed periods anew; return where hash, chain or balances differ."""
    closes = Close.objects.select_related("unit").order_by("unit_id", "until")
    if shop_id is not None:
        closes = closes.filter(shop_id=shop_id)
    before: Close | None = None
    for each in closes:
        between()
        if before and before.unit_id != each.unit_id:
            before = None
        what = f"close of {each.until:%Y-%m-%d %H:%M}"
        place = (each.shop_id, each.unit.code, what)
        previous = before.hash if before else ""
        if each.previous_hash != previous:
            yield Fault(*place, previous, each.previous_hash)
        digest, _count, _last = _digest(
            each.unit_id, before.until if before else None, each.until, previous=previous
        )
        if digest != each.hash:
            yield Fault(*place, digest, each.hash)
        kept = dict(CloseBalance.objects.filter(close=each).values_list("account_id", "balance"))
        counted = dict(_balances(each.unit_id, each.until))
        for account in sorted(kept.keys() | counted.keys()):
            if kept.get(account, 0) != counted.get(account, 0):
                yield Fault(
                    each.shop_id,
                    each.unit.code,
                    f"{what}, account {account}",
                    str(counted.get(account, 0)),
                    str(kept.get(account, 0)),
                )
        before = each
