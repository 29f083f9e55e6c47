"""Background work: how far it is. A token sees what it started; with `jobs.manage` everything."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from ninja import Query, Router
from pydantic import BaseModel, Field

from stammkunde.core.errors import NotFound
from stammkunde.core.jobs import queries, services
from stammkunde.core.jobs.models import Job
from stammkunde.faces.api import paging
from stammkunde.faces.api.answers import Answer
from stammkunde.faces.api.bearer import Visit
from stammkunde.faces.api.customers import Id
from stammkunde.faces.api.endpoints import read, write
from stammkunde.faces.api.paging import Asked, Page

router = Router(tags=["jobs"])
# Work whose outcome is nobody's alone: a page may have asked for what a program waits for.
NUMBERS = "insights."
State = Literal["waiting", "running", "done", "failed", "cancelled"]


class ShownJob(BaseModel):
    """Background work."""

    id: int
    name: Annotated[str, Field(description=N("Dotted: what is done."))]
    title: Annotated[str, Field(description=N("What is done, in the caller's language."))]
    state: State
    progress_done: int | None
    progress_total: int | None
    seconds_left: Annotated[int | None, Field(description=N("About so long it still takes."))]
    outcome: str
    error: Annotated[str, Field(description=N("Why it failed."))]
    attempts: int
    made_at: dt.datetime
    started_at: dt.datetime | None
    ended_at: dt.datetime | None


class Filter(Asked):
    """Which jobs are wanted."""

    state: Annotated[State | None, Field(description=N("Only in this state."))] = None


@read(router, "/jobs", None, Page[ShownJob], summary=N("List background work"))
def list_jobs(visit: Visit, asked: Query[Filter]) -> Answer:
    """Tell what is done in the background, newest first."""
    found = _of(visit)
    found = found.filter(state=asked.state) if asked.state else found
    return paging.page(visit, found, asked, show, sort="-id")


@read(router, "/jobs/{job_id}", None, ShownJob, summary=N("Read how far a job is"))
def read_job(visit: Visit, job_id: Id) -> Answer:
    """Tell how far a job is; whoever reads numbers may know how far theirs are."""
    return Answer(show(_one(visit, job_id, of_numbers=visit.may("metrics.read"))))


@write(
    router, "POST", "/jobs/{job_id}/cancellation", None, {200: ShownJob}, summary=N("Cancel a job")
)
def cancel_job(visit: Visit, job_id: Id) -> Answer:
    """Cancel a job: at once if it waits, at its next safe point if it runs."""
    job = _one(visit, job_id)
    return Answer(show(services.cancel(visit.shop, job.pk, actor=visit.actor)))


@write(router, "POST", "/jobs/{job_id}/retry", None, {200: ShownJob}, summary=N("Try a job again"))
def retry_job(visit: Visit, job_id: Id) -> Answer:
    """Let a job that failed or was cancelled begin again."""
    job = _one(visit, job_id)
    return Answer(show(services.retry(visit.shop, job.pk, actor=visit.actor)))


def _of(visit: Visit) -> QuerySet[Job]:
    if visit.may("jobs.manage"):
        return queries.of_shop(visit.shop)
    return queries.by_actor(visit.shop, visit.actor)


def _one(visit: Visit, job_id: int, *, of_numbers: bool = False) -> Job:
    found = _of(visit)
    if of_numbers:
        found |= queries.of_shop(visit.shop).filter(name__startswith=NUMBERS)
    job = found.filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("There is no such job."), name="job.unknown")
    return job


def show(job: Job) -> dict[str, Any]:
    """Return a job as plain data."""
    (line,) = queries.lines([job])
    shown: dict[str, Any] = {name: getattr(job, name, None) for name in ShownJob.model_fields}
    shown |= {"title": str(line.title), "seconds_left": line.seconds_left}
    return ShownJob(**shown).model_dump(mode="json")


def started(visit: Visit, job: Job) -> Answer:
    """Return the answer that work has begun, with where to ask how far it is."""
    place = f"{reverse('api:reference')}jobs/{job.pk}"
    return Answer(show(job), status=202, headers={"Location": place})
