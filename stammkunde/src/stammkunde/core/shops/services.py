"""Verbs that change shops; those of the team and of tokens stand in modules of their own and are given on."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.people.models import Person
from stammkunde.core.shops import queries, rules
from stammkunde.core.shops.models import Membership, Shop, ShopVersion
from stammkunde.core.shops.team import (
    INVITATION_DAYS,
    accept,
    give_role,
    invite,
    remove,
    withdraw_invitation,
)
from stammkunde.core.shops.tokens import TOKEN_DAYS_MAX, make_token, withdraw_token
from stammkunde.core.shops.validity import require_valid

__all__ = [
    "DECISIONS",
    "INVITATION_DAYS",
    "TOKEN_DAYS_MAX",
    "accept",
    "change",
    "found",
    "give_role",
    "invite",
    "make_token",
    "remove",
    "withdraw_invitation",
    "withdraw_token",
]

DECISIONS = (
    "name",
    "zone",
    "currency",
    "language",
    "week_start",
    "tax_view",
    "payment_days",
    "window_days",
    "brand_color",
)


@transaction.atomic
def found(name: str, *, owner: Person | None, actor: Actor, **decisions: Any) -> Shop:
    """Found a shop and make its first owner.

    Raises
    ------
    Refused
        A decision cannot be; the sentences stand at their fields.
    """
    shop = Shop(name=name.strip(), **decisions)
    shop.slug = queries.free_slug(rules.slug(shop.name))
    require_valid(shop)
    shop.save()
    _keep_version(shop)
    if owner:
        Membership.objects.create(shop=shop, person=owner, role="owner")
    audit.note("shop.founded", actor=actor, shop_id=shop.id, about=("shop", shop.id))
    return shop


@transaction.atomic
def change(shop: Shop, *, actor: Actor, **decisions: Any) -> Shop:
    """Change decisions of a shop; each change is a version that numbers can name.

    Raises
    ------
    Refused
        A decision cannot be; nothing has changed then.
    """
    locked = Shop.objects.select_for_update().get(pk=shop.pk)
    before = {key: getattr(locked, key) for key in DECISIONS}
    for key, value in decisions.items():
        if key not in DECISIONS:
            raise TypeError(f"{key} is no decision of a shop.")
        setattr(locked, key, value)
    require_valid(locked)
    changed = audit.changes(before, {key: getattr(locked, key) for key in DECISIONS})
    if not changed:
        return locked
    locked.version += 1
    locked.save()
    _keep_version(locked)
    audit.note(
        "shop.changed", actor=actor, shop_id=shop.id, about=("shop", shop.id), changed=changed
    )
    return locked


def _keep_version(shop: Shop) -> None:
    ShopVersion.objects.create(
        shop=shop,
        number=shop.version,
        decisions={key: getattr(shop, key) for key in DECISIONS},
        changed_at=clock.now(),
    )
