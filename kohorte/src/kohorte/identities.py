"""Customers that were joined, with the numbers and addresses they are known by."""

from __future__ import annotations

from kohorte.engine import Engine
from kohorte.results import Listing

_EACH = "SELECT customer_id, key, rule FROM identities ORDER BY customer_id, rule, key"


def each(engine: Engine) -> Listing:
    """Return every number and address of every joined customer, and why it belongs there.

    Columns: customer, key, rule. A customer that one number or address tells is not listed.
    """
    return Listing(("customer", "key", "rule"), tuple(engine.cursor(_EACH).fetchall()))
