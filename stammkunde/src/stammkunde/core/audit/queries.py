"""Reads of the audit log."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from stammkunde.core.audit.models import Event


def of_shop(shop_id: int, *, before: int | None = None) -> QuerySet[Event]:
    """Return the events of a shop, newest first, older than one of them if given."""
    found = Event.objects.filter(shop_id=shop_id).order_by("-id")
    return found.filter(id__lt=before) if before else found


def names(shop_id: int) -> list[str]:
    """Return what has happened in a shop so far, each name once."""
    found = Event.objects.filter(shop_id=shop_id).order_by("name")
    return list(found.values_list("name", flat=True).distinct())


def search(
    shop_id: int,
    *,
    name: str = "",
    person_id: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[Event]:
    """Return the events of a shop with a name, by a person, in a span; what is not given does not limit."""
    limits = {
        "name": name or None,
        "actor_id": person_id,
        "actor_kind": "person" if person_id else None,
        "at__gte": since,
        "at__lt": until,
    }
    return of_shop(shop_id).filter(**{key: value for key, value in limits.items() if value})


def about(shop_id: int, kind: str, key: object) -> QuerySet[Event]:
    """Return what happened to one thing of a shop, newest first."""
    return Event.objects.filter(shop_id=shop_id, object_kind=kind, object_id=str(key)).order_by(
        "-id"
    )
