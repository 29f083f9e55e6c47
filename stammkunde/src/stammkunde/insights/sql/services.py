"""Verbs of questions in SQL: ask, cancel, forget; and the work itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs import services as job_services
from stammkunde.core.jobs.models import OPEN as OPEN_JOBS
from stammkunde.core.jobs.models import Job
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.insights import export
from stammkunde.insights.sql import bench, results, sandbox, statements, tables
from stammkunde.insights.sql.models import CANCELLED, DONE, FAILED, OPEN, Query
from stammkunde.insights.sql.sandbox import Fault, Told

WORK = "sql.ask"
# So many questions of a person are computed at the same time.
OPEN_MAX = 3
KEPT = dt.timedelta(days=30)


def of_person(shop: Shop, person: Person) -> list[Query]:
    """Return what somebody asked lately in a shop, newest first."""
    return list(Query.objects.filter(shop=shop, person=person).order_by("-id")[:50])


def one(shop: Shop, person: Person, number: int) -> Query:
    """Return a question of a person.

    Raises
    ------
    NotFound
        There is none of this number, or it is somebody else's.
    """
    found = Query.objects.filter(shop=shop, person=person, pk=number).first()
    if found is None:
        raise NotFound(_("There is no such query."), name="query.unknown")
    return found


@transaction.atomic
def ask(shop: Shop, person: Person, text: str, *, actor: Actor) -> Query:
    """Have a question answered in the background.

    The log keeps how long it was and its fingerprint, not its words: what somebody types may name a
    person, and the log outlives an erasure.

    Raises
    ------
    Refused
        It is empty or too long, or three others of the same person are not answered yet.
    """
    text = text.strip()
    if not text:
        raise Refused(_("Type a query first."), name="query.empty")
    if len(text) > statements.TEXT_MAX:
        raise Refused(_("The query is too long."), name="query.too_long")
    waiting = Query.objects.filter(shop=shop, person=person, state=OPEN).order_by("-id")
    if sum(is_open(query) for query in waiting[: 2 * OPEN_MAX]) >= OPEN_MAX:
        raise Refused(
            _("Three of your queries are still running. Wait for them, or cancel one."),
            name="query.too_many",
        )
    made = Query.objects.create(shop=shop, person=person, text=text)
    audit.note(
        "query.asked",
        actor=actor,
        shop_id=shop.pk,
        about=("query", made.pk),
        characters=len(text),
        fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
    )
    job_services.enqueue(WORK, args={"query": made.pk}, shop_id=shop.pk, key=key(made), actor=actor)
    return made


def key(query: Query) -> str:
    """Return the key of the job that answers a question."""
    return f"sql:{query.pk}"


def is_open(query: Query) -> bool:
    """Return whether a question waits for its answer and somebody works on it."""
    line = jobs.latest(query.shop, key=key(query))
    return query.state == OPEN and line is not None and line.job.state in OPEN_JOBS


@transaction.atomic
def cancel(query: Query, *, actor: Actor) -> None:
    """Stop answering a question; nothing of its result stays."""
    job = Job.objects.filter(shop=query.shop, key=key(query), state__in=OPEN_JOBS).first()
    if job:
        job_services.cancel(query.shop, job.pk, actor=actor)
    Query.objects.filter(pk=query.pk, state=OPEN).update(state=CANCELLED, ended_at=clock.now())


@transaction.atomic
def forget(query: Query, *, actor: Actor) -> None:
    """Delete a question with its result."""
    cancel(query, actor=actor)
    audit.note("query.forgotten", actor=actor, shop_id=query.shop_id, about=("query", query.pk))
    Query.objects.filter(pk=query.pk).delete()
    transaction.on_commit(lambda: drop(query.shop_id, query.pk))


def answer(query: Query, *, between: Callable[[], None]) -> None:
    """Answer a question from the shop's columns; its result appears as a whole or not at all."""
    final = folder(query.shop_id, query.pk)
    beside = final.with_name(f".{final.name}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        found = export.current(query.shop_id)
        if found is None:
            raise Fault("nothing")
        told = sandbox.ask(
            query.text,
            database=bench.of(query.shop, found),
            tables=tables.names(),
            folder=beside,
            between=between,
        )
        results.pack(beside, told)
        shutil.rmtree(final, ignore_errors=True)
        beside.replace(final)
        _settle(query, DONE, told=told, data_at=dt.datetime.fromisoformat(found.made_at))
    except Fault as fault:
        _settle(query, FAILED, fault=fault)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@transaction.atomic
def _settle(
    query: Query,
    state: str,
    *,
    told: Told | None = None,
    fault: Fault | None = None,
    data_at: dt.datetime | None = None,
) -> None:
    """Write what became of a question, unless it was cancelled meanwhile."""
    values = {"state": state, "ended_at": clock.now(), "data_at": data_at}
    if told:
        values |= {
            "columns": told.columns, "offsets": told.offsets, "rows": told.rows,
            "is_cut": told.is_cut, "seconds": told.seconds,
        }  # fmt: skip
    if fault:
        values |= {"fault": fault.name, "about": fault.about}
    if not Query.objects.filter(pk=query.pk, state=OPEN).update(**values):
        drop(query.shop_id, query.pk)


def purge() -> int:
    """Forget what was asked long ago; return how much there was."""
    old = Query.objects.filter(made_at__lt=clock.now() - KEPT)
    gone = list(old.values_list("shop_id", "pk")[:5_000])
    Query.objects.filter(pk__in=[pk for _shop, pk in gone]).delete()
    for shop_id, pk in gone:
        drop(shop_id, pk)
    return len(gone)


def folder(shop_id: int, number: int) -> Path:
    """Return where the result of a question stands; backups leave it out, as it can be asked for anew."""
    return Path(settings.DATA) / ".sql" / str(shop_id) / str(number)


def drop(shop_id: int, number: int) -> None:
    """Delete the result of a question."""
    shutil.rmtree(folder(shop_id, number), ignore_errors=True)


@transaction.atomic
def note_export(query: Query, kind: str, *, actor: Actor) -> None:
    """Note that the rows of a question are sent as a file."""
    audit.note(
        "query.exported",
        actor=actor,
        shop_id=query.shop_id,
        about=("query", query.pk),
        rows=query.rows,
        file=kind,
    )
