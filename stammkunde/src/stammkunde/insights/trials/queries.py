"""Reads of trials, each within its shop."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.queries import Line
from stammkunde.core.shops.models import Shop
from stammkunde.insights.trials.models import VERDICTS, Trial

WORK = "trials.read"


def of_shop(shop: Shop, *, name: str = "", verdict: str = "") -> QuerySet[Trial]:
    """Return the trials of a shop without their sums; those only whose name holds a text, or of a verdict."""
    found = Trial.objects.filter(shop=shop, deleted_at__isnull=True).defer("sums")
    if name:
        found = found.filter(name__icontains=name)
    return found.filter(verdict=verdict) if verdict in dict(VERDICTS) else found


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


def key(trial: Trial) -> str:
    """Return what the job that reads a trial is known by."""
    return f"trial:{trial.pk}"


def reading(trial: Trial) -> Line | None:
    """Return the job that reads a trial."""
    return jobs.latest(trial.shop, key=key(trial))
