"""How owners, amounts and bookings of the ledger are called on pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.access import Visit
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.features.wallets import services as wallets
from stammkunde.ledger.books import terms
from stammkunde.ledger.commands import Owner
from stammkunde.ledger.models import Unit

KINDS: dict[str, str | Promise] = {
    "points": gettext_lazy("Points"),
    "status": gettext_lazy("Status points"),
    "money": gettext_lazy("Money: gift cards, store credit"),
    "uses": gettext_lazy("Uses of vouchers"),
    "budget": gettext_lazy("Budget"),
    "allowance": gettext_lazy("Allowance of a membership"),
}
BOOKINGS: dict[str, str | Promise] = {
    "earn": gettext_lazy("Given"),
    "mature": gettext_lazy("Became available"),
    "spend": gettext_lazy("Redeemed"),
    "hold": gettext_lazy("Reserved"),
    "capture": gettext_lazy("Reservation redeemed"),
    "release": gettext_lazy("Reservation ended"),
    "lapse": gettext_lazy("Reservation ran out"),
    "return": gettext_lazy("Goods returned"),
    "cancel": gettext_lazy("Order cancelled"),
    "expire": gettext_lazy("Expired"),
    "adjust": gettext_lazy("Corrected by hand"),
    "approve": gettext_lazy("Corrected by hand"),
    "decline": gettext_lazy("Correction refused"),
    "transfer": gettext_lazy("Handed over"),
    "donate": gettext_lazy("Donated"),
    "convert": gettext_lazy("Converted"),
    "reverse": gettext_lazy("Booking reversed"),
}
# What can be used now comes first.
ROLES: dict[str, str | Promise] = {
    "available": gettext_lazy("Available"),
    "pending": gettext_lazy("Pending"),
    "held": gettext_lazy("Reserved"),
    "debt": gettext_lazy("Debt"),
}
DOORS: dict[str, str | Promise] = {
    "issued": gettext_lazy("Given"),
    "given_back": gettext_lazy("Given back"),
    "redeemed": gettext_lazy("Redeemed"),
    "donated": gettext_lazy("Donated"),
    "expired": gettext_lazy("Expired"),
    "clawed_back": gettext_lazy("Taken back after returns"),
    "adjusted": gettext_lazy("Corrected by hand"),
    "converted": gettext_lazy("Converted"),
    "transferred": gettext_lazy("Handed over"),
}


@dataclass(frozen=True)
class Shown:
    """An owner as pages name them."""

    owner: Owner
    name: str
    url: str
    # Of a customer who still is one.
    customer_url: str = ""


def amount(value: int | None, unit: Unit, *, sign: bool = False) -> str:
    """Write an amount of a unit: 1.250, 12,50 €, with a plus where it is a change."""
    if value is None:
        return formats.NOTHING
    if unit.kind == "money" and unit.currency:
        found = formats.money(value, unit.currency)
    else:
        found = formats.number(value / 10**unit.scale if unit.scale else value, unit.scale)
    return f"+{found}" if sign and value > 0 else found


def source(text: str) -> str:
    """Return what something was given or reserved for: an order by its number, all else as it is kept."""
    if not text:
        return formats.NOTHING
    found = re.fullmatch(r"order:([^/]+)(?:/all|/line:([^/]+))?", text)
    if found is None:
        return text
    number, line = found.groups()
    if line is None:
        return _("Order %(number)s") % {"number": number}
    return _("Order %(number)s, line %(line)s") % {"number": number, "line": line}


def booking(kind: str) -> str:
    """Return what a kind of booking is called."""
    return str(BOOKINGS.get(kind, kind))


def unit_asked(visit: Visit) -> tuple[list[Unit], Unit | None]:
    """Return the units of the shop, and the one that the address chooses, or the first."""
    units = terms.units(visit.shop)
    code = visit.request.GET.get("unit", "")
    return units, next((one for one in units if one.code == code), units[0] if units else None)


def unit_of(visit: Visit, code: str) -> Unit:
    """Return a unit that an address names."""
    return terms.unit(visit.shop, code)


def owners(shop: Shop, unit: Unit, found: Iterable[Owner]) -> dict[Owner, Shown]:
    """Return owners as pages name them: customers by name, all others by kind and id."""
    wanted = list(found)
    keys = [owner.id for owner in wanted if owner.kind == wallets.KIND]
    known = wallets.customers_of(shop, keys)
    shown = {}
    for owner in wanted:
        url = reverse("ledger_accounts_account", args=[shop.slug, unit.code, owner.kind, owner.id])
        customer = known.get(owner.id) if owner.kind == wallets.KIND else None
        if customer is not None:
            place = reverse("customers_customer", args=[shop.slug, customer.pk])
            shown[owner] = Shown(owner, str(customer), url, place)
        elif owner.kind == wallets.KIND:
            shown[owner] = Shown(owner, _("Erased customer"), url)
        else:
            shown[owner] = Shown(owner, str(owner), url)
    return shown


def require_owner(visit: Visit, unit: Unit, kind: str, owner: str) -> Shown:
    """Return an owner who has accounts in a unit of the shop."""
    wanted = Owner(kind, owner)
    if not unit.account_set.filter(owner_kind=kind, owner_id=owner).exists() or not kind:
        raise Http404
    return owners(visit.shop, unit, [wanted])[wanted]
