"""What the ledger contributes to the export and the erasure of a person."""

from __future__ import annotations

import dataclasses
from typing import Any

from stammkunde.features.wallets import services
from stammkunde.features.wallets.models import Wallet
from stammkunde.ledger import queries
from stammkunde.ledger.books import terms
from stammkunde.ledger.books.statements import statement
from stammkunde.records.customers.privacy import Person

LINES_MAX = 100_000


def export(person: Person) -> dict[str, Any]:
    """Return what a person has of each unit, in which lots, and every booking."""
    shop = person.customer.shop
    balances, lots, bookings = [], [], []
    for unit in terms.units(shop):
        for owner in services.owners_of(person.customer):
            told = statement(unit.pk, owner, lines_max=LINES_MAX)
            if not told.lines:
                continue
            found = queries.balances(shop.pk, unit.code, owner)
            balances.append({"unit": unit.name, **dataclasses.asdict(found)})
            lots += [
                {
                    "unit": unit.name, "source": lot.source, "earned": lot.earned,
                    "pending": lot.pending, "available": lot.available, "held": lot.held,
                    "expires_at": lot.expires_at,
                }
                for lot in queries.lots(shop.pk, unit.code, owner, open_only=True)
            ]  # fmt: skip
            bookings += [
                {
                    "unit": unit.name, "at": line.at, "kind": line.kind, "cause": line.cause,
                    "amount": line.amount, "balance": line.balance,
                }
                for line in told.lines
            ]  # fmt: skip
    return {"balances": balances, "lots": lots, "bookings": bookings}


def erase(person: Person) -> dict[str, int]:
    """Forget whose accounts they are: bookings stay under a key that nobody can be told by any more."""
    deleted, _by_kind = Wallet.objects.filter(customer_id__in=person.ids).delete()
    return {"wallets": deleted}
