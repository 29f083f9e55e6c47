"""Verbs and reads of what the books know of units: branch, value, accounts, and the tax adviser's numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import Actor
from stammkunde.core.shops.models import Shop
from stammkunde.ledger.books import branches
from stammkunde.ledger.books.models import Adviser, Terms
from stammkunde.ledger.models import Unit
from stammkunde.ledger.refusals import UnknownUnit

_FIELDS = ("branch", "unit_value_minor", "owed", "cost", "used", "lapsed")


def units(shop: Shop) -> list[Unit]:
    """Return the units of a shop, by name."""
    return list(Unit.objects.filter(shop=shop).order_by("name", "pk"))


def unit(shop: Shop, code: str) -> Unit:
    """Return a unit of a shop.

    Raises
    ------
    UnknownUnit
        The shop has none of this code.
    """
    found = Unit.objects.filter(shop=shop, code=code).first()
    if found is None:
        raise UnknownUnit
    return found


def of(unit: Unit) -> Terms:
    """Return how a unit stands in the books: as was said, or as is usual for its kind.

    A unit of money is worth itself.
    """
    found = Terms.objects.filter(unit=unit).first()
    if found is None:
        value = Decimal(1) if unit.kind == "money" else None
        found = Terms(unit=unit, branch=branches.usual(unit.kind), unit_value_minor=value)
    return found


@transaction.atomic
def decide(shop: Shop, unit: Unit, *, actor: Actor, **said: Any) -> Terms:
    """Say how a unit stands in the books: any of branch, unit_value_minor and the accounts."""
    before = of(unit)
    after, _made = Terms.objects.update_or_create(
        unit=unit, defaults={name: said.get(name, getattr(before, name)) for name in _FIELDS}
    )
    changed = audit.changes(_plain(before), _plain(after))
    if changed:
        audit.note(
            "unit.terms_decided", actor=actor, shop_id=shop.pk, about=("unit", unit.pk),
            changed=changed,
        )  # fmt: skip
    return after


def adviser(shop: Shop) -> Adviser | None:
    """Return the numbers of the tax adviser, None until somebody says them."""
    return Adviser.objects.filter(shop=shop).first()


@transaction.atomic
def name_adviser(shop: Shop, *, actor: Actor, **said: Any) -> Adviser:
    """Say whose books they are: number, client, year_begins_month, account_digits."""
    found, _made = Adviser.objects.update_or_create(shop=shop, defaults=said)
    audit.note("books.adviser_named", actor=actor, shop_id=shop.pk, **said)
    return found


def _plain(terms: Terms) -> dict[str, str | None]:
    return {
        name: None if getattr(terms, name) is None else str(getattr(terms, name))
        for name in _FIELDS
    }
