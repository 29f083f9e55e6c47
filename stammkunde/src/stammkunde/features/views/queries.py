"""Reads of saved views, each within its shop and for one person."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.features.views.models import View


def own(shop: Shop, person: Person) -> QuerySet[View]:
    """Return somebody's own views in their order."""
    found = View.objects.filter(shop=shop, person=person, deleted_at__isnull=True)
    return found.order_by("rank", "id")


def shared(shop: Shop, person: Person) -> QuerySet[View]:
    """Return what others of the team share, by name."""
    found = View.objects.filter(shop=shop, is_shared=True, deleted_at__isnull=True)
    return found.exclude(person=person).select_related("person").order_by("name", "id")


def one(shop: Shop, person: Person, number: int, *, lock: bool = False) -> View:
    """Return a view that somebody may see.

    Raises
    ------
    NotFound
        There is none of this number, or it is somebody else's own.
    """
    return _first(
        View.objects.filter(
            Q(person=person) | Q(is_shared=True), shop=shop, pk=number, deleted_at__isnull=True
        ),
        lock=lock,
    )


def deleted(shop: Shop, person: Person, number: int) -> View:
    """Return a view that somebody deleted and can bring back.

    Raises
    ------
    NotFound
        There is none.
    """
    found = View.objects.filter(shop=shop, person=person, pk=number, deleted_at__isnull=False)
    return _first(found, lock=True)


def _first(found: QuerySet[View], *, lock: bool) -> View:
    view = (found.select_for_update() if lock else found).first()
    if view is None:
        raise NotFound(_("There is no such view."), name="view.unknown")
    return view
