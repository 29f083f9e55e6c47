"""Turns: whatever changes whom the records of a shop know waits for the others of that shop.

Programs that write, joins by hand, bookings of whoever was joined, erasures and the beginning of a
publication or its undoing take turns. So none waits for another in a circle, and nobody is written anew
while being forgotten.
"""

from __future__ import annotations

import hashlib

from django.db import connection

from stammkunde.core import bulk


def take(shop_id: int) -> None:
    """Wait for the turn of a shop and keep it until the transaction ends; within one it is taken once.

    It is taken before anything else is locked. SQLite has one writer anyway; PostgreSQL locks a number
    that stands for the shop.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A turn is taken within a transaction.")
    if connection.vendor == "postgresql":
        place = hashlib.sha256(f"turn {shop_id}".encode()).digest()[:8]
        number = int.from_bytes(place, "big", signed=True)
        bulk.run("SELECT pg_advisory_xact_lock(%s)", (number,))
