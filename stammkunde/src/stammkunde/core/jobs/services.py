"""Verbs of background work: enqueue, cancel, try again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import queries, registry
from stammkunde.core.jobs.models import CANCELLED, FAILED, OPEN, WAITING, Job
from stammkunde.core.jobs.registry import every, work
from stammkunde.core.jobs.running import Running
from stammkunde.core.shops.models import Shop

__all__ = ["Running", "cancel", "enqueue", "every", "retry", "work"]

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
