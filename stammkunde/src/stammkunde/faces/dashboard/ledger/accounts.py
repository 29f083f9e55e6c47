"""The list of accounts of a unit: searched, sorted and paged, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.audit import services as audit
from stammkunde.faces import exports
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.faces.dashboard.ledger.showing import Shown
from stammkunde.features.wallets import services as wallets
from stammkunde.features.wallets.models import Wallet
from stammkunde.ledger import queries as ledger
from stammkunde.ledger.commands import Owner
from stammkunde.ledger.models import OWNED, Account, Proposal, Unit
from stammkunde.records.customers import queries, searching

CHUNK = 1000
COLUMNS = (
    lists.Column("owner", gettext_lazy("Whose")),
    lists.Column("available", gettext_lazy("Available"), order="balance", is_number=True),
    lists.Column("pending", gettext_lazy("Pending"), is_number=True),
    lists.Column("held", gettext_lazy("Reserved"), is_number=True),
    lists.Column("debt", gettext_lazy("Debt"), is_number=True),
)


@dataclass(frozen=True)
class Row:
    """An owner as a row of the list."""

    shown: Shown
    # With each amount, whether a phone may leave it out: nothing of what is rarely there.
    cells: list[tuple[lists.Column, str, bool]]


@page_of_shop("ledger.read")
def accounts(visit: Visit) -> HttpResponse:
    """Show who has how much of a unit."""
    units, unit = showing.unit_asked(visit)
    if unit is None:
        return visit.page("ledger/accounts.html", units=units, unit=None)
    found = _found(visit, unit)
    listing = lists.page(found, COLUMNS, visit.request.GET, default="-available")
    return visit.page(
        "ledger/accounts.html",
        units=units,
        unit=unit,
        q=visit.request.GET.get("q", ""),
        listing=listing,
        rows=_rows(visit, unit, listing.rows),
        waiting=Proposal.objects.filter(shop_id=visit.shop.pk, unit=unit, state="open").count(),
    )


@page_of_shop("customers.export")
def export(visit: Visit) -> HttpResponseBase:
    """Send all accounts that the search finds; that they were sent is noted."""
    _units, unit = showing.unit_asked(visit)
    if visit.request.method != "POST" or unit is None:
        return visit.go("ledger_accounts")
    found = _found(visit, unit).order_by("pk")
    with transaction.atomic():
        audit.note(
            "ledger.accounts_exported", actor=visit.actor, shop_id=visit.shop.pk,
            about=("unit", unit.pk), rows=found.count(),
        )  # fmt: skip
    return exports.csv_file(f"{visit.shop.slug}-{unit.code}", _written(visit, unit, found))


def _found(visit: Visit, unit: Unit) -> QuerySet[Account]:
    """Return the accounts of what is available, one for each owner whom the search finds."""
    found = ledger.with_available(unit)
    text = visit.request.GET.get("q", "").strip()
    if not text:
        return found
    people = queries.of_shop(visit.shop).filter(searching.matching(visit.shop.pk, text))
    keys = Wallet.objects.filter(shop=visit.shop, customer__in=people).values("key")
    kept = text.replace("\0", "")[: searching.LENGTH_MAX]
    return found.filter(
        Q(owner_kind=wallets.KIND, owner_id__in=keys)
        | (~Q(owner_kind=wallets.KIND) & Q(owner_id__icontains=kept))
    )


def _rows(visit: Visit, unit: Unit, found: object) -> list[Row]:
    some: list[Account] = list(found)  # type: ignore[call-overload]  # rows of the listing
    owners = [Owner(one.owner_kind, one.owner_id) for one in some]
    balances = ledger.balances_of([unit], owners)
    shown = showing.owners(visit.shop, unit, owners)
    return [
        Row(
            shown[owner],
            [
                (column, showing.amount(balance, unit), not balance and column.name != "available")
                for column in COLUMNS[1:]
                for balance in [balances.get((unit.pk, owner, column.name), 0)]
            ],
        )
        for owner in owners
    ]


def _written(visit: Visit, unit: Unit, found: QuerySet[Account]) -> Iterator[list[object]]:
    """Write amounts as programs read them, in whole units."""
    yield [_("Whose"), _("Customer"), *(str(showing.ROLES[role]) for role in OWNED)]
    chunk: list[Account] = []
    for one in found.iterator(chunk_size=CHUNK):
        chunk.append(one)
        if len(chunk) == CHUNK:
            yield from _lines(visit, unit, chunk)
            chunk = []
    yield from _lines(visit, unit, chunk)


def _lines(visit: Visit, unit: Unit, chunk: list[Account]) -> Iterator[list[object]]:
    owners = [Owner(one.owner_kind, one.owner_id) for one in chunk]
    balances = ledger.balances_of([unit], owners)
    known = wallets.customers_of(visit.shop, [owner.id for owner in owners])
    for owner in owners:
        customer = known.get(owner.id) if owner.kind == wallets.KIND else None
        named = (str(customer), customer.pk) if customer else (str(owner), "")
        yield [*named, *(balances.get((unit.pk, owner, role), 0) for role in OWNED)]
