"""Verbs about orders and what stands beside them."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from stammkunde.core import bulk, clock, turns
from stammkunde.records.customers import standings
from stammkunde.records.orders import rules
from stammkunde.records.orders.models import Change, Mark, Version
from stammkunde.records.orders.writing import stamp

COUNTED = "('counted', 'open')"
COUNTERS = (
    *("orders", "revenue_minor", "refunded_minor", "first_order_on", "last_order_on"),
    "changed_at",
)


def follow(key_ids: Sequence[int]) -> None:
    """Let all rows that came with some keys belong to these keys' customers."""
    for kind in rules.OF_PERSONS:
        for some in bulk.parts(key_ids):
            condition, values = bulk.among("key_id", some)
            bulk.run(
                f"UPDATE {kind.table} SET customer_id = (SELECT k.customer_id FROM customers_key k "
                f"WHERE k.id = {kind.table}.key_id) WHERE {condition}",
                (values,),
            )


def count(shop_id: int, customer_ids: Collection[int], *, zone: str) -> None:
    """Count the orders, revenue, refunds and first and last local day of customers anew.

    Orders that do not count, such as cancelled ones, are left out; days are the shop's. It takes turns with
    whoever writes standings, which bear the last day as well.
    """
    local = zoneinfo.ZoneInfo(zone)
    for some in bulk.parts(sorted(customer_ids), 5_000):
        with transaction.atomic():
            turns.take(shop_id)
            bulk.update("customers_customer", COUNTERS, list(_counted(some, local)))
            standings.follow(some)


def _counted(customer_ids: Sequence[int], zone: zoneinfo.ZoneInfo) -> Iterator[tuple[Any, ...]]:
    """Yield the `COUNTERS` of customers, each before the customer's id."""
    now = stamp(clock.now())
    condition, values = bulk.among("customer_id", customer_ids)
    found = {
        row[0]: row[1:]
        for row in bulk.select(
            "SELECT customer_id, count(*), coalesce(sum(amount_minor), 0), min(placed_at), "
            "max(placed_at) FROM orders_order "
            f"WHERE {condition} AND deleted_at IS NULL AND state IN {COUNTED} "
            "GROUP BY customer_id",
            (values,),
        )
    }
    refunded = dict(
        bulk.select(
            "SELECT customer_id, coalesce(sum(amount_minor), 0) FROM orders_refund "
            f"WHERE {condition} AND deleted_at IS NULL GROUP BY customer_id",
            (values,),
        )
    )
    for customer_id in customer_ids:
        orders, revenue, first, last = found.get(customer_id, (0, 0, None, None))
        yield (
            *(orders, int(revenue), int(refunded.get(customer_id, 0))),
            *(_day(first, zone), _day(last, zone), now, customer_id),
        )


def _day(at: dt.datetime | str | None, zone: zoneinfo.ZoneInfo) -> str | None:
    if at is None:
        return None
    instant = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    return instant.astimezone(zone).date().isoformat()


@transaction.atomic
def touch(shop_id: int, what: str = "everything", ids: Collection[int] = ()) -> int:
    """Note that the records of a shop changed, and what did; return the new number.

    Whoever else changes the shop's records waits until the transaction ends: numbers follow the order
    in which changes are seen.

    Parameters
    ----------
    what, ids
        As in `Change`.
    """
    Mark.objects.get_or_create(shop_id=shop_id)
    Mark.objects.filter(shop_id=shop_id).update(number=F("number") + 1)
    number = int(Mark.objects.values_list("number", flat=True).get(shop_id=shop_id))
    Change.objects.create(shop_id=shop_id, number=number, what=what, ids=sorted(ids))
    return number


def customers_of_import(shop_id: int, import_id: int) -> set[int]:
    """Return the customers whose orders or refunds an import brought or changed."""
    found: set[int] = set()
    for kind in (rules.ORDERS, rules.REFUNDS):
        found |= {
            customer
            for (customer,) in bulk.select(
                f"SELECT DISTINCT customer_id FROM {kind.table} WHERE shop_id = %s "
                "AND changed_by = %s AND customer_id IS NOT NULL",
                (shop_id, import_id),
            )
        }
    return found


def customers_before(shop_id: int, import_id: int) -> set[int]:
    """Return the customers that rows had before an import changed them."""
    found = Version.objects.filter(
        shop_id=shop_id, import_id=import_id, kind__in=("orders", "refunds")
    ).values_list("before__customer_id", flat=True)
    return {int(customer) for customer in found.iterator() if customer is not None}
