"""Period closes: what was recorded up to an instant is fixed by a hash that chains it to what came before.

A close takes the transactions recorded since the one before it, in the order of their ids, with their entries in
the unit. What is booked later is recorded later, whenever it took effect: a closed period never grows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from stammkunde.core import bulk, clock
from stammkunde.core.audit import services as log
from stammkunde.core.audit.services import Actor
from stammkunde.core.shops.models import Shop
from stammkunde.ledger import instants, reading, refusals
from stammkunde.ledger.models import Close, CloseBalance, Unit

AT_ONCE = 10_000
# The index of what was recorded when begins with the shop.
_OF_SHOP = "t.shop_id = (SELECT u.shop_id FROM ledger_unit u WHERE u.id = %s)"
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold."""

    shop_id: int
    unit: str
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Period:
    """What was recorded between two closes: hash, how many entries, last transaction, latest to take effect."""

    hash: str
    count: int
    last_id: int | None
    latest_at: dt.datetime | None


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
    period = _digest(row.pk, since, until, previous=before.hash if before else "")
    balances, sums = Counter(_kept(before)), Counter(before.sums if before else {})
    for account_id, role, amount in _added(row.pk, since, until):
        balances[account_id] += amount
        sums[role] += amount
    made = Close.objects.create(
        shop_id=shop_id,
        unit=row,
        until=until,
        last_id=period.last_id,
        count=period.count,
        sums=dict(sums),
        latest_at=_later(before.latest_at if before else None, period.latest_at),
        previous_hash=before.hash if before else "",
        hash=period.hash,
    )
    rows = [(made.pk, account_id, amount) for account_id, amount in balances.items() if amount]
    bulk.insert("ledger_closebalance", ("close_id", "account_id", "balance"), rows)
    log.note(
        "ledger.closed",
        actor=actor,
        shop_id=shop_id,
        about=("unit", row.pk),
        until=until.isoformat(),
    )
    return made


def close_months(shop: Shop, *, actor: Actor) -> int:
    """Close what was recorded before this month, by the shop's clock, for each unit; return for how many."""
    until = clock.midnight(clock.today(shop.zone).replace(day=1), shop.zone)
    closed = Close.objects.filter(unit=OuterRef("pk"), until__gte=until)
    due = Unit.objects.filter(~Exists(closed), shop=shop).order_by("pk")
    codes = list(due.values_list("code", flat=True))
    for code in codes:
        close(shop.pk, code, until=until, actor=actor)
    return len(codes)


def _later(*instants: dt.datetime | None) -> dt.datetime | None:
    return max((at for at in instants if at), default=None)


def _kept(close: Close | None) -> dict[int, int]:
    if close is None:
        return {}
    return dict(CloseBalance.objects.filter(close=close).values_list("account_id", "balance"))


def _digest(
    unit_id: int, since: dt.datetime | None, until: dt.datetime, *, previous: str
) -> Period:
    chain = hashlib.sha256(previous.encode())
    count, last, latest = 0, None, None
    after = (0, 0)
    while rows := bulk.select(
        "SELECT t.id, e.id, t.scope, t.key, t.body_hash, t.kind, t.cause, t.source, t.reverses_id, "
        "t.effective_at, t.recorded_at, e.account_id, e.lot_id, e.amount "
        "FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id "
        f"JOIN ledger_account a ON a.id = e.account_id WHERE a.unit_id = %s AND {_OF_SHOP} "
        "AND t.recorded_at >= %s AND t.recorded_at < %s "
        "AND (t.id > %s OR (t.id = %s AND e.id > %s)) ORDER BY t.id, e.id LIMIT %s",
        (
            unit_id,
            unit_id,
            instants.stored(since or BEGINNING),
            instants.stored(until),
            after[0],
            *after,
            AT_ONCE,
        ),
    ):
        for row in rows:
            at = [instants.read(value).astimezone(dt.UTC) for value in row[9:11]]
            latest = max(latest or at[0], at[0])
            told = [each.isoformat() for each in at]
            chain.update(repr((*row[:9], *told, *row[11:])).encode())
        count, last, after = count + len(rows), rows[-1][0], (rows[-1][0], rows[-1][1])
    return Period(chain.hexdigest(), count, last, latest)


def _added(
    unit_id: int, since: dt.datetime | None, until: dt.datetime
) -> list[tuple[int, str, int]]:
    """Return by how much each account changed by what was recorded in a period, with its role."""
    return [
        (account_id, role, int(amount))
        for account_id, role, amount in bulk.select(
            "SELECT e.account_id, a.role, sum(e.amount) FROM ledger_entry e JOIN ledger_account a "
            "ON a.id = e.account_id JOIN ledger_transaction t ON t.id = e.transaction_id "
            f"WHERE a.unit_id = %s AND {_OF_SHOP} "
            "AND t.recorded_at >= %s AND t.recorded_at < %s "
            "GROUP BY e.account_id, a.role ORDER BY e.account_id",
            (unit_id, unit_id, instants.stored(since or BEGINNING), instants.stored(until)),
        )
    ]


def faults(
    shop_id: int | None = None, *, between: Callable[[], None] = lambda: None
) -> Iterator[Fault]:
    """Count the closed periods anew, from zero on; return where hash, chain, balances or sums differ."""
    closes = Close.objects.select_related("unit").order_by("unit_id", "until")
    if shop_id is not None:
        closes = closes.filter(shop_id=shop_id)
    before: Close | None = None
    balances, sums, latest = Counter[int](), Counter[str](), None
    for each in closes:
        between()
        if before is None or before.unit_id != each.unit_id:
            before, latest = None, None
            balances, sums = Counter(), Counter()
        place = (each.shop_id, each.unit.code)
        what = f"close of {each.until:%Y-%m-%d %H:%M}"
        since, previous = (before.until, before.hash) if before else (None, "")
        period = _digest(each.unit_id, since, each.until, previous=previous)
        for account_id, role, amount in _added(each.unit_id, since, each.until):
            balances[account_id] += amount
            sums[role] += amount
        latest = _later(latest, period.latest_at)
        for expected, found in (
            (previous, each.previous_hash),
            (period.hash, each.hash),
            (latest, each.latest_at),
        ):
            if expected != found:
                yield Fault(*place, what, str(expected), str(found))
        compared: tuple[tuple[str, Mapping[Any, int], Mapping[Any, int]], ...] = (
            ("account", balances, _kept(each)),
            ("role", sums, each.sums),
        )
        for name, counted, told in compared:
            for key in sorted(counted.keys() | told.keys()):
                if counted.get(key, 0) != told.get(key, 0):
                    expected, found = str(counted.get(key, 0)), str(told.get(key, 0))
                    yield Fault(*place, f"{what}, {name} {key}", expected, found)
        before = each
