"""Taking jobs, keeping them, and letting go of them; every write proves that the job is still ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.jobs import registry, rules
from stammkunde.core.jobs.models import CANCELLED, FAILED, RUNNING, WAITING, Job
from stammkunde.core.jobs.running import mine

LIMIT = 100
DIED = _(
    "The program ended in the middle of this job, %(count)s times. Try it again, or report it."
)


def take(worker: str, *, limit: int, lease: dt.timedelta) -> list[Job]:
    """Take jobs that are due, the oldest first; a row that another worker is taking is passed over."""
    now = clock.now()
    due = Job.objects.filter(
        state=WAITING, run_at__lte=now, name__in=registry.names(), cancel_asked=False
    )
    if not due.exists():
        return []
    with transaction.atomic():
        # SQLite has one writer at a time and no such locks; Django leaves them out there.
        rows = due.select_related("shop").order_by("run_at", "id")
        found = list(rows.select_for_update(skip_locked=True, of=("self",))[:limit])
        together = [job for job in found if rules.shares(job.attempts, job.attempts_max)]
        taken = together if found and found[0] in together else found[:1]
        values = {
            "state": RUNNING,
            "leased_by": worker,
            "lease_until": now + lease,
            "started_at": now,
        }
        ids = [job.pk for job in taken]
        Job.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, **values)
    for job in taken:
        job.attempts += 1
        for name, value in values.items():
            setattr(job, name, value)
    return taken


def extend(worker: str, ids: Collection[int], *, lease: dt.timedelta) -> None:
    """Keep jobs for longer."""
    ours = Job.objects.filter(pk__in=ids, state=RUNNING, leased_by=worker)
    ours.update(lease_until=clock.now() + lease)


def cancelled(worker: str, jobs: Collection[Job]) -> dict[int, bool]:
    """Return those jobs that are still ours, and whether somebody cancelled each."""
    ours = Job.objects.filter(pk__in=[job.pk for job in jobs], state=RUNNING, leased_by=worker)
    attempts = {job.pk: job.attempts for job in jobs}
    found = ours.values_list("pk", "attempts", "cancel_asked")
    return {pk: asked for pk, number, asked in found if attempts[pk] == number}


def settle(results: Iterable[tuple[Job, Mapping[str, Any]]]) -> list[Job]:
    """Write what became of jobs; return those that were no longer ours, of which nothing is written."""
    with transaction.atomic():
        return [
            job
            for job, values in results
            if not mine(job).update(leased_by="", lease_until=None, **values)
        ]


def given_back() -> dict[str, Any]:
    """Return what is written of a job that goes back to the queue as if it had not been taken."""
    return {"state": WAITING, "attempts": F("attempts") - 1, "started_at": None}


def failed(sentence: str | Promise, *, traceback: str = "") -> dict[str, Any]:
    """Return what is written of a job that failed for good."""
    error = {"error": str(sentence), "traceback": traceback}
    return {"state": FAILED, "ended_at": clock.now(), **error}


def again(job: Job, *, chance: float, traceback: str = "") -> dict[str, Any]:
    """Return what is written of a job that is tried again after a pause."""
    pause = rules.pause(job.attempts, chance=chance)
    return {"state": WAITING, "run_at": clock.now() + pause, "traceback": traceback}


def spoken(job: Job) -> translation.override:
    """Return the context in which sentences are in the language of the job's shop."""
    return translation.override(job.shop.language if job.shop else settings.LANGUAGE_CODE)


def recover(*, holding: Collection[int], chance: float) -> int:
    """Return jobs whose worker has died to the queue; return how many there were.

    Parameters
    ----------
    holding
        What this worker is doing itself: it is alive, whatever the clock says.
    chance
        Spreads the pauses of what has died before.
    """
    now = clock.now()
    # Cancelled while its worker was giving it back.
    unwanted = Job.objects.filter(state=WAITING, cancel_asked=True)
    unwanted.update(state=CANCELLED, ended_at=now)
    with transaction.atomic():
        abandoned = Job.objects.filter(state=RUNNING, lease_until__lt=now).exclude(pk__in=holding)
        rows = abandoned.select_related("shop").select_for_update(skip_locked=True, of=("self",))
        found = list(rows[:LIMIT])
        settle((job, _after_death(job, chance)) for job in found)
    return len(found)


def _after_death(job: Job, chance: float) -> dict[str, Any]:
    if job.cancel_asked:
        return {"state": CANCELLED, "ended_at": clock.now()}
    if job.attempts >= job.attempts_max:
        with spoken(job):
            return failed(DIED % {"count": job.attempts})
    if job.attempts > 1:
        return again(job, chance=chance)
    return {"state": WAITING, "run_at": clock.now()}
