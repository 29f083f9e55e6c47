"""Reads of trials, each within its shop."""

from __future__ import annotations

import zoneinfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.errors import NotFound
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.models import Shop
from stammkunde.insights.trials import choices, plans
from stammkunde.insights.trials.models import PLANNED, READ, RUNNING, VERDICTS, Trial
from stammkunde.insights.trials.plans import Deviation

WORK = "trials.read"
SHOWN = ((PLANNED, _("planned")), (RUNNING, _("running")), (READ, _("read")))


def of_shop(shop: Shop, *, name: str = "", verdict: str = "", state: str = "") -> QuerySet[Trial]:
    """Return the trials of a shop without their sums; those only whose name holds a text, or of a verdict.

    Parameters
    ----------
    state
        One of `SHOWN`: planned, running from the first day on, or read, which also means being read.
    """
    found = Trial.objects.filter(shop=shop, deleted_at__isnull=True)
    found = found.select_related("shop").defer("sums")
    if name:
        # PostgreSQL takes no text with a zero in it, and no name has one.
        found = found.none() if "\0" in name else found.filter(name__icontains=name)
    if verdict in dict(VERDICTS):
        found = found.filter(verdict=verdict)
    has_begun = Q(starts_on__isnull=False, starts_on__lte=clock.today(shop.zone))
    if state == PLANNED:
        return found.filter(~has_begun, state=PLANNED)
    if state == RUNNING:
        return found.filter(has_begun, state=PLANNED)
    return found.exclude(state=PLANNED) if state == READ else found


def state(trial: Trial) -> str:
    """Return the state of a trial today: a planned one runs from its first day on."""
    if trial.state != PLANNED or trial.starts_on is None:
        return trial.state
    return RUNNING if trial.starts_on <= clock.today(trial.shop.zone) else PLANNED


def deviations(trial: Trial) -> list[Deviation]:
    """Return what a trial's reading does in another way than planned; nothing before it is read."""
    if not trial.plan or not trial.result:
        return []
    zone = zoneinfo.ZoneInfo(trial.shop.zone)
    return list(
        plans.deviations(
            plans.of_record(trial.plan),
            choices.of_record(trial.choice),
            kinds=dict(trial.columns["kinds"]),
            customers=trial.customers or 0,
            sent_on=trial.sent_at.astimezone(zone).date() if trial.sent_at else None,
        )
    )


def one(shop: Shop, number: int, *, lock: bool = False, is_deleted: bool = False) -> Trial:
    """Return a trial of a shop.

    Raises
    ------
    NotFound
        The shop has no such trial.
    """
    found = Trial.objects.filter(shop=shop, pk=number, deleted_at__isnull=not is_deleted)
    trial = (found.select_for_update() if lock else found).first()
    if trial is None:
        raise NotFound(_("There is no such trial."), name="trial.unknown")
    return trial


def deleted(shop: Shop, number: int) -> Trial | None:
    """Return a trial of a shop that was deleted and can be brought back."""
    return Trial.objects.filter(shop=shop, pk=number, deleted_at__isnull=False).first()


def key(trial: Trial) -> str:
    """Return what the job that reads the file of a trial is known by; another file is another job."""
    return f"trial:{trial.pk}:{trial.folder}"


def reading(trial: Trial) -> Line | None:
    """Return the job that reads a trial."""
    return jobs.latest(trial.shop, key=key(trial))
