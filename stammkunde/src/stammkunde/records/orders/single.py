"""Single orders: found, locked against a second writer, and answered once for each key."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from django.db import connection
from django.utils.translation import gettext_lazy as _

from stammkunde.core import bulk
from stammkunde.core.errors import Refused
from stammkunde.records.orders.models import Order, Request


def lock(shop_id: int, *, source: str, number: str) -> None:
    """Let nobody else write an order of this number until the transaction ends.

    SQLite has one writer anyway; PostgreSQL locks the number, which may not be a row yet.
    """
    if connection.vendor != "postgresql":
        return
    text = "\x1f".join((str(shop_id), source, number))
    place = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)
    bulk.run("SELECT pg_advisory_xact_lock(%s)", (place,))


def answered(shop_id: int, *, key: str, digest: str) -> int | None:
    """Return the order that a key was used for, None if it was not.

    Raises
    ------
    Refused
        It was used with other words.
    """
    if not key:
        return None
    found = Request.objects.filter(shop_id=shop_id, key=key).first()
    if found is None:
        return None
    if found.digest != digest:
        raise Refused(
            _("This key was used for something else. Use a new one."), name="request.differs"
        )
    return int(found.order_id)


def last_said(shop_id: int, *, source: str, numbers: Sequence[str]) -> dict[str, dt.datetime]:
    """Return when something was last said of orders of a channel, of those where it is known."""
    found = Order.objects.filter(shop_id=shop_id, source=source, external_id__in=numbers)
    known = found.filter(said_at__isnull=False).values_list("external_id", "said_at")
    return {number: at for number, at in known if at is not None}


def said(rows: Iterable[tuple[dt.datetime, int]]) -> None:
    """Note when the source said something of orders, given with their ids."""
    for at, order_id in rows:
        Order.objects.filter(pk=order_id).update(said_at=at)


def owners(
    shop_id: int, *, source: str, numbers: Sequence[str]
) -> dict[str, tuple[int | None, int | None]]:
    """Return the key and the customer of orders of a channel by their numbers."""
    found = Order.objects.filter(shop_id=shop_id, source=source, external_id__in=numbers)
    return {
        number: (key, customer)
        for number, key, customer in found.values_list("external_id", "key_id", "customer_id")
    }


def noted(shop_id: int, *, key: str, digest: str, order_id: int) -> None:
    """Note what a key was used for."""
    if key:
        Request.objects.create(shop_id=shop_id, key=key, digest=digest, order_id=order_id)
