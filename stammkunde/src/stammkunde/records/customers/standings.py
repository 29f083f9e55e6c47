"""Standings in the store: written by the thousand, taken away with their customers, and read.

They are computed above, from the history of the whole shop. Whoever was merged or erased meanwhile is
never written, for writing takes turns with joining and forgetting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from kohorte.conditions.customers import RFM_GROUPS
from stammkunde.core import bulk, turns
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers.models import Basis, Standing

TABLE = "customers_standing"
# So many are written in one transaction, while others who write wait.
CHUNK = 10_000
_LIVING = "c.shop_id = %s AND c.merged_into_id IS NULL AND c.erased_at IS NULL"


def group(place: int | None) -> str | None:
    """Return the group of the RFM map that a place stands for.

    >>> group(1), group(None)
    ('champions', None)
    """
    return RFM_GROUPS[place - 1] if place else None


def is_overdue(standing: Standing, *, as_of: dt.date | None, window_days: int) -> bool | None:
    """Return whether a customer has waited longer than four of five who came back, but less than w days.

    None where no pause of any customer is known to go by.
    """
    if standing.late_on is None or standing.last_on is None or as_of is None:
        return None
    return standing.late_on < as_of and standing.last_on > as_of - dt.timedelta(days=window_days)


def basis(shop: Shop) -> Basis:
    """Return what the standings of a shop rest on; an empty one where there are none yet."""
    return Basis.objects.filter(shop=shop).first() or Basis(shop=shop)


def rest_on(shop: Shop, **said: Any) -> None:
    """Note what the standings of a shop rest on."""
    Basis.objects.update_or_create(shop=shop, defaults=said)


def put(shop_id: int, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write standings, each with the customer's id first; those of nobody who lives are left out.

    The day of the last order is taken from the customer.
    """
    with transaction.atomic():
        turns.take(shop_id)
        names = ", ".join(columns)
        written = ("last_order_on", *columns[1:])
        changed = ", ".join(f"{name} = excluded.{name}" for name in written)
        _stage(columns, rows)
        bulk.run(
            f"INSERT INTO {TABLE} (shop_id, last_order_on, {names}) SELECT c.shop_id, c.last_order_on, "
            f"{', '.join(f'i.{name}' for name in columns)} FROM incoming_standing i "
            f"JOIN customers_customer c ON c.id = i.customer_id WHERE {_LIVING} "
            f"ON CONFLICT (customer_id) DO UPDATE SET {changed}",
            (shop_id,),
        )
        bulk.run("DROP TABLE incoming_standing")


def change(shop_id: int, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Change some columns of standings that there are, each row with the customer's id first."""
    with transaction.atomic():
        turns.take(shop_id)
        _stage(columns, rows)
        changed = ", ".join(f"{name} = i.{name}" for name in columns[1:])
        bulk.run(
            f"UPDATE {TABLE} SET {changed} FROM incoming_standing i "
            f"WHERE {TABLE}.customer_id = i.customer_id AND {TABLE}.shop_id = %s",
            (shop_id,),
        )
        bulk.run("DROP TABLE incoming_standing")


def _stage(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    bulk.run(
        f"CREATE TEMP TABLE incoming_standing AS SELECT {', '.join(columns)} FROM {TABLE} LIMIT 0"
    )
    bulk.insert("incoming_standing", columns, rows)


def follow(customer_ids: Sequence[int]) -> None:
    """Let standings bear the day of the last order as it was just counted.

    It belongs into the transaction that counted, which has the shop's turn: a standing that is written
    meanwhile would not be seen here, nor the new day there.
    """
    condition, values = bulk.among("c.id", customer_ids)
    bulk.run(
        f"UPDATE {TABLE} SET last_order_on = c.last_order_on FROM customers_customer c "
        f"WHERE c.id = {TABLE}.customer_id AND {condition} "
        f"AND ({TABLE}.last_order_on <> c.last_order_on "
        f"OR ({TABLE}.last_order_on IS NULL) <> (c.last_order_on IS NULL))",
        (values,),
    )


def drop(shop_id: int, customer_ids: Sequence[int]) -> None:
    """Take standings away."""
    with transaction.atomic():
        condition, values = bulk.among("customer_id", customer_ids)
        bulk.run(f"DELETE FROM {TABLE} WHERE shop_id = %s AND {condition}", (shop_id, values))


def forget(customer_ids: Collection[int]) -> None:
    """Take away the standings of customers who are joined with others or erased."""
    Standing.objects.filter(customer_id__in=list(customer_ids)).delete()


def pauses(basis: Basis, purchase_days: int, *, together_from: int) -> int:
    """Return how many finished pauses the shop's curve for a customer rests on."""
    known: Mapping[str, int] = basis.pauses
    own = str(min(purchase_days, together_from))
    return int(known.get(own) or known.get("0") or 0)
