"""Verbs of background work: enqueue, cancel, try again; and what recurs by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import JOB, Actor
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import queries, registry
from stammkunde.core.jobs.models import (
    CANCELLED,
    DONE,
    FAILED,
    OPEN,
    WAITING,
    Job,
    Tick,
)
from stammkunde.core.jobs.registry import Rule, every, work
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops.models import Shop

__all__ = ["Running", "cancel", "enqueue", "every", "purge", "retry", "tick", "work"]

KEPT_DAYS = 14
KEPT_DAYS_FAILED = 90
KEPT_DAYS_TICKS = 2
CHUNK = 1000
TRIES = 5


@transaction.atomic
def enqueue(
    name: str,
    *,
    args: Mapping[str, Any] | None = None,
    shop_id: int | None = None,
    key: str = "",
    run_at: dt.datetime | None = None,
    actor: Actor,
) -> Job:
    """Write a job; inside the caller's transaction both happen or neither does.

    Parameters
    ----------
    name
        Of registered work.
    args
        What the handler needs, as JSON. Ids, no personal data: the row outlives an erasure.
    shop_id
        Whose it is; its people see it.
    key
        As long as a job of this name, shop and key waits or runs, that one is returned instead.
    run_at
        Not before; at once unless given.
    actor
        Who decided it.
    """
    job = Job(
        name=name,
        args=dict(args or {}),
        shop_id=shop_id,
        key=key,
        run_at=run_at or clock.now(),
        attempts_max=registry.require(name).attempts,
        actor_kind=actor.kind,
        actor_id=actor.id,
        made_at=clock.now(),
    )
    if not key:
        job.save(force_insert=True)
        return job
    for attempt in range(1, TRIES + 1):
        if known := _open(job):
            return known
        # Somebody else may write the same key at this moment; the database lets one of us pass,
        # and the other's job may have ended before we see it.
        try:
            with transaction.atomic():
                job.save(force_insert=True)
            break
        except IntegrityError:
            if attempt == TRIES:
                raise
    return job


def _open(job: Job) -> Job | None:
    same = Job.objects.filter(name=job.name, key=job.key, state__in=OPEN)
    return same.filter(shop=job.shop_id).first()


@transaction.atomic
def cancel(shop: Shop, job_id: int, *, actor: Actor) -> Job:
    """Cancel a job: at once if it waits, at its next safe point if it runs.

    Raises
    ------
    NotFound
        The shop has no such job.
    Refused
        It has ended already.
    """
    job = queries.one(shop, job_id, lock=True)
    if job.state not in OPEN:
        raise Refused(_("This job has ended already."), name="job.has_ended")
    if job.state == WAITING:
        job.state, job.ended_at = CANCELLED, clock.now()
    job.cancel_asked = True
    job.save(update_fields=["state", "ended_at", "cancel_asked"])
    audit.note("job.cancelled", actor=actor, shop_id=shop.id, about=("job", job.id), job=job.name)
    return job


@transaction.atomic
def retry(shop: Shop, job_id: int, *, actor: Actor) -> Job:
    """Let a job that failed or was cancelled begin again.

    Raises
    ------
    NotFound
        The shop has no such job.
    Refused
        It has not failed, or the same work waits or runs already.
    """
    job = queries.one(shop, job_id, lock=True)
    if job.state not in (FAILED, CANCELLED):
        raise Refused(
            _("Only a job that failed or was cancelled can be tried again."),
            name="job.has_not_failed",
        )
    registered = registry.find(job.name)
    job.state, job.run_at, job.ended_at = WAITING, clock.now(), None
    job.cancel_asked, job.error, job.traceback = False, "", ""
    # Attempts are never counted down: their number tells workers apart.
    job.attempts_max = job.attempts + (registered.attempts if registered else 1)
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError as fault:
        raise Refused(_("The same work is under way already."), name="job.is_open") from fault
    audit.note("job.retried", actor=actor, shop_id=shop.id, about=("job", job.id), job=job.name)
    return job


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
            enqueue(rule.name, shop_id=shop_id, key="recurring", actor=JOB)
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
