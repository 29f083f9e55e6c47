"""Mature, expire, lapse: what time does to lots and holds, in pieces, each lot or hold a transaction of its own.

A tick finds what is due by its state and looks again under the locks: one that is repeated posts nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from stammkunde.core import bulk
from stammkunde.ledger import answers, holding, instants, reading, refusals, rules, writing
from stammkunde.ledger.book import Book, Hold, Lot, Posting
from stammkunde.ledger.commands import Tick
from stammkunde.ledger.models import LAPSED, OPEN
from stammkunde.ledger.posting import opened

# So many in one transaction: half a second, for which nobody else writes on SQLite.
LIMIT = 5_000
_OWNER = "x.unit_id, x.owner_kind, x.owner_id"


def mature(
    shop_id: int, unit: str | None = None, *, effective_at: dt.datetime, limit: int = LIMIT
) -> Tick:
    """Let pending lots become available whose time has come; debt is repaid first.

    Parameters
    ----------
    unit
        The code of one; all of the shop unless given.
    effective_at
        What is due by then is booked as of the instant at which it was due.
    limit
        At most so many lots.
    """
    condition = "x.pending > 0 AND x.available_at <= %s"
    return _tick("ledger_lot x", condition, "x.available_at", _mature, **_arguments(locals()))


def expire(
    shop_id: int, unit: str | None = None, *, effective_at: dt.datetime, limit: int = LIMIT
) -> Tick:
    """Let what is open of lots expire, but for what is held; arguments as for `mature`."""
    condition = (
        "(x.pending > 0 OR x.available > 0) AND x.expires_at IS NOT NULL AND x.expires_at <= %s"
    )
    return _tick("ledger_lot x", condition, "x.expires_at", _expire, **_arguments(locals()))


def lapse(
    shop_id: int, unit: str | None = None, *, effective_at: dt.datetime, limit: int = LIMIT
) -> Tick:
    """Release holds whose time is over; arguments as for `mature`."""
    condition = f"x.state = '{OPEN}' AND x.expires_at <= %s"
    return _tick("ledger_hold x", condition, "x.expires_at", _lapse, **_arguments(locals()))


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("shop_id", "unit", "effective_at", "limit")}


@transaction.atomic
def _tick(
    table: str,
    condition: str,
    due: str,
    work: Any,
    *,
    shop_id: int,
    unit: str | None,
    effective_at: dt.datetime,
    limit: int,
) -> Tick:
    units = reading.units_of(shop_id, unit)
    if unit is not None and not units:
        raise refusals.UnknownUnit
    if not units:
        return Tick(0, 0, more=False)
    among, ids = bulk.among("x.unit_id", [each.id for each in units.values()])
    rows = bulk.select(
        f"SELECT x.id, {_OWNER} FROM {table} WHERE {among} AND {condition} "
        f"ORDER BY {due}, x.id LIMIT %s",
        (ids, instants.stored(effective_at), limit + 1),
    )
    more, rows = len(rows) > limit, rows[:limit]
    if not rows:
        return Tick(0, 0, more=False)
    wanted = list(dict.fromkeys((row[1], row[2], row[3]) for row in rows))
    book = opened(units, wanted, expected={"ledger_transaction": len(rows)})
    done: list[tuple[Posting, int]] = work(book, [row[0] for row in rows])
    book.postings += [posting for posting, _amount in done]
    if done:
        said = [answers.packed(answers.said(posting)) for posting in book.postings]
        writing.write(book, said)
    return Tick(len(done), sum(amount for _posting, amount in done), more)


def _posting(book: Book, lot: Lot | Hold, kind: str, due: dt.datetime) -> Posting:
    holder = book.holder_of(lot)
    id_ = book.draw("ledger_transaction")
    return Posting(
        id=id_,
        shop_id=holder.unit.shop_id,
        scope=kind,
        # A lot may become due again, once a hold gives something back to it.
        key=f"{lot.id}@{due.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}/{id_}",
        body_hash="",
        kind=kind,
        effective_at=due,
        holder=holder,
    )


def _mature(book: Book, ids: Sequence[int]) -> list[tuple[Posting, int]]:
    book.keep(reading.lots(ids))
    done = []
    # Where there is debt, the lots that would be spent first repay it.
    for lot in rules.by_expiry(book.lots.values()):
        if amount := lot.pending:
            posting = _posting(book, lot, "mature", lot.available_at)
            posting.lots.append((lot.id, amount))
            posting.out(book.holder_of(lot), "pending", lot, amount)
            posting.credit(book.holder_of(lot), lot, amount)
            done.append((posting, amount))
    return done


def _expire(book: Book, ids: Sequence[int]) -> list[tuple[Posting, int]]:
    book.keep(reading.lots(ids))
    done = []
    for lot in book.lots.values():
        amount = lot.pending + lot.available
        if amount and lot.expires_at:
            posting, holder = _posting(book, lot, "expire", lot.expires_at), book.holder_of(lot)
            posting.lots.append((lot.id, amount))
            posting.out(holder, "pending", lot, lot.pending)
            posting.out(holder, "available", lot, lot.available)
            posting.system(holder.unit.accounts["breakage"], lot, amount)
            done.append((posting, amount))
    return done


def _lapse(book: Book, ids: Sequence[int]) -> list[tuple[Posting, int]]:
    among, values = bulk.among("h.id", list(ids))
    holding.keep(book, reading.holds_where(among, (values,)))
    done = []
    for hold in book.holds.values():
        if hold.state == OPEN:
            posting = _posting(book, hold, "lapse", hold.expires_at)
            posting.hold_id = hold.id
            holding.end(book, posting, hold, state=LAPSED)
            done.append((posting, sum(amount for _lot, amount in hold.parts)))
    return done
