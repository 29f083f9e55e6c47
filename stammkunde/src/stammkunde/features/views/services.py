"""Verbs of saved views: save, change, duplicate, move, delete, bring back."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.errors import Forbidden, Refused
from stammkunde.core.people.models import Person
from stammkunde.core.shops import rules
from stammkunde.core.shops.models import Shop
from stammkunde.core.shops.rules import Role
from stammkunde.features.views import queries
from stammkunde.features.views.models import NAME_MAX, View

MOST = 100
QUERY_MAX, TEXT_MAX = 4_000, 20_000
# So long a deleted view can be brought back.
KEPT = dt.timedelta(days=30)


@transaction.atomic
def save(
    shop: Shop,
    person: Person,
    name: str,
    *,
    page: str,
    about: str = "",
    query: str = "",
    text: str = "",
    is_shared: bool = False,
    role: Role,
    actor: Actor,
) -> View:
    """Save a page under a name.

    Raises
    ------
    Refused
        The name is taken or empty, what was chosen is too long, or there are too many.
    Forbidden
        The role may not share.
    """
    if len(query) > QUERY_MAX or len(text) > TEXT_MAX:
        raise Refused(gettext_lazy("This is too long to be saved."), name="view.too_long")
    found = queries.own(shop, person)
    if found.count() >= MOST:
        raise Refused(
            gettext_lazy("You have a hundred saved views. Delete one first."), name="view.too_many"
        )
    _require_sharing(is_shared, role)
    last = found.last()
    view = View(
        shop=shop, person=person, name=_named(name), page=page, about=about, query=query,
        text=text, is_shared=is_shared, rank=last.rank + 1 if last else 0,
    )  # fmt: skip
    _write(view)
    audit.note(
        "view.saved", actor=actor, shop_id=shop.pk, about=("view", view.pk), is_shared=is_shared
    )
    return view


@transaction.atomic
def change(
    view: View, person: Person, *, name: str, is_shared: bool, role: Role, actor: Actor
) -> None:
    """Give a view another name, share it, or no longer.

    Raises
    ------
    Refused
        The name is taken or empty.
    Forbidden
        It is somebody else's, or the role may not share.
    """
    view = queries.one(view.shop, person, view.pk, lock=True)
    _require_own(view, person, role=role, to_share=is_shared)
    _require_sharing(is_shared and not view.is_shared, role)
    view.name, view.is_shared = _named(name), is_shared
    _write(view)
    about = ("view", view.pk)
    audit.note("view.changed", actor=actor, shop_id=view.shop_id, about=about, is_shared=is_shared)


@transaction.atomic
def duplicate(view: View, person: Person, *, role: Role, actor: Actor) -> View:
    """Save a view once more, as one's own, under a name that is free."""
    taken = set(queries.own(view.shop, person).values_list("name", flat=True))
    number, name = 2, view.name
    while name in taken:
        name = _("%(name)s (%(number)s)") % {"name": view.name[: NAME_MAX - 8], "number": number}
        number += 1
    return save(
        view.shop, person, name, page=view.page, about=view.about, query=view.query,
        text=view.text, role=role, actor=actor,
    )  # fmt: skip


@transaction.atomic
def move(view: View, person: Person, *, by: int) -> None:
    """Move one's own view up (-1) or down (1)."""
    found = list(queries.own(view.shop, person).select_for_update())
    place = next((number for number, each in enumerate(found) if each.pk == view.pk), None)
    if place is None or not 0 <= place + by < len(found):
        return
    found.insert(place + by, found.pop(place))
    for rank, each in enumerate(found):
        each.rank = rank
    View.objects.bulk_update(found, ["rank"])


@transaction.atomic
def delete(view: View, person: Person, *, role: Role, actor: Actor) -> None:
    """Delete a view; its owner can bring it back for a month.

    Raises
    ------
    Forbidden
        It is somebody else's; owners of the shop may delete what is shared.
    """
    view = queries.one(view.shop, person, view.pk, lock=True)
    _require_own(view, person, role=role, to_share=False)
    View.objects.filter(pk=view.pk).update(deleted_at=clock.now())
    audit.note("view.deleted", actor=actor, shop_id=view.shop_id, about=("view", view.pk))


@transaction.atomic
def restore(shop: Shop, person: Person, number: int, *, actor: Actor) -> View:
    """Bring back what one deleted.

    Raises
    ------
    Refused
        Another view has its name meanwhile.
    """
    view = queries.deleted(shop, person, number)
    view.deleted_at = None
    _write(view)
    audit.note("view.restored", actor=actor, shop_id=view.shop_id, about=("view", view.pk))
    return view


def purge() -> int:
    """Delete for good what was deleted long ago; return how much there was."""
    count, _each = View.objects.filter(deleted_at__lt=clock.now() - KEPT).delete()
    return count


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise Refused(
            gettext_lazy("Give the view a name of up to 80 characters."),
            name="view.has_no_name",
            fields={"name": gettext_lazy("Give the view a name of up to 80 characters.")},
        )
    return name


def _write(view: View) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as fault:
        said = gettext_lazy("You have a view of this name already.")
        raise Refused(said, name="view.name_is_taken", fields={"name": said}) from fault


def _require_sharing(is_shared: bool, role: Role) -> None:
    if is_shared and not rules.may(role, "views.share"):
        raise Forbidden(
            gettext_lazy("Your role may save views for yourself, not share them."),
            name="view.sharing_forbidden",
        )


def _require_own(view: View, person: Person, *, role: Role, to_share: bool) -> None:
    if view.person_id == person.pk or (role == "owner" and not to_share):
        return
    raise Forbidden(
        gettext_lazy("This view is somebody else’s. Duplicate it to have one of your own."),
        name="view.is_anothers",
    )
