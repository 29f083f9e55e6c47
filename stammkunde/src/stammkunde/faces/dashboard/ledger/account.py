"""The page of one account: balances, lots, statement with the balance after each booking, reservations."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _

from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.ledger import showing
from stammkunde.ledger import queries
from stammkunde.ledger.books.statements import Line, count, statement
from stammkunde.ledger.models import OWNED, Hold, Unit

SIZE = 50
LOTS_MAX, HOLDS_MAX = 100, 50


@dataclass(frozen=True)
class Row:
    """A booking as a row of the statement."""

    line: Line
    what: str
    moved: str
    amount: str
    balance: str


@page_of_shop("ledger.read")
def account(visit: Visit, unit: str, owner_kind: str, owner: str) -> HttpResponse:
    """Show what an owner has, what happened, and what is put aside."""
    found = showing.unit_of(visit, unit)
    shown = showing.require_owner(visit, found, owner_kind, owner)
    balances = queries.balances(visit.shop.pk, found.code, shown.owner)
    skip = lists.number(visit.request.GET.get("skip", ""), most=10**9)
    if skip is None:
        # What happened last is what people come for.
        skip = max(count(found.pk, shown.owner) - SIZE, 0)
    told = statement(found.pk, shown.owner, lines_max=SIZE, skip=skip)
    lots = queries.lots(visit.shop.pk, found.code, shown.owner, open_only=True)
    return visit.page(
        "ledger/account.html",
        unit=found,
        shown=shown,
        balances=[
            (label, showing.amount(getattr(balances, role), found))
            for role, label in showing.ROLES.items()
        ],
        total=showing.amount(balances.total, found),
        lots=[(lot, _lot(lot, found)) for lot in lots[:LOTS_MAX]],
        lots_left_out=max(len(lots) - LOTS_MAX, 0),
        rows=[_row(line, found) for line in told.lines],
        opening=showing.amount(told.opening, found) if skip else "",
        next=skip + SIZE if told.more else None,
        before=max(skip - SIZE, 0) if skip else None,
        holds=_holds(visit, found, shown),
    )


def _row(line: Line, unit: Unit) -> Row:
    """Say what moved between the roles, where the whole did not change."""
    moved = [
        f"{showing.ROLES[role]} {showing.amount(line.changes[role], unit, sign=True)}"
        for role in OWNED
        if line.changes.get(role)
    ]
    return Row(
        line=line,
        what=showing.booking(line.kind),
        moved=", ".join(moved),
        amount=showing.amount(line.amount, unit, sign=True),
        balance=showing.amount(line.balance, unit),
    )


def _lot(lot: queries.OpenLot, unit: Unit) -> dict[str, str]:
    names = ("earned", "pending", "available", "held")
    said = {name: showing.amount(getattr(lot, name), unit) for name in names}
    return {**said, "source": showing.source(lot.source)}


def _holds(visit: Visit, unit: Unit, shown: showing.Shown) -> list[tuple[Hold, str, str, str]]:
    states = {
        "open": _("open"),
        "captured": _("redeemed"),
        "released": _("ended"),
        "lapsed": _("ran out"),
    }
    found = (
        Hold.objects.filter(
            shop_id=visit.shop.pk, unit=unit, owner_kind=shown.owner.kind,
            owner_id=shown.owner.id,
        )
        .prefetch_related("holdlot_set")
        .order_by("-pk")[:HOLDS_MAX]
    )  # fmt: skip
    return [
        (
            hold,
            showing.source(hold.source),
            showing.amount(sum(part.amount for part in hold.holdlot_set.all()), unit),
            states[hold.state],
        )
        for hold in found
    ]
