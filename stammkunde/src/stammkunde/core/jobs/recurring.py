"""What background work does by itself: enqueue what recurs, and forget what ended long ago."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Max

from stammkunde.core import clock
from stammkunde.core.audit.services import JOB
from stammkunde.core.jobs import registry, services
from stammkunde.core.jobs.models import CANCELLED, DONE, FAILED, Job, Tick
from stammkunde.core.jobs.registry import Rule
from stammkunde.core.shops.models import Shop

KEPT_DAYS = 14
KEPT_DAYS_FAILED = 90
KEPT_DAYS_TICKS = 2
CHUNK = 1000


def tick() -> int:
    """Enqueue the jobs of all rules that have become due; return how many.

    What was missed while no worker ran is made up for once. A rule that is new waits for its next time.
    """
    now = clock.now()
    shops: list[tuple[int | None, str]] = list(
        Shop.objects.filter(closed_at=None).values_list("id", "zone")
    )
    latest = {
        (name, shop_id): at
        for name, shop_id, at in Tick.objects.values_list("name", "shop_id").annotate(Max("at"))
    }
    count = 0
    for rule in registry.recurring():
        for shop_id, zone in shops if rule.per_shop else [(None, rule.zone)]:
            due, last = rule.schedule.last(now, zone), latest.get((rule.name, shop_id))
            if last is None or due > last:
                count += _claim_tick(rule, shop_id, due, is_new=last is None)
    return count


def _claim_tick(rule: Rule, shop_id: int | None, at: dt.datetime, *, is_new: bool) -> int:
    try:
        with transaction.atomic():
            Tick.objects.create(name=rule.name, shop_id=shop_id, at=at)
            if is_new:
                return 0
            services.enqueue(rule.name, shop_id=shop_id, key="recurring", actor=JOB)
            return 1
    except IntegrityError:
        return 0  # another worker was faster, or the shop is gone


def purge() -> int:
    """Delete what ended long ago, in small transactions; return how many rows."""
    now = clock.now()
    ended, failed, ticked = (
        now - dt.timedelta(days=days) for days in (KEPT_DAYS, KEPT_DAYS_FAILED, KEPT_DAYS_TICKS)
    )
    kept = Tick.objects.values("name", "shop_id").annotate(last=Max("id")).values("last")
    count = 0
    for rows in (
        Job.objects.filter(state__in=(DONE, CANCELLED), ended_at__lt=ended),
        Job.objects.filter(state=FAILED, ended_at__lt=failed),
        Tick.objects.filter(at__lt=ticked).exclude(
            id__in=list(kept.values_list("last", flat=True))
        ),
    ):
        while found := list(rows.values_list("pk", flat=True)[:CHUNK]):
            count += rows.model._default_manager.filter(pk__in=found).delete()[0]
    return count
