"""What whoever looks after the installation sees and does: across shops, from the command line alone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count

from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.people import services as people
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Membership, Shop
from stammkunde.core.shops.rules import Role


def every_shop() -> list[tuple[Shop, int]]:
    """Return all shops by name, closed ones as well, each with its number of members."""
    found = Shop.objects.annotate(members=Count("memberships")).order_by("name", "id")
    return [(shop, shop.members) for shop in found]


def everybody() -> list[tuple[Person, list[str]]]:
    """Return all people by address, each with `shop:role` for every membership."""
    found = Person.objects.prefetch_related("memberships__shop").order_by("email")
    return [
        (person, sorted(f"{one.shop.slug}:{one.role}" for one in person.memberships.all()))
        for person in found
    ]


@transaction.atomic
def add(
    email: str,
    *,
    name: str,
    language: str,
    password: str,
    is_operator: bool,
    shop: Shop | None,
    role: Role,
    actor: Actor,
) -> Person:
    """Add a person, and let them join a shop if one is named: both or neither.

    Raises
    ------
    Refused
        The address is none or taken, or the password is weak.
    """
    person = people.create(
        email,
        name=name,
        language=language,
        password=password,
        is_operator=is_operator,
        actor=actor,
    )
    if shop:
        Membership.objects.create(shop=shop, person=person, role=role)
        audit.note(
            "person.joined",
            actor=actor,
            shop_id=shop.id,
            about=("person", person.pk),
            role=role,
            was_member=False,
        )
    return person
