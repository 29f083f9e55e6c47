"""Reads of targets, each within its shop."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kohorte import yardsticks
from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.insights.targets.models import Target


def of_shop(shop: Shop) -> QuerySet[Target]:
    """Return the targets of a shop, by metric, the latest first."""
    return Target.objects.filter(shop=shop).order_by("metric", "grain", "-since")


def one(shop: Shop, target_id: int, *, lock: bool = False) -> Target:
    """Return a target of a shop.

    Raises
    ------
    NotFound
        The shop has no such target.
    """
    found = Target.objects.filter(shop=shop, pk=target_id)
    target = (found.select_for_update() if lock else found).first()
    if target is None:
        raise NotFound(_("There is no such target."), name="target.unknown")
    return target


def known(shop: Shop) -> tuple[yardsticks.Target, ...]:
    """Return the targets of a shop as `kohorte` finds and judges them."""
    return tuple(plain(target) for target in of_shop(shop))


def plain(target: Target) -> yardsticks.Target:
    """Return a target as `kohorte` knows it."""
    return yardsticks.Target(
        metric=target.metric,
        value=target.value,
        grain=target.grain or None,  # type: ignore[arg-type]  # one of the grains
        since=target.since,
        until=target.until,
    )
