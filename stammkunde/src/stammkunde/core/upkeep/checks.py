"""Looks an installation over: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core import checks as django_checks
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from stammkunde.core import append_only, clock
from stammkunde.core.audit.models import Event
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.upkeep import backups, starting

SKEW_SECONDS = 30
ROOM_LOW, ROOM_NONE = 2 * 1024**3, 200 * 1024**2


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    state
        `fine`, `odd` (works, but look at it) or `wrong`.
    sentence
        What was found.
    remedy
        What to do about it; empty where all is well.
    """

    state: Literal["fine", "odd", "wrong"]
    sentence: str | Promise
    remedy: str | Promise = ""


def fine(sentence: str) -> Finding:
    return Finding("fine", sentence)


def everything() -> Iterator[Finding]:
    """Look at all parts; what needs the database is left out where it does not answer."""
    yield from _settings()
    yield from _folders()
    yield from _room()
    try:
        connection.ensure_connection()
    except DatabaseError as fault:
        yield Finding(
            "wrong",
            _("The database does not answer: %(fault)s") % {"fault": str(fault).strip()},
            _("Check DATABASE_URL and whether the server runs."),
        )
        return
    yield fine(_("The database answers (%(name)s).") % {"name": connection.display_name})
    try:
        steps = starting.pending()
    except Refused as fault:
        yield Finding("wrong", str(fault))
        return
    if steps:
        yield Finding(
            "wrong",
            _("The database is not up to date; steps missing: %(count)s.") % {"count": steps},
            _("Start `stammkunde serve`, which does them."),
        )
        return
    yield fine(_("The database is up to date."))
    parts: tuple[Callable[[], Iterator[Finding]], ...] = (_clock, _triggers, _jobs)
    for part in parts:
        yield from part()


def _settings() -> Iterator[Finding]:
    faults = [each for each in django_checks.run_checks() if each.is_serious()]
    for each in faults:
        yield Finding("wrong", each.msg, each.hint or "")
    if settings.DEBUG:
        yield Finding(
            "odd",
            _("Developer mode is on."),
            _("Set STAMMKUNDE_DEBUG=0 before others can reach this machine."),
        )
    if not settings.DEBUG and not settings.HTTPS:
        yield Finding(
            "odd",
            _("Passwords and cookies travel unencrypted."),
            _("Put a server with HTTPS in front and set STAMMKUNDE_HTTPS=1."),
        )
    if not faults:
        yield fine(_("The settings can be used."))


def _folders() -> Iterator[Finding]:
    places = [Path(settings.DATA)]
    if connection.vendor == "sqlite":
        places.append(Path(connection.settings_dict["NAME"]).absolute().parent)
    for place in dict.fromkeys(places):
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                yield fine(_("The folder %(folder)s can be written.") % {"folder": place})
        except OSError:
            account = os.environ.get("USER") or str(os.getuid())
            yield Finding(
                "wrong",
                _("The folder %(folder)s cannot be written.") % {"folder": place},
                _("Give it to the account that runs Stammkunde (%(account)s).")
                % {"account": account},
            )
    if backups.is_unfinished():
        yield Finding(
            "wrong",
            _("A restore was interrupted before all files were in place."),
            _("Run `stammkunde restore` with the same file and --replace."),
        )


def _room() -> Iterator[Finding]:
    places = [Path(settings.DATA)]
    if connection.vendor == "sqlite":
        places.append(Path(connection.settings_dict["NAME"]).absolute().parent)
    existing = [place for place in places if place.exists()]
    if not existing:
        return
    free = min(shutil.disk_usage(place).free for place in existing)
    words = {"free": f"{free / 1024**3:.1f}"}
    if free >= ROOM_LOW:
        yield fine(_("Room on the disk: %(free)s GiB.") % words)
        return
    yield Finding(
        "odd" if free >= ROOM_NONE else "wrong",
        _("Little room on the disk: %(free)s GiB.") % words,
        _("Make room or move the data folder (STAMMKUNDE_DATA)."),
    )


def _clock() -> Iterator[Finding]:
    remedy = _("Let the machine set its clock by the network (NTP).")
    here, there = clock.now(), clock.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            there = cursor.fetchone()[0]
    last = Event.objects.order_by("-id").values_list("at", flat=True).first()
    ahead = abs((here - there).total_seconds())
    if ahead > SKEW_SECONDS:
        yield Finding(
            "wrong",
            _("The clocks of this machine and the database are %(seconds)s seconds apart.")
            % {"seconds": round(ahead)},
            remedy,
        )
    elif last and last > here + dt.timedelta(seconds=SKEW_SECONDS):
        yield Finding("wrong", _("The clock has been set back: the log is ahead of it."), remedy)
    else:
        yield fine(_("The clock agrees with the database."))


def _triggers() -> Iterator[Finding]:
    MigrationLoader(connection)  # reads all steps, and with them what they protect
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    open_ones = sorted(
        table
        for table in append_only.PROTECTED
        if not {f"{table}_no_update", f"{table}_no_delete"} <= there
    )
    for table in open_ones:
        yield Finding(
            "wrong",
            _("Rows of the table %(table)s can be changed, though they must not be.")
            % {"table": table},
            _("Somebody has removed its triggers. Restore a backup, or ask for help."),
        )
    if not open_ones:
        yield fine(_("What must not be changed cannot be changed."))


def _jobs() -> Iterator[Finding]:
    state = jobs.state()
    found = (
        (
            "wrong",
            state.late,
            _("Jobs that should have begun long ago: %(count)s."),
            _("Start `stammkunde worker`, or look why it does not get through."),
        ),
        (
            "wrong",
            state.abandoned,
            _("Jobs whose worker has vanished: %(count)s."),
            _("Start `stammkunde worker`: it takes them over."),
        ),
        (
            "odd",
            state.unknown,
            _("Jobs that this version does not know: %(count)s."),
            _("Let all machines run the same version."),
        ),
        (
            "odd",
            state.failed,
            _("Jobs that have failed since yesterday: %(count)s."),
            _("The page “Jobs” of the shop says why, and can try them again."),
        ),
    )
    for kind, count, sentence, remedy in found:
        if count:
            yield Finding(kind, sentence % {"count": count}, remedy)  # type: ignore[arg-type]
    if not any(count for _kind, count, _sentence, _remedy in found):
        yield fine(_("Background work keeps up."))
