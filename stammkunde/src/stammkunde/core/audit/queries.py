"""Reads of the audit log."""

from __future__ import annotations

from django.db.models import QuerySet

from stammkunde.core.audit.models import Event


def of_shop(shop_id: int, *, before: int | None = None) -> QuerySet[Event]:
    """Return the events of a shop, newest first, older than one of them if given."""
    found = Event.objects.filter(shop_id=shop_id).order_by("-id")
    return found.filter(id__lt=before) if before else found


def about(shop_id: int, kind: str, key: object) -> QuerySet[Event]:
    """Return what happened to one thing of a shop, newest first."""
    return Event.objects.filter(shop_id=shop_id, object_kind=kind, object_id=str(key)).order_by(
        "-id"
    )
