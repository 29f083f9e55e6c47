"""Verbs of trials: plan, receive a file, read it, choose how, rename, delete, bring back."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import JOB, Actor
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports import files, rules
from stammkunde.insights import codec
from stammkunde.insights.trials import choices, plans, queries
from stammkunde.insights.trials.choices import Choice
from stammkunde.insights.trials.models import (
    ASKING,
    FAILED,
    NAME_MAX,
    PLANNED,
    READ,
    READING,
    Trial,
)
from stammkunde.insights.trials.plans import Plan

MOST = 1_000
MEMORY_LIMIT = "1GB"
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# So long a deleted trial can be brought back, and so long a file waits for a worker at most.
KEPT, WAITS = dt.timedelta(days=30), dt.timedelta(days=1)


@transaction.atomic
def plan(shop: Shop, name: str, declared: Plan, *, actor: Actor) -> Trial:
    """Keep what is declared of a trial before it starts; nobody can change it afterwards.

    Raises
    ------
    Refused
        The name is empty, the plan cannot be kept, or there are too many trials.
    """
    called = _named(name)
    declared = replace(declared, hypothesis=_plain(declared.hypothesis))
    plans.require(declared, currency=shop.currency)
    _require_room(shop)
    now = clock.now()
    trial = Trial.objects.create(
        shop=shop,
        name=called,
        state=PLANNED,
        plan=plans.as_record(declared),
        starts_on=declared.starts_on,
        planned_at=now,
        planned_by_id=actor.id if actor.kind == "person" else None,
        made_at=now,
    )
    _note("trial.planned", trial, actor=actor)
    return trial


def receive(
    shop: Shop,
    name: str,
    file_name: str,
    content: BinaryIO,
    *,
    actor: Actor,
    planned: int | None = None,
) -> Trial:
    """Keep a file until it is read, and have it read soon.

    Parameters
    ----------
    planned
        The trial whose plan it is read by; without one a new trial is made.

    Raises
    ------
    Refused
        The name or the file is empty, the file is too large, there are too many trials, or the planned
        one has been read already.
    NotFound
        There is no such planned trial.
    """
    short = rules.safe_name(file_name)
    called = ""
    if planned is None:
        called = _named(name.strip() or short.rpartition(".")[0] or short)
        _require_room(shop)
    else:
        _open(shop, planned)
    folder = secrets.token_hex(8)
    try:
        files.keep(content, at=_folder(shop.pk, folder) / short)
        with transaction.atomic():
            if planned is None:
                trial = Trial(shop=shop, name=called)
            else:
                trial = _open(shop, planned, lock=True)
            trial.file_name, trial.folder, trial.sent_at = short, folder, clock.now()
            trial.state, trial.fault = READING, None
            trial.save()
            _note("trial.received", trial, actor=actor)
            jobs.enqueue(
                queries.WORK,
                args={"trial": trial.pk},
                shop_id=shop.pk,
                key=queries.key(trial),
                actor=actor,
            )
    except BaseException:
        shutil.rmtree(_folder(shop.pk, folder), ignore_errors=True)
        raise
    return trial


def _open(shop: Shop, number: int, *, lock: bool = False) -> Trial:
    """Return a planned trial that waits for its file, or for another one if that cannot be read."""
    trial = queries.one(shop, number, lock=lock)
    if not trial.plan or trial.state not in (PLANNED, FAILED):
        raise Refused(
            _("This trial has its file already. Plan another one for another file."),
            name="trial.has_file",
        )
    return trial


def _require_room(shop: Shop) -> None:
    if queries.of_shop(shop).count() >= MOST:
        raise Refused(_("A thousand trials are enough. Delete one first."), name="trial.too_many")


def read(trial: Trial, *, tell: Callable[[int, int], None]) -> None:
    """Turn the file of a trial into sums and what they say, and let go of the file.

    A file that cannot be read leaves a sentence. Read again, an unfinished reading is done anew.
    """
    from kohorte.engine import Engine
    from kohorte.errors import KohorteError
    from kohorte.experiments import sums
    from kohorte.reading import ReadOptions

    declared = plans.of_record(trial.plan) if trial.plan else None
    folder = _folder(trial.shop_id, trial.folder)
    try:
        with Engine(memory_limit=MEMORY_LIMIT) as engine:
            found = sums.of_file(
                folder / trial.file_name,
                connection=engine.connection,
                folder=folder,
                options=ReadOptions(),
                tell=tell,
                percent=declared.cut_percent if declared else plans.CUTS[0],
            )
    except KohorteError as fault:
        _keep(trial, state=FAILED, fault=codec.pack(fault.sentence))
    else:
        choice = plans.choice(declared, found) if declared else choices.guess(found)
        result = choices.read(choice, found) if choice.is_whole else {}
        _keep(
            trial,
            state=READ if result else ASKING,
            customers=found.rows,
            sums=codec.pack(sums.as_record(found)),
            columns=choices.columns(found),
            choice=choices.as_record(choice),
            result=result,
            verdict=result.get("verdict", ""),
        )
    shutil.rmtree(folder, ignore_errors=True)


@transaction.atomic
def _keep(trial: Trial, **found: object) -> None:
    """Keep what was read, unless the file was dropped meanwhile, and perhaps another one sent."""
    waiting = Trial.objects.filter(pk=trial.pk, state=READING, folder=trial.folder)
    if waiting.update(folder="", **found):
        trial.refresh_from_db()
        _note("trial.read", trial, actor=JOB)


@transaction.atomic
def choose(shop: Shop, number: int, choice: Choice, *, actor: Actor) -> Trial:
    """Read a trial in another way; its sums answer at once.

    Raises
    ------
    Refused
        It cannot be read so, or is not read yet; nothing has changed then.
    """
    from kohorte.experiments import sums

    trial = queries.one(shop, number, lock=True)
    if trial.sums is None:
        raise Refused(_("The file is not read yet."), name="trial.not_read")
    found = sums.of_record(codec.unpack(trial.sums))
    choices.require(choice, found)
    trial.choice, trial.result = choices.as_record(choice), choices.read(choice, found)
    trial.state, trial.verdict = READ, trial.result["verdict"]
    trial.save(update_fields=["choice", "result", "state", "verdict"])
    _note("trial.chosen", trial, actor=actor)
    return trial


@transaction.atomic
def rename(shop: Shop, number: int, name: str, *, actor: Actor) -> None:
    """Give a trial another name; one that was planned keeps its name once its file is there.

    Raises
    ------
    Refused
        The name is empty, or belongs to a plan that was read.
    """
    trial = queries.one(shop, number, lock=True)
    if trial.plan and trial.state != PLANNED:
        said = _("What was planned stays as it was, and so does its name.")
        raise Refused(said, name="trial.is_planned", fields={"name": said})
    trial.name = _named(name)
    trial.save(update_fields=["name"])
    _note("trial.renamed", trial, actor=actor)


@transaction.atomic
def delete(shop: Shop, number: int, *, actor: Actor) -> Trial:
    """Delete a trial; it can be brought back for a month."""
    trial = queries.one(shop, number, lock=True)
    Trial.objects.filter(pk=trial.pk).update(deleted_at=clock.now())
    _note("trial.deleted", trial, actor=actor)
    return trial


@transaction.atomic
def restore(shop: Shop, number: int, *, actor: Actor) -> Trial:
    """Bring back what was deleted."""
    trial = queries.one(shop, number, lock=True, is_deleted=True)
    Trial.objects.filter(pk=trial.pk).update(deleted_at=None)
    _note("trial.restored", trial, actor=actor)
    return trial


def purge() -> int:
    """Delete for good what was deleted long ago, and files that nobody read; return how many trials."""
    now = clock.now()
    for trial in Trial.objects.filter(state=READING, sent_at__lt=now - WAITS):
        drop_file(trial)
        Trial.objects.filter(pk=trial.pk, state=READING).update(state=FAILED, folder="")
    count, _each = Trial.objects.filter(deleted_at__lt=now - KEPT).delete()
    return count


def _plain(text: str) -> str:
    """Return what somebody wrote on one line, without signs that steer a terminal or that no store takes."""
    return " ".join(_STEERING.sub(" ", text).split())


def _named(name: str) -> str:
    name = _plain(name)
    said = _("Give the trial a name of up to 80 characters.")
    if not name or len(name) > NAME_MAX:
        raise Refused(said, name="trial.has_no_name", fields={"name": said})
    return name


def drop_file(trial: Trial) -> None:
    """Let go of the file of a trial."""
    if trial.folder:
        shutil.rmtree(_folder(trial.shop_id, trial.folder), ignore_errors=True)


def _folder(shop_id: int, folder: str) -> Path:
    return Path(settings.DATA) / "trials" / str(shop_id) / folder


def _note(name: str, trial: Trial, *, actor: Actor) -> None:
    audit.note(name, actor=actor, shop_id=trial.shop_id, about=("trial", trial.pk))
