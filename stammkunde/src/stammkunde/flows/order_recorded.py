"""What happens when orders are recorded: one, or many at once, by the way that rows of any kind take.

Every door for orders calls it. The same key with the same words is answered the same and changes
nothing; so does an order that the records know already, and a word that is older than the last one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kohorte.tables import STATES
from stammkunde.core import turns
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.flows import rows_recorded
from stammkunde.flows.rows_recorded import Row, Who
from stammkunde.records.orders import rules, single
from stammkunde.records.orders.rules import Said


@dataclass(frozen=True)
class Recorded:
    """The order, and what became of it: new, changed, the same as before, or outdated."""

    order_id: int
    outcome: Literal["new", "changed", "same", "outdated"]


@transaction.atomic
def record(
    shop: Shop, order: Said, *, actor: Actor, key: str = "", source: str = "shop"
) -> Recorded:
    """Record one order.

    Parameters
    ----------
    key
        Made by the caller, one for each thing it wants once.

    Raises
    ------
    Refused
        Something about it cannot be, or the key was used for something else.
    """
    order = _proper(order, shop=shop)
    digest = _digest(order, source=source)
    turns.take(shop.pk)
    single.lock(shop.pk, source=f"{rules.ORDERS.name} {source}", number=order.number)
    if known := single.answered(shop.pk, key=key, digest=digest):
        return Recorded(known, "same")
    (found,) = record_all(shop, [order], source=source, actor=actor)
    if found.outcome != "outdated":
        single.noted(shop.pk, key=key, digest=digest, order_id=found.order_id)
    return found


def record_all(
    shop: Shop, orders: Sequence[Said], *, actor: Actor, source: str = "shop"
) -> list[Recorded]:
    """Record many orders in one transaction, each number once; return what became of each.

    Raises
    ------
    Refused
        Something about one of them cannot be; then none of them is recorded.
    """
    rows = [row(order, shop=shop) for order in orders]
    found = rows_recorded.record(shop, rules.ORDERS, rows, source=source, actor=actor)
    return [Recorded(each.row_id, each.outcome) for each in found]


def row(order: Said, *, shop: Shop) -> Row:
    """Return an order as rows of any kind are recorded.

    Raises
    ------
    Refused
        Something about it cannot be; the fields say what.
    """
    order = _proper(order, shop=shop)
    who = Who(
        number=order.customer_number,
        email=order.email,
        phone=order.phone,
        name=order.name,
        country=order.country,
    )
    said = rules.incoming(order, key=(None, None))
    return Row(said=said, who=who, said_at=order.said_at)


def _proper(order: Said, *, shop: Shop) -> Said:
    """Return an order that the records can take."""
    currency = order.currency or shop.currency
    wrong = {
        "number": not order.number.strip() or len(order.number) > 250 or "\0" in order.number,
        "placed_at": order.placed_at.tzinfo is None or not 1900 <= order.placed_at.year <= 2200,
        "state": order.state not in STATES,
        "amount_minor": order.amount_minor is not None and not 0 <= order.amount_minor < 2**53,
        "currency": currency != shop.currency,
        "lines": len(order.lines) > 5_000,
    }
    if fields := {name: _("This value cannot be.") for name, is_wrong in wrong.items() if is_wrong}:
        raise Refused(_("The order cannot be recorded."), name="order.invalid", fields=fields)
    return replace(order, number=order.number.strip(), currency=currency)


def _digest(order: Said, *, source: str) -> str:
    text = json.dumps([source, asdict(order)], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
