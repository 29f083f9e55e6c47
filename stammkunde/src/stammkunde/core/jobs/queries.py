"""Reads of background work, each within its shop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound
from stammkunde.core.jobs import registry, rules
from stammkunde.core.jobs.models import CANCELLED, FAILED, OPEN, RUNNING, WAITING, Job
from stammkunde.core.shops.models import Shop


@dataclass(frozen=True)
class Line:
    """A job as a list shows it."""

    job: Job
    title: str | Promise
    seconds_left: int | None
    can_cancel: bool
    can_retry: bool


def of_shop(shop: Shop, *, state: str = "") -> QuerySet[Job]:
    """Return a shop's jobs, those in one state if given."""
    found = Job.objects.filter(shop=shop)
    return found.filter(state=state) if state else found


def by_actor(shop: Shop, actor: Actor) -> QuerySet[Job]:
    """Return a shop's jobs that somebody decided."""
    return Job.objects.filter(shop=shop, actor_kind=actor.kind, actor_id=actor.id)


def lines(jobs: Iterable[Job]) -> list[Line]:
    """Return what a list shows of jobs."""
    return [_line(job) for job in jobs]


def _line(job: Job) -> Line:
    work = registry.find(job.name)
    seconds = (clock.now() - job.started_at).total_seconds() if job.started_at else 0
    left = rules.seconds_left(job.progress_done, job.progress_total, seconds=seconds)
    return Line(
        job=job,
        title=work.title if work else job.name,
        seconds_left=left if job.state == RUNNING else None,
        can_cancel=job.state in OPEN and not job.cancel_asked,
        can_retry=job.state in (FAILED, CANCELLED),
    )


def latest(shop: Shop, *, key: str) -> Line | None:
    """Return the newest job of a key, None if there never was one or it was cleared away."""
    job = Job.objects.filter(shop=shop, key=key).order_by("-id").defer("args", "traceback").first()
    return _line(job) if job else None


def is_busy(shop: Shop) -> bool:
    """Return whether a job of the shop runs or is about to."""
    soon = clock.now() + dt.timedelta(minutes=1)
    return Job.objects.filter(
        Q(state=RUNNING) | Q(state=WAITING, run_at__lt=soon), shop=shop
    ).exists()


def one(shop: Shop, job_id: int, *, lock: bool = False) -> Job:
    """Return a job of a shop.

    Raises
    ------
    NotFound
        The shop has no such job.
    """
    found = Job.objects.filter(shop=shop, pk=job_id)
    job = (found.select_for_update() if lock else found).first()
    if job is None:
        raise NotFound(_("There is no such job."), name="job.unknown")
    return job


@dataclass(frozen=True)
class State:
    """What background work of the whole installation is like."""

    late: int
    abandoned: int
    failed: int
    unknown: int


def state(*, late_minutes: int = 15) -> State:
    """Return how many jobs are overdue, abandoned by their worker, failed today, or known to nobody."""
    now = clock.now()
    long_ago = now - dt.timedelta(minutes=late_minutes)
    known = Q(name__in=registry.names())
    waiting = Job.objects.filter(state=WAITING)
    return State(
        late=waiting.filter(known, run_at__lt=long_ago).count(),
        abandoned=Job.objects.filter(state=RUNNING, lease_until__lt=long_ago).count(),
        failed=Job.objects.filter(state=FAILED, ended_at__gt=now - dt.timedelta(days=1)).count(),
        unknown=waiting.exclude(known).count(),
    )


@dataclass(frozen=True)
class Queue:
    """What of a kind of work waits and runs in the whole installation."""

    name: str
    waiting: int
    running: int
    oldest_due_seconds: float


@dataclass(frozen=True)
class Ended:
    """How jobs of a kind ended lately, and how long they took."""

    name: str
    state: str
    count: int
    seconds_mean: float
    seconds_max: float


def queues() -> list[Queue]:
    """Return what waits and runs by kind of work, also of kinds of which nothing does."""
    now = clock.now()
    due = Q(state=WAITING, run_at__lte=now)
    found = {
        row["name"]: row
        for row in Job.objects.filter(state__in=OPEN)
        .values("name")
        .annotate(
            waiting=Count("id", filter=Q(state=WAITING)),
            running=Count("id", filter=Q(state=RUNNING)),
            oldest=Min("run_at", filter=due),
        )
    }
    return [
        Queue(
            name,
            row.get("waiting", 0),
            row.get("running", 0),
            (now - row["oldest"]).total_seconds() if row.get("oldest") else 0.0,
        )
        for name in sorted({*registry.names(), *found})
        for row in (found.get(name, {}),)
    ]


def ended(*, hours: int = 24) -> list[Ended]:
    """Return how jobs ended in the last hours, by kind of work and state."""
    took = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    found = (
        Job.objects.filter(ended_at__gt=clock.now() - dt.timedelta(hours=hours))
        .values("name", "state")
        .annotate(count=Count("id"), mean=Avg(took), longest=Max(took))
        .order_by("name", "state")
    )
    return [
        Ended(
            row["name"], row["state"], row["count"], _seconds(row["mean"]), _seconds(row["longest"])
        )
        for row in found
    ]


def _seconds(found: dt.timedelta | None) -> float:
    """Return seconds; what never began took none."""
    return found.total_seconds() if found else 0.0


def waiting() -> QuerySet[Job]:
    """Return all jobs that have not begun or will begin again."""
    return Job.objects.filter(state__in=OPEN)
