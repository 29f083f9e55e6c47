"""Reads of the ledger: what somebody has, and in which lots."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from stammkunde.core import bulk
from stammkunde.ledger import instants
from stammkunde.ledger.auditing import Finding, audit
from stammkunde.ledger.commands import Balances, Owner
from stammkunde.ledger.models import OWNED, Account, Transaction, Unit

__all__ = [
    "Finding",
    "OpenLot",
    "audit",
    "balances",
    "balances_of",
    "effective_at",
    "lots",
    "with_available",
]
# Written out and not bound: only so does SQLite find the index of accounts by balance.
_AVAILABLE = RawSQL("'available'", ())  # a word of ours


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot as it stands.

    Parameters
    ----------
    pending, available, held
        Its open parts; the rest of what was `earned` is gone.
    origin_id
        The transaction that gave it.
    restores_id
        The lot that it stands for, where what was given back would have expired too soon.
    """

    id: int
    origin_id: int
    source: str
    quantity: int
    earned: int
    pending: int
    available: int
    held: int
    available_at: dt.datetime
    expires_at: dt.datetime | None
    policy: str
    unit_value_minor: int | None
    restores_id: int | None


def balances(shop_id: int, unit: str, owner: Owner) -> Balances:
    """Return what an owner has of a unit; zeros for one who never had any."""
    found = dict(
        bulk.select(
            "SELECT a.role, a.balance FROM ledger_unit u JOIN ledger_account a ON a.unit_id = u.id "
            "WHERE u.shop_id = %s AND u.code = %s AND a.owner_kind = %s AND a.owner_id = %s",
            (shop_id, unit, owner.kind, owner.id),
        )
    )
    return Balances(**{role: found.get(role) or 0 for role in OWNED})


def balances_of(
    units: Iterable[Unit], owners: Iterable[Owner]
) -> dict[tuple[int, Owner, str], int]:
    """Return what owners have, by the id of the unit and the role; nothing where they have no account."""
    wanted = set(owners)
    rows = Account.objects.filter(
        unit__in=list(units),
        owner_kind__in={each.kind for each in wanted},
        owner_id__in={each.id for each in wanted},
        role__in=OWNED,
    )
    found = {
        (row.unit_id, Owner(row.owner_kind, row.owner_id), row.role): row.balance or 0
        for row in rows
    }
    return {key: amount for key, amount in found.items() if key[1] in wanted}


def effective_at(shop_id: int, *, scope: str, key: str) -> dt.datetime | None:
    """Return when what was booked under a key took effect; None where nothing was."""
    found = Transaction.objects.filter(shop_id=shop_id, scope=scope, key=key)
    return found.values_list("effective_at", flat=True).first()


def with_available(unit: Unit) -> QuerySet[Account]:
    """Return the accounts of what can be used of a unit, one for each owner; by balance without sorting."""
    return Account.objects.filter(shop_id=unit.shop_id, unit=unit, role=_AVAILABLE)


def lots(shop_id: int, unit: str, owner: Owner, *, open_only: bool = False) -> list[OpenLot]:
    """Return the lots of an owner in the order in which they are used: earliest expiry first.

    Parameters
    ----------
    open_only
        Leave out those in which nothing is left.
    """
    rows = bulk.select(
        "SELECT l.id, l.origin_id, l.source, l.quantity, l.earned, l.pending, l.available, l.held, "
        "l.available_at, l.expires_at, l.policy, l.unit_value_minor, l.restores_id "
        "FROM ledger_unit u JOIN ledger_lot l ON l.unit_id = u.id "
        "WHERE u.shop_id = %s AND u.code = %s AND l.owner_kind = %s AND l.owner_id = %s "
        + ("AND l.pending + l.available + l.held > 0 " if open_only else "")
        + "ORDER BY l.expires_at IS NULL, l.expires_at, l.id",
        (shop_id, unit, owner.kind, owner.id),
    )
    names = [each.name for each in dataclasses.fields(OpenLot)]
    return [
        OpenLot(
            **{
                **dict(zip(names, row, strict=True)),
                "available_at": instants.read(row[8]),
                "expires_at": instants.read_or_none(row[9]),
            }
        )
        for row in rows
    ]
