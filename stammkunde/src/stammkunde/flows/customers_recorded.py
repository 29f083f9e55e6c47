"""What happens when customers are recorded by themselves, from top to bottom, in one transaction.

Whoever was erased is not brought back by a list of customers: only an order placed since then is
somebody new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock, turns
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.features.wallets import services as wallets
from stammkunde.flows.rows_recorded import Who
from stammkunde.insights import services as insights
from stammkunde.records.customers import identity, tombstones
from stammkunde.records.customers import services as customers
from stammkunde.records.customers.identity import About
from stammkunde.records.customers.models import Customer
from stammkunde.records.customers.rules import SaidKey
from stammkunde.records.orders import services as orders

TOLD = ("name", "phone", "country")


@dataclass(frozen=True)
class Recorded:
    """The customer, and what became of what was said: new, changed, the same as before, or erased."""

    customer_id: int | None
    outcome: Literal["new", "changed", "same", "erased"]


@transaction.atomic
def record(
    shop: Shop, people: Sequence[Who], *, actor: Actor, source: str = "shop"
) -> list[Recorded]:
    """Record customers; return what became of each.

    Parameters
    ----------
    people
        Each with a number or an address; what else is said replaces what was known.
    source
        The channel within which customer numbers count.

    Raises
    ------
    Refused
        Somebody has neither a number nor an address.
    """
    turns.take(shop.pk)
    buried = tombstones.of_shop(shop.pk)
    named: list[tuple[list[SaidKey], About]] = []
    erased: list[bool] = []
    for who in people:
        keys = who.keys(source=source)
        certain = [key for key in keys if key.kind != "phone"]
        if not certain:
            raise Refused(
                _("A customer needs a number or an e-mail address of its own."),
                name="customer.is_nobody",
                fields={"number": _("A number or an e-mail address is needed.")},
            )
        is_erased = any(buried.erased_at(key) is not None for key in keys)
        phone = next((key.value for key in keys if key.kind == "phone"), "")
        about = About(name=who.name.strip(), phone=phone, country=who.country.strip())
        named.append(([] if is_erased else certain, about))
        erased.append(is_erased)
    before = customers.known(shop, [keys for keys, _about in named])
    known = customers.know_all(shop, named, actor=actor)
    ids = [owner for _key, owner in known.owners]
    told = _tell(ids, [about for _keys, about in named])
    if known.are_left:
        settled = identity.settle(shop.pk, known.keys, actor=actor)
        orders.follow(settled.moved)
        wallets.follow(shop, settled.customers)
        orders.count(shop.pk, settled.customers, zone=shop.zone)
    found = [_recorded(*row) for row in zip(ids, erased, before, told, strict=True)]
    _note(shop, found, actor=actor)
    return found


def _tell(ids: Sequence[int | None], abouts: Sequence[About]) -> list[bool]:
    """Let customers be called as was said; return of which something changed."""
    known = Customer.objects.in_bulk([each for each in ids if each is not None])
    changed = []
    for customer_id, about in zip(ids, abouts, strict=True):
        customer = known.get(customer_id or 0)
        values = {name: getattr(about, name) for name in TOLD if getattr(about, name)}
        differs = customer is not None and any(
            getattr(customer, name) != value for name, value in values.items()
        )
        if customer is not None and differs:
            for name, value in values.items():
                setattr(customer, name, value)
            Customer.objects.filter(pk=customer.pk).update(**values, changed_at=clock.now())
        changed.append(differs)
    return changed


def _recorded(
    customer_id: int | None, is_erased: bool, before: bool | None, is_changed: bool
) -> Recorded:
    if is_erased:
        return Recorded(None, "erased")
    if before is None:
        return Recorded(customer_id, "new")
    return Recorded(customer_id, "same" if before and not is_changed else "changed")


def _note(shop: Shop, found: Sequence[Recorded], *, actor: Actor) -> None:
    outcomes = [each.outcome for each in found]
    new, changed = outcomes.count("new"), outcomes.count("changed")
    if new or changed:
        orders.touch(shop.pk, "identity")
        insights.follow(shop.pk)
        audit.note(
            "records.written",
            actor=actor,
            shop_id=shop.pk,
            counts={"new": {"customers": new}, "changed": {"customers": changed}},
        )
