"""What a shop's limits on keeping let go: files of old imports, and customers long gone.

`due` only looks; `keep_to` does what it found. Both are asked with the day, so that a dry run can be
for any day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import services as imports
from stammkunde.features.imports.models import Import
from stammkunde.flows import customer_erased
from stammkunde.records.customers import queries
from stammkunde.records.customers.models import Retention

ERASED_AT_ONCE = 500
# Below that a customer who orders once a season would be forgotten between two orders.
CUSTOMERS_DAYS_MIN = 90


@dataclass(frozen=True)
class Due:
    """What is over its limit: imports whose files go, customers who are erased."""

    imports: tuple[int, ...]
    customers: tuple[int, ...]


def limits(shop: Shop) -> Retention:
    """Return what a shop decided; as long as it decided nothing, everything is kept."""
    return Retention.objects.filter(shop=shop).first() or Retention(shop=shop)


@transaction.atomic
def decide(
    shop: Shop, *, files_days: int | None, customers_days: int | None, actor: Actor
) -> Retention:
    """Keep what a shop decided; an empty limit keeps everything.

    Raises
    ------
    Refused
        A limit is too short.
    """
    _require_possible(files_days, customers_days)
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


def _require_possible(files_days: int | None, customers_days: int | None) -> None:
    fields: dict[str, str | Promise] = {}
    if files_days is not None and files_days < 1:
        fields["files_days"] = _("At least one day.")
    if customers_days is not None and customers_days < CUSTOMERS_DAYS_MIN:
        fields["customers_days"] = _("At least %(days)s days.") % {"days": CUSTOMERS_DAYS_MIN}
    if fields:
        raise Refused(" ".join(map(str, fields.values())), name="retention.short", fields=fields)


def due(shop: Shop, *, under: Retention | None = None, today: dt.date | None = None) -> Due:
    """Return what is over its limit; nothing changes by it.

    Parameters
    ----------
    under
        Other limits than those decided, to try them.
    """
    asked = under or limits(shop)
    day = today or clock.today(shop.zone)
    old: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()
    if asked.files_days is not None:
        before = day - dt.timedelta(days=asked.files_days)
        found = Import.objects.filter(
            shop=shop, published_at__date__lt=before, files__dropped_at=None, state="published"
        )
        old = tuple(sorted(set(found.values_list("id", flat=True))))
    if asked.customers_days is not None:
        before = day - dt.timedelta(days=asked.customers_days)
        customers = queries.of_shop(shop).filter(last_order_on__lt=before).order_by("id")
        gone = tuple(customers.values_list("id", flat=True))
    return Due(old, gone)


def keep_to(
    shop: Shop,
    *,
    actor: Actor,
    today: dt.date | None = None,
    between: Callable[[], None] = lambda: None,
) -> Due:
    """Let go what is over its limit, of customers so many at once; return what that was.

    Parameters
    ----------
    between
        Called before each import and customer; may raise to stop.
    """
    found = due(shop, today=today)
    customers = found.customers[:ERASED_AT_ONCE]
    for import_id in found.imports:
        between()
        imports.drop_files(shop, import_id, actor=actor)
    for customer_id in customers:
        between()
        customer_erased.erase(shop, customer_id, actor=actor)
    return Due(found.imports, customers)
