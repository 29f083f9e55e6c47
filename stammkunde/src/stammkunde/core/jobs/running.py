"""What a handler knows of the job it does, and how it tells how far it is."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from stammkunde.core import clock
from stammkunde.core.jobs import registry
from stammkunde.core.jobs.models import RUNNING, Job

LEASE = dt.timedelta(seconds=60)


class Stopped(Exception):
    """The handler ends at a safe point."""


class Cancelled(Stopped):
    """Somebody cancelled the job."""


class GivenBack(Stopped):
    """The worker stops; another one goes on."""


class LeaseLost(Stopped):
    """The job belongs to another worker now; nothing of it may be written any more."""


def mine(job: Job) -> QuerySet[Job]:
    """Return the row of a job as long as it is in the hands it was taken by."""
    return Job.objects.filter(
        pk=job.pk, state=RUNNING, leased_by=job.leased_by, attempts=job.attempts
    )


class Running:
    """A job in the hands of a worker."""

    def __init__(self, job: Job, *, stopping: threading.Event, lease: dt.timedelta = LEASE) -> None:
        self.job = job
        self.args: dict[str, Any] = job.args
        self.shop_id = job.shop_id
        self.attempt = job.attempts
        self.taken_at = job.started_at or clock.now()
        self.limit = dt.timedelta(hours=registry.require(job.name).hours_max)
        self.told: dict[str, int] = {}
        self.has_begun = False
        self.is_cancelled = False
        self.is_lost = False
        self._written: dict[str, int] = {}
        self._stopping = stopping
        self._lease = lease

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far the work is; cheap enough for every row, as it is written every few seconds."""
        known = {} if total is None else {"progress_total": total}
        # A new dictionary each time: another thread may be writing the last one.
        self.told = {**self.told, "progress_done": done, **known}

    def write_progress(self) -> None:
        """Let people see how far the work is, if that has changed."""
        told = self.told
        if told != self._written:
            mine(self.job).update(**told)
            self._written = told

    def stop_if_cancelled(self) -> None:
        """End here if nobody wants the work any more, or not from this worker; called at safe points.

        Raises
        ------
        Stopped
            To be left alone: the worker knows what to write.
        """
        if self.is_lost:
            raise LeaseLost
        if self.is_cancelled:
            raise Cancelled
        if self._stopping.is_set():
            raise GivenBack

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write in a transaction that is committed only if the job is still in our hands.

        Progress told so far is committed with it.
        """
        with transaction.atomic():
            yield
            # Last, so that the row is locked for no longer than a commit takes.
            until = clock.now() + self._lease
            if not mine(self.job).update(lease_until=until, **self.told):
                raise LeaseLost
