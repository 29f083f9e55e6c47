"""Background work of scheduled exports: every morning what is due, and what somebody asks for."""

from __future__ import annotations

import datetime as dt
import json
import logging
import smtplib
from collections.abc import Iterable

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import metrics
from kohorte.language import Language
from kohorte.results import Row
from stammkunde.core import clock
from stammkunde.core.audit.services import JOB, Actor
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import services as jobs
from stammkunde.core.shops.models import Shop
from stammkunde.faces import exports
from stammkunde.faces.dashboard.insights import series_file
from stammkunde.faces.dashboard.insights.board import Numbers
from stammkunde.faces.dashboard.monthly import mailing
from stammkunde.insights import services as insights
from stammkunde.insights.models import Snapshot
from stammkunde.insights.monthly.queries import members
from stammkunde.insights.outputs import queries, rules, services
from stammkunde.insights.outputs.models import MADE, File, Schedule
from stammkunde.insights.questions import Question, series

logger = logging.getLogger(__name__)
DUE, ONE = "outputs.due", "outputs.make"
AGAIN = dt.timedelta(minutes=15)


@jobs.work(DUE, title=_("Make scheduled exports"))
def due(run: jobs.Running) -> str | Promise | None:
    """Make the files that are due and not there; each day's file once."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    wanted = [
        (schedule, due_on)
        for schedule in queries.of_shop(shop)
        if not schedule.is_paused
        for due_on in [_due_on(schedule, shop)]
        if due_on >= schedule.made_at.date()
        and not schedule.files.filter(due_on=due_on, state=MADE).exists()
    ]
    if not wanted:
        return None
    snapshot = insights.settled(shop)
    if snapshot is None:
        jobs.enqueue(DUE, shop_id=shop.pk, key="later", run_at=clock.now() + AGAIN, actor=JOB)
        return _("The numbers are being computed; the files follow them.")
    for schedule, due_on in wanted:
        run.stop_if_cancelled()
        _make(schedule, due_on, shop, snapshot, actor=JOB)
    return None


@jobs.work(ONE, title=_("Make an export"))
def make(run: jobs.Running) -> None:
    """Make one file that somebody asked for, with the numbers that there are."""
    shop = Shop.objects.get(pk=run.shop_id or 0)
    schedule = queries.one(shop, run.args["output"])
    snapshot = insights.shown(shop).snapshot
    due_on = _due_on(schedule, shop)
    if snapshot is None:
        services.fail(schedule, due_on)
        raise Refused(_("There are no numbers yet. Import orders first."), name="output.no_numbers")
    actor = Actor(run.job.actor_kind, run.job.actor_id)  # type: ignore[arg-type]  # as it was written
    _make(schedule, due_on, shop, snapshot, actor=actor)


def _due_on(schedule: Schedule, shop: Shop) -> dt.date:
    today = clock.today(shop.zone)
    return rules.due_on(today, rhythm=schedule.rhythm, week_start=shop.week_start)


def _make(
    schedule: Schedule, due_on: dt.date, shop: Shop, snapshot: Snapshot, *, actor: Actor
) -> None:
    language: Language = "de" if shop.language == "de" else "en"
    with translation.override(language):
        numbers = Numbers(shop, snapshot, language)
        measurable = Question("measurable")
        known = numbers.known([measurable]).get(measurable, ())
        slugs = [slug for slug in metrics.every() if slug in (schedule.metrics or known)]
        asked = [series(slug, schedule.grain) for slug in slugs]  # type: ignore[arg-type]
        found = numbers.known(asked)
        rows = [row for one in asked for row in found.get(one, ()) if isinstance(row, Row)]
        cells = list(series_file.cells(rows, numbers))
        name = f"{schedule.pk}-{due_on.isoformat()}.{schedule.format}"
        try:
            made = services.make(
                schedule, due_on, name, _text(schedule, cells), rows=len(cells), actor=actor
            )
        except OSError:
            services.fail(schedule, due_on)
            raise
        _tell(made, shop)


def _text(schedule: Schedule, cells: list[list[object]]) -> Iterable[str]:
    """Return the lines of a file."""
    if schedule.format == "csv":
        return exports.lines([series_file.COLUMNS, *cells])
    listed = [dict(zip(series_file.COLUMNS, each, strict=True)) for each in cells]
    return [json.dumps(listed, ensure_ascii=False, indent=1, default=str), "\n"]


def _tell(made: File, shop: Shop) -> None:
    """Tell whoever wants to know that there is a file; once, and never with the data."""
    schedule = made.schedule
    person = schedule.told
    if person is None or person not in members(shop) or not mailing.is_possible():
        return
    if not services.claim_notice(made):
        return
    page = schedule.address + reverse("outputs_output", args=[shop.slug, schedule.pk])
    values = {"schedule": schedule, "shop": shop, "file": made, "page": page}
    subject = render_to_string("mails/output_subject.txt", values)
    text = render_to_string("mails/output.txt", values)
    message = EmailMessage(" ".join(subject.split()), text.strip() + "\n", to=[person.email])
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as fault:
        # The page shows the file all the same.
        logger.error("A notice could not be sent: %s", type(fault).__name__)


jobs.every(DUE, at="06:00", per_shop=True)
