"""Verbs of scheduled exports: decide, make a file, delete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import metrics
from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.insights.outputs import files, queries
from stammkunde.insights.outputs.models import (
    FAILED,
    FORMATS,
    GRAINS,
    KEPT_MAX,
    MADE,
    RHYTHMS,
    File,
    Schedule,
)

MOST = 50


@transaction.atomic
def add(shop: Shop, *, actor: Actor, **said: Any) -> Schedule:
    """Schedule an export.

    Raises
    ------
    Refused
        It cannot be so, or there are that many already.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)
    if queries.of_shop(shop).count() >= MOST:
        raise Refused(_("That many exports are enough. Delete one first."), name="output.many")
    schedule = Schedule(shop=shop, made_at=clock.now(), **said)
    _require_possible(schedule)
    schedule.save(force_insert=True)
    audit.note(
        "output.scheduled", actor=actor, shop_id=shop.pk, about=("output", schedule.pk),
        rhythm=schedule.rhythm,
    )  # fmt: skip
    return schedule


@transaction.atomic
def change(shop: Shop, schedule_id: int, *, actor: Actor, **said: Any) -> Schedule:
    """Change a scheduled export; files that were made stay.

    Raises
    ------
    NotFound
        The shop has no such export.
    Refused
        It cannot be so; nothing has changed then.
    """
    schedule = queries.one(shop, schedule_id, lock=True)
    for name, value in said.items():
        setattr(schedule, name, value)
    _require_possible(schedule)
    schedule.save()
    audit.note(
        "output.changed", actor=actor, shop_id=shop.pk, about=("output", schedule.pk),
        rhythm=schedule.rhythm, is_paused=schedule.is_paused,
    )  # fmt: skip
    return schedule


def delete(shop: Shop, schedule_id: int, *, actor: Actor) -> None:
    """Delete a scheduled export with all its files."""
    with transaction.atomic():
        schedule = queries.one(shop, schedule_id, lock=True)
        kept = Schedule(pk=schedule.pk, shop=shop)
        count = schedule.files.filter(state=MADE).count()
        schedule.delete()
        audit.note(
            "output.deleted", actor=actor, shop_id=shop.pk, about=("output", schedule_id),
            files=count,
        )  # fmt: skip
    files.drop_all(kept)


def delete_file(shop: Shop, file_id: int, *, actor: Actor) -> None:
    """Delete one file; the export goes on."""
    with transaction.atomic():
        file = queries.file(shop, file_id)
        File.objects.filter(pk=file.pk).delete()
        audit.note(
            "output.file_deleted", actor=actor, shop_id=shop.pk, about=("output", file.schedule_id)
        )
    files.drop(file)


def make(
    schedule: Schedule, due_on: dt.date, name: str, lines: Iterable[str], *, rows: int, actor: Actor
) -> File:
    """Write the file of a day, let the store know it, and let go of the oldest beyond those kept.

    The file is whole before the store names it; a worker that dies in between leaves a file that the
    next attempt replaces.
    """
    size = files.write(schedule, name, lines)
    with transaction.atomic():
        other = list(queries.files(schedule).filter(due_on=due_on).exclude(name=name))
        found, _made = File.objects.update_or_create(
            schedule=schedule,
            due_on=due_on,
            defaults={
                "name": name, "state": MADE, "rows": rows, "bytes": size, "made_at": clock.now(),
            },
        )  # fmt: skip
        old = list(queries.files(schedule)[schedule.kept :])
        File.objects.filter(pk__in=[each.pk for each in old]).delete()
        audit.note(
            "output.made", actor=actor, shop_id=schedule.shop_id, about=("output", schedule.pk),
            rows=rows, bytes=size,
        )  # fmt: skip
    for each in (*old, *other):
        files.drop(each)
    return found


def fail(schedule: Schedule, due_on: dt.date) -> None:
    """Write down that there is no file of a day."""
    File.objects.update_or_create(schedule=schedule, due_on=due_on, defaults={"state": FAILED})


def claim_notice(file: File) -> bool:
    """Return whether somebody is to be told of a file, and nobody was before."""
    if file.schedule.told_id is None:
        return False
    found = File.objects.filter(pk=file.pk, told_at=None)
    return bool(found.update(told_at=clock.now()))


def _require_possible(schedule: Schedule) -> None:
    fields: dict[str, str | Promise] = {}
    schedule.name = " ".join(schedule.name.split())
    if not schedule.name:
        fields["name"] = _("Give it a name.")
    if set(schedule.metrics) - metrics.every().keys():
        fields["metrics"] = _("There is no such metric.")
    if not 1 <= schedule.kept <= KEPT_MAX:
        fields["kept"] = _("Keep between 1 and %(most)s files.") % {"most": KEPT_MAX}
    for name, known in (("grain", GRAINS), ("format", FORMATS), ("rhythm", RHYTHMS)):
        if getattr(schedule, name) not in dict(known):
            fields[name] = _("Choose one of them.")
    if fields:
        raise Refused(" ".join(map(str, fields.values())), name="output.impossible", fields=fields)
