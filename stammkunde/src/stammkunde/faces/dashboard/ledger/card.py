"""What a customer has of each unit, for the page of the customer."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from stammkunde.faces.dashboard.access import Visit
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger.models import OWNED, Account
from stammkunde.records.customers.models import Customer


@dataclass(frozen=True)
class Card:
    """One unit: what can be used now, what is to come, and where the account is."""

    name: str
    available: str
    pending: str
    url: str


def of(visit: Visit, customer: Customer) -> list[Card]:
    """Return what a customer has, nothing for whoever may not know."""
    if not visit.may("ledger.read"):
        return []
    keys = [owner.id for owner in wallets.owners_of(customer)]
    if not keys:
        return []
    rows = Account.objects.filter(
        shop_id=visit.shop.pk, owner_kind=wallets.KIND, owner_id__in=keys, role__in=OWNED
    ).select_related("unit")
    found: dict[tuple[int, str], dict[str, Account]] = {}
    for row in rows.order_by("unit__name", "pk"):
        found.setdefault((row.unit_id, row.owner_id), {})[row.role] = row
    cards = []
    for (_unit_id, key), accounts in found.items():
        unit = accounts["available"].unit
        pending = accounts["pending"].balance or 0
        cards.append(
            Card(
                unit.name,
                showing.amount(accounts["available"].balance, unit),
                showing.amount(pending, unit) if pending else "",
                reverse(
                    "ledger_accounts_account", args=[visit.shop.slug, unit.code, wallets.KIND, key]
                ),
            )
        )
    return cards
