"""What a customer has of each unit, for the page of the customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from stammkunde.faces.dashboard.access import Visit
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger import queries as ledger
from stammkunde.ledger.books import terms
from stammkunde.ledger.commands import Owner
from stammkunde.ledger.models import OWNED, Unit
from stammkunde.records.customers.models import Customer

# What a shop gives to campaigns stands with a customer only who has some of it.
RARE = ("budget",)


@dataclass(frozen=True)
class Card:
    """One unit: what the person can use now, what is to come or owed, and where the accounts are.

    Parameters
    ----------
    accounts
        Each account by whose it is, what can be used of it, and its page: several after a merge, none
        where nothing was ever booked.
    correct_url
        Where support corrects; empty for whoever may not.
    """

    name: str
    is_points: bool
    available: str
    pending: str
    debt: str
    accounts: list[tuple[str, str, str]]
    correct_url: str


def of(visit: Visit, customer: Customer) -> list[Card]:
    """Return what a customer has, unit by unit; nothing for whoever may not know."""
    if not visit.may("ledger.read"):
        return []
    owners = wallets.owners_of(customer)
    if customer.erased_at and not owners:
        return []
    units = terms.units(visit.shop)
    balances = ledger.balances_of(units, owners)
    cards = []
    for unit in units:
        theirs = [each for each in owners if (unit.pk, each, "available") in balances]
        if theirs or unit.kind not in RARE:
            found = {
                role: sum(balances.get((unit.pk, each, role), 0) for each in theirs)
                for role in OWNED
            }
            each = [balances.get((unit.pk, owner, "available"), 0) for owner in theirs]
            cards.append(_card(visit, customer, unit, theirs, each, found))
    return cards


def _card(
    visit: Visit,
    customer: Customer,
    unit: Unit,
    owners: Sequence[Owner],
    available: Sequence[int],
    found: dict[str, int],
) -> Card:
    # What one account owes is repaid by the others before anything is used.
    usable = found["available"] + found["debt"]
    shown = showing.owners(visit.shop, unit, owners)
    return Card(
        name=unit.name,
        is_points=unit.kind in ("points", "status"),
        available=showing.amount(max(usable, 0), unit),
        pending=showing.amount(found["pending"], unit) if found["pending"] else "",
        debt=showing.amount(-usable, unit) if usable < 0 else "",
        accounts=[
            (shown[owner].name, showing.amount(amount, unit), shown[owner].url)
            for owner, amount in zip(owners, available, strict=True)
        ],
        correct_url=reverse("customers_points", args=[visit.shop.slug, customer.pk, unit.code])
        if visit.may("ledger.adjust")
        else "",
    )
