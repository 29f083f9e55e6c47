"""What a shop's limits on keeping let go: files of old imports, and customers long gone.

`due` only looks; `keep_to` does what it found. Both are asked with the day, so that a dry run can be
for any day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import services as imports
from stammkunde.features.imports.models import Import
from stammkunde.flows import customer_erased
from stammkunde.records.customers import queries
from stammkunde.records.customers.models import Retention

ERASED_AT_ONCE = 500


@dataclass(frozen=True)
class Due:
    """What is over its limit: imports whose files go, customers who are erased."""

    imports: tuple[int, ...]
    customers: tuple[int, ...]


@transaction.atomic
def decide(
    shop: Shop, *, files_days: int | None, customers_days: int | None, actor: Actor
) -> Retention:
    """Keep what a shop decided; an empty limit keeps everything."""
    found, _made = Retention.objects.update_or_create(
        shop=shop, defaults={"files_days": files_days, "customers_days": customers_days}
    )
    audit.note(
        "retention.decided",
        actor=actor,
        shop_id=shop.pk,
        files_days=files_days,
        customers_days=customers_days,
    )
    return found


def due(shop: Shop, *, today: dt.date | None = None) -> Due:
    """Return what is over its limit; nothing changes by it."""
    limits = Retention.objects.filter(shop=shop).first()
    day = today or clock.today(shop.zone)
    if limits is None:
        return Due((), ())
    old: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    if limits.files_days is not None:
        before = day - dt.timedelta(days=limits.files_days)
        found = Import.objects.filter(
            shop=shop, published_at__date__lt=before, files__dropped_at=None, state="published"
        )
        old = tuple(sorted(set(found.values_list("id", flat=True))))
    if limits.customers_days is not None:
        before = day - dt.timedelta(days=limits.customers_days)
        customers = queries.of_shop(shop).filter(last_order_on__lt=before).order_by("id")
        gone = tuple(customers.values_list("id", flat=True)[:ERASED_AT_ONCE])
    return Due(old, gone)


def keep_to(shop: Shop, *, actor: Actor, today: dt.date | None = None) -> Due:
    """Let go what is over its limit; return what that was."""
    found = due(shop, today=today)
    for import_id in found.imports:
        imports.drop_files(shop, import_id, actor=actor)
    for customer_id in found.customers:
        customer_erased.erase(shop, customer_id, actor=actor)
    return found
