"""Figures that people type in: spend and leads by month and channel, and what a product costs.

Typing a month and channel again replaces what was typed before; leaving the figure empty takes it back.
What files brought stays beside it, under its own channel of origin.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.records.orders import rules, services, twins, writing
from stammkunde.records.orders.models import Lead, Product, Recorded, Spend
from stammkunde.records.orders.rules import Incoming, Kind
from stammkunde.records.orders.writing import Origin

SOURCE = twins.TYPED
# Costs belong to the products of the shop's own files, whose numbers stand on order lines.
SHOP = "shop"
PURPOSES = ("acquisition", "retention", "sales", "service", "other")
LEADS_MAX = 5_000
AMOUNT_MINOR_MAX = 10**12


@transaction.atomic
def spend(
    shop: Shop,
    *,
    month: dt.date,
    purpose: str,
    channel: str,
    amount_minor: int | None,
    actor: Actor,
) -> None:
    """Note what was spent in a month; None takes it back.

    Raises
    ------
    Refused
        There is no such purpose, or the amount cannot be.
    """
    if purpose not in PURPOSES or not 0 <= (amount_minor or 0) <= AMOUNT_MINOR_MAX:
        raise Refused(_("This amount cannot be."), name="figures.spend")
    first = month.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    number = f"{first:%Y-%m} {purpose} {channel}"
    if amount_minor is None:
        _take_back(rules.SPEND, Spend.objects.filter(external_id=number), shop=shop, actor=actor)
    else:
        values = (str(first), str(last), purpose, channel or None, amount_minor)
        _write(rules.SPEND, [(number, values)], shop=shop, source=SOURCE, actor=actor)
    _done(shop, "figures.spend_typed", rules.SPEND, actor=actor)


@transaction.atomic
def leads(
    shop: Shop,
    *,
    month: dt.date,
    channel: str,
    count: int | None,
    qualified: int = 0,
    actor: Actor,
) -> None:
    """Note how many people showed interest in a month, and how many of them were worth it; None takes it back.

    Raises
    ------
    Refused
        There are too many, or more are qualified than there are.
    """
    wanted = count or 0
    if not 0 <= qualified <= wanted <= LEADS_MAX:
        raise Refused(
            _("Of at most %(most)s leads no more can be qualified than there are.")
            % {"most": LEADS_MAX},
            name="figures.leads",
        )
    first = month.replace(day=1)
    noon = dt.datetime.combine(first, dt.time(12), zoneinfo.ZoneInfo(shop.zone))
    begins = f"{first:%Y-%m} {channel} "
    rows = [
        (f"{begins}{place:05}", (writing.stamp(noon), channel or None, place <= qualified))
        for place in range(1, wanted + 1)
    ]
    _write(rules.LEADS, rows, shop=shop, source=SOURCE, actor=actor)
    kept = [number for number, _values in rows]
    # Of the month and channel, not of another channel that begins so.
    typed = Lead.objects.filter(
        external_id__startswith=begins, external_id__regex=r" [0-9]{5}$", channel=channel or None
    ).exclude(external_id__in=kept)
    _take_back(rules.LEADS, typed, shop=shop, actor=actor)
    _done(shop, "figures.leads_typed", rules.LEADS, actor=actor)


@transaction.atomic
def product_cost(shop: Shop, *, number: str, unit_cost: Decimal | None, actor: Actor) -> None:
    """Note what a product costs the shop; name and category stay as they were.

    Raises
    ------
    Refused
        The cost cannot be.
    """
    if unit_cost is not None and not 0 <= unit_cost < 10**9:
        raise Refused(_("This amount cannot be."), name="figures.cost")
    known = Product.objects.filter(shop=shop, source=SHOP, external_id=number).first()
    values = (
        known.product if known else None,
        known.category if known else None,
        None if unit_cost is None else str(unit_cost),
    )
    _write(rules.PRODUCTS, [(number, values)], shop=shop, source=SHOP, actor=actor)
    _done(shop, "figures.cost_typed", rules.PRODUCTS, actor=actor)


def spend_of(shop: Shop) -> QuerySet[Spend]:
    """Return what was typed in of spend, newest month first."""
    found = Spend.objects.filter(shop=shop, source=SOURCE, deleted_at=None)
    return found.order_by("-starts_on", "purpose", "channel", "id")


def leads_of(shop: Shop) -> QuerySet[Lead, dict[str, Any]]:
    """Return how many leads were typed in, by month and channel, newest month first."""
    found = Lead.objects.filter(shop=shop, source=SOURCE, deleted_at=None)
    return (
        found.values("created_at", "channel")
        .annotate(count=Count("id"), qualified_count=Count("id", filter=Q(qualified=True)))
        .order_by("-created_at", "channel")
    )


def costs_of(shop: Shop) -> QuerySet[Product]:
    """Return the products whose cost is known."""
    found = Product.objects.filter(shop=shop, deleted_at=None, unit_cost__isnull=False)
    return found.order_by("-changed_at", "-id")


def _write(
    kind: Kind,
    rows: Sequence[tuple[str, Sequence[Any]]],
    *,
    shop: Shop,
    source: str,
    actor: Actor,
) -> None:
    incoming = [
        Incoming(
            number=number,
            hash=hashlib.md5(repr(values).encode(), usedforsecurity=False).hexdigest(),
            values=values,
        )
        for number, values in rows
    ]
    writing.write(kind, incoming, origin=Origin(shop_id=shop.pk, source=source, actor=actor))


def _take_back(kind: Kind, found: QuerySet[Any], *, shop: Shop, actor: Actor) -> None:
    ids = list(found.filter(shop=shop, source=SOURCE, deleted_at=None).values_list("id", flat=True))
    origin = Origin(shop_id=shop.pk, source=SOURCE, actor=actor)
    writing.keep(kind, ids, origin=origin)
    model: type[Recorded] = found.model
    now = clock.now()
    model._default_manager.filter(pk__in=ids).update(
        deleted_at=now, changed_at=now, changed_by=None
    )


def _done(shop: Shop, name: str, kind: Kind, *, actor: Actor) -> None:
    services.touch(shop.pk, kind.name)
    audit.note(name, actor=actor, shop_id=shop.pk)
