"""Verbs that change annotations: write, change, delete."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import metrics
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Refused
from stammkunde.core.shops.models import Shop
from stammkunde.insights.annotations import queries
from stammkunde.insights.annotations.models import TEXT_MAX, Annotation


@transaction.atomic
def add(
    shop: Shop,
    *,
    starts_on: dt.date,
    text: str,
    ends_on: dt.date | None = None,
    metric: str = "",
    actor: Actor,
) -> Annotation:
    """Write down what happened on a day, or from one to another.

    Raises
    ------
    Refused
        It has no text, its last day lies before the first, or there is no such metric.
    """
    annotation = Annotation(shop=shop)
    _fill(annotation, starts_on=starts_on, ends_on=ends_on, text=text, metric=metric)
    annotation.save(force_insert=True)
    # The text may name somebody, and the log outlives an erasure: it holds the day alone.
    audit.note(
        "annotation.written",
        actor=actor,
        shop_id=shop.pk,
        about=("annotation", annotation.pk),
        since=annotation.starts_on.isoformat(),
    )
    return annotation


@transaction.atomic
def change(
    shop: Shop,
    annotation_id: int,
    *,
    starts_on: dt.date,
    text: str,
    ends_on: dt.date | None = None,
    metric: str = "",
    actor: Actor,
) -> Annotation:
    """Change an annotation.

    Raises
    ------
    NotFound
        The shop has no such annotation.
    Refused
        As when it is written; nothing has changed then.
    """
    annotation = queries.one(shop, annotation_id, lock=True)
    _fill(annotation, starts_on=starts_on, ends_on=ends_on, text=text, metric=metric)
    annotation.save()
    audit.note(
        "annotation.changed",
        actor=actor,
        shop_id=shop.pk,
        about=("annotation", annotation.pk),
        since=annotation.starts_on.isoformat(),
    )
    return annotation


@transaction.atomic
def delete(shop: Shop, annotation_id: int, *, actor: Actor) -> None:
    """Delete an annotation; charts no longer show it."""
    annotation = queries.one(shop, annotation_id, lock=True)
    since = annotation.starts_on.isoformat()
    annotation.delete()
    audit.note(
        "annotation.deleted",
        actor=actor,
        shop_id=shop.pk,
        about=("annotation", annotation_id),
        since=since,
    )


def _fill(
    annotation: Annotation, *, starts_on: dt.date, ends_on: dt.date | None, text: str, metric: str
) -> None:
    fields: dict[str, str | Promise] = {}
    text = " ".join(text.split())
    if not text:
        fields["text"] = _("Say what happened.")
    elif len(text) > TEXT_MAX:
        fields["text"] = _("At most %(count)s characters.") % {"count": TEXT_MAX}
    if ends_on is not None and ends_on < starts_on:
        fields["ends_on"] = _("The last day lies before the first.")
    if metric and metric not in metrics.every():
        fields["metric"] = _("There is no such metric.")
    if fields:
        raise Refused(
            " ".join(map(str, fields.values())), name="annotation.impossible", fields=fields
        )
    annotation.starts_on, annotation.ends_on = starts_on, ends_on or starts_on
    annotation.text, annotation.metric = text, metric
