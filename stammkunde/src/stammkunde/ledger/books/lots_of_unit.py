"""The lots of a unit as liability reads them: by month of earning, end and value, and what became of them."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from decimal import Decimal

from django.db import connection

from stammkunde.ledger.liability.lots import Cohort, Door, LotTable, Movement, month_number

_MINUTE = {
    "sqlite": "substr({column}, 1, 16)",
    "postgresql": "to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')",
}
# What a booking did to a lot net, over the roles of its owner: reservations and ripening do nothing.
_MOVEMENTS = """
SELECT {earned} AS earned, {expires} AS expires, lot.unit_value_minor AS value, {at} AS happened,
       COALESCE(mirrored.kind, booking.kind) AS kind, moved.transaction_id = lot.origin_id AS is_new,
       moved.net > 0 AS is_in, SUM(moved.net) AS amount
FROM (
    SELECT entry.lot_id, entry.transaction_id, SUM(entry.amount) AS net
    FROM ledger_entry AS entry
    JOIN ledger_account AS account ON account.id = entry.account_id
    WHERE account.unit_id = %s AND account.role IN ('pending', 'available', 'held')
      AND entry.lot_id IS NOT NULL
    GROUP BY entry.lot_id, entry.transaction_id
    HAVING SUM(entry.amount) <> 0
) AS moved
JOIN ledger_transaction AS booking ON booking.id = moved.transaction_id
LEFT JOIN ledger_transaction AS mirrored ON mirrored.id = booking.reverses_id
JOIN ledger_lot AS lot ON lot.id = moved.lot_id
JOIN ledger_transaction AS origin ON origin.id = lot.origin_id
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
_USED = frozenset({"spend", "capture", "donate"})
_RETURNED = frozenset({"return", "cancel"})


def lots_of_unit(unit_id: int, *, zone: str, unit_value: Decimal | None) -> LotTable:
    """Return everything that happened to the lots of a unit, by months of the shop's zone.

    Parameters
    ----------
    unit_value
        Minor units of money for one unit, where a lot does not say its own.
    """
    local = zoneinfo.ZoneInfo(zone)
    months: dict[str, int] = {}

    def month(minute: str) -> int:
        if minute not in months:
            at = dt.datetime.fromisoformat(minute).replace(tzinfo=dt.UTC)
            months[minute] = month_number(at.astimezone(local).date())
        return months[minute]

    amounts: defaultdict[tuple[Cohort, int, Door], int] = defaultdict(int)
    for earned, expires, value, happened, kind, is_new, is_in, amount in _rows(unit_id):
        worth = unit_value if value is None else Decimal(value)
        cohort = Cohort(month(earned), month(expires) if expires else None, worth)
        door, sign = _door(kind, is_new=bool(is_new), is_in=bool(is_in))
        # What is booked for a time before the lot was earned counts when it was.
        at = max(month(happened), cohort.earned)
        amounts[cohort, at, door] += sign * int(amount)
    return LotTable.of(
        Movement(cohort, at, door, amount)
        for (cohort, at, door), amount in amounts.items()
        if amount
    )


def _door(kind: str, *, is_new: bool, is_in: bool) -> tuple[Door, int]:
    """Return the door that a booking took, and with which sign its net amount counts there."""
    if is_new and is_in:
        return "issued", 1
    if kind == "expire":
        return "expired", -1
    if kind in _USED or (kind in _RETURNED and is_in):
        return "redeemed", -1
    return "removed", -1


def _rows(unit_id: int) -> list[tuple[str, str | None, int | None, str, str, bool, bool, int]]:
    minute = _MINUTE[connection.vendor]
    statement = _MOVEMENTS.format(
        earned=minute.format(column="origin.effective_at"),
        expires=minute.format(column="lot.expires_at"),
        at=minute.format(column="booking.effective_at"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [unit_id])
        return list(cursor.fetchall())
