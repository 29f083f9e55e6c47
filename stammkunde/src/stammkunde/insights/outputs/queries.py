"""Reads of scheduled exports, each within its shop."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.insights.outputs.models import File, Schedule


def of_shop(shop: Shop) -> QuerySet[Schedule]:
    """Return the scheduled exports of a shop, by name."""
    return Schedule.objects.filter(shop=shop).select_related("told").order_by("name", "id")


def one(shop: Shop, schedule_id: int, *, lock: bool = False) -> Schedule:
    """Return a scheduled export of a shop.

    Raises
    ------
    NotFound
        The shop has no such export.
    """
    found = Schedule.objects.filter(shop=shop, pk=schedule_id)
    schedule = (found.select_for_update() if lock else found).first()
    if schedule is None:
        raise NotFound(_("There is no such export."), name="output.unknown")
    return schedule


def files(schedule: Schedule) -> QuerySet[File]:
    """Return the files of a scheduled export, the latest first."""
    return File.objects.filter(schedule=schedule).order_by("-due_on")


def file(shop: Shop, file_id: int) -> File:
    """Return a file of a shop.

    Raises
    ------
    NotFound
        The shop has no such file.
    """
    found = File.objects.filter(schedule__shop=shop, pk=file_id).select_related("schedule")
    one_ = found.first()
    if one_ is None:
        raise NotFound(_("There is no such file."), name="output.unknown_file")
    return one_
