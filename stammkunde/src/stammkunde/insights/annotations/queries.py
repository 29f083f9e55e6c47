"""Reads of annotations, each within its shop."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound
from stammkunde.core.shops.models import Shop
from stammkunde.insights.annotations.models import Annotation


def of_shop(shop: Shop, *, words: str = "", metric: str = "") -> QuerySet[Annotation]:
    """Return the annotations of a shop, the latest first.

    Parameters
    ----------
    words
        Only those whose text holds all of these, whatever their case.
    metric
        Only those of this metric, and those of all.
    """
    found = Annotation.objects.filter(shop=shop)
    for word in words.split():
        found = found.filter(text__icontains=word)
    if metric:
        found = found.filter(metric__in=("", metric))
    return found.order_by("-starts_on", "-id")


def within(
    shop: Shop, first: dt.date, end: dt.date, *, metric: str | None = None
) -> list[Annotation]:
    """Return the annotations that touch days, the earliest first.

    Parameters
    ----------
    first, end
        The first day, and the day after the last.
    metric
        Those of this metric and of all; those of every metric unless given.
    """
    found = Annotation.objects.filter(shop=shop, starts_on__lt=end, ends_on__gte=first)
    if metric is not None:
        found = found.filter(Q(metric="") | Q(metric=metric))
    return list(found.order_by("starts_on", "id"))


def one(shop: Shop, annotation_id: int, *, lock: bool = False) -> Annotation:
    """Return an annotation of a shop.

    Raises
    ------
    NotFound
        The shop has no such annotation.
    """
    found = Annotation.objects.filter(shop=shop, pk=annotation_id)
    annotation = (found.select_for_update() if lock else found).first()
    if annotation is None:
        raise NotFound(_("There is no such annotation."), name="annotation.unknown")
    return annotation
