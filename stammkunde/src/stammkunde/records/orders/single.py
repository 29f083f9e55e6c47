"""Single orders: found, locked against a second writer, and answered once for each key."""

from __future__ import annotations

import hashlib

from django.db import connection
from django.utils.translation import gettext_lazy as _

from stammkunde.core import bulk
from stammkunde.core.errors import Refused
from stammkunde.records.orders.models import Order, Request
from stammkunde.records.orders.rules import Said


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


def find(shop_id: int, *, source: str, number: str) -> Order | None:
    """Return an order of a channel by its number."""
    return Order.objects.filter(shop_id=shop_id, source=source, external_id=number).first()


def noted(shop_id: int, *, source: str, order: Said, key: str, digest: str) -> int:
    """Note when the source said it, and what the key was used for; return the order's id."""
    found = Order.objects.filter(shop_id=shop_id, source=source, external_id=order.number)
    if order.said_at:
        found.update(said_at=order.said_at)
    order_id = int(found.values_list("id", flat=True).get())
    if key:
        Request.objects.create(shop_id=shop_id, key=key, digest=digest, order_id=order_id)
    return order_id
