"""What happens when one order is recorded, from top to bottom, in one transaction.

Every door for single orders calls it. The same key with the same words is answered the same and changes
nothing; so does an order that the records know already, and a word that is older than the last one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kohorte.tables import STATES
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.insights import services as insights
from stammkunde.records.customers import rules as people
from stammkunde.records.customers import services as customers
from stammkunde.records.customers import tombstones
from stammkunde.records.customers.identity import About
from stammkunde.records.orders import rules, single, writing
from stammkunde.records.orders import services as orders
from stammkunde.records.orders.rules import Said
from stammkunde.records.orders.writing import Origin


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
    single.lock(shop.pk, source=source, number=order.number)
    if known := single.answered(shop.pk, key=key, digest=digest):
        return Recorded(known, "same")
    before = single.find(shop.pk, source=source, number=order.number)
    if before and order.said_at and before.said_at and order.said_at < before.said_at:
        return Recorded(before.pk, "outdated")
    owner = _known(shop, order, source=source, actor=actor)
    origin = Origin(shop_id=shop.pk, source=source, actor=actor)
    outcome = writing.write(rules.ORDERS, [rules.incoming(order, key=owner)], origin=origin)
    order_id = single.noted(shop.pk, source=source, order=order, key=key, digest=digest)
    if outcome.same:
        return Recorded(order_id, "same")
    met = {owner[1], before.customer_id if before else None} - {None}
    orders.count(shop.pk, [each for each in met if each], zone=shop.zone)
    orders.touch(shop.pk, "orders", [order_id])
    insights.follow(shop.pk)
    audit.note(
        "order.recorded" if outcome.new else "order.changed",
        actor=actor,
        shop_id=shop.pk,
        about=("order", order_id),
    )
    return Recorded(order_id, "new" if outcome.new else "changed")


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


def _known(shop: Shop, order: Said, *, source: str, actor: Actor) -> tuple[int | None, int | None]:
    """Return the key and the customer of an order; of one from before an erasure, nobody."""
    buried = tombstones.of_shop(shop.pk)
    said = [
        key
        for key in (
            people.number(order.customer_number, source=source),
            people.email(order.email),
            people.phone(order.phone, country=order.country),
        )
        if key is not None
    ]
    if any(
        (erased_at := buried.erased_at(key)) is not None and order.placed_at <= erased_at
        for key in said
    ):
        return (None, None)
    about = About(name=order.name.strip(), phone="", country=order.country.strip())
    named = [key for key in said if key.kind != "phone"]
    phone = next((key.value for key in said if key.kind == "phone"), "")
    return customers.know(shop, named, about=replace(about, phone=phone), actor=actor)
