"""The list of customers: searched, filtered, sorted and paged, with what is chosen as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kohorte import currencies
from stammkunde.core.audit import services as audit
from stammkunde.core.shops.models import Shop
from stammkunde.faces import exports
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.customers import columns, standing
from stammkunde.faces.dashboard.customers.filters import Filter
from stammkunde.records.customers import queries, standings
from stammkunde.records.customers.models import Customer

CHUNK = 2000
# So many rows can be chosen on the page and sent together.
CHOSEN_MAX = 1000


@dataclass(frozen=True)
class Row:
    """A customer as a row of the list: each cell with the name of its column."""

    customer: Customer
    cells: list[tuple[lists.Column, standing.Told]]
    detail: str


@page_of_shop("customers.read")
def customers(visit: Visit) -> HttpResponse:
    """Show the list."""
    asked = visit.request.GET
    chosen = Filter(visit.shop, asked)
    names = columns.shown(asked)
    found = chosen.found.select_related("standing")
    heads = columns.heads(visit.shop, names, is_by_standing=chosen.is_by_standing)
    listing = lists.page(found, heads, asked, default=_default(names))
    return visit.page(
        "customers/list.html",
        filter=chosen,
        listing=listing,
        rows=_rows(visit.shop, listing.rows, names),
        columns=columns.choices(names),
        count=chosen.count,
        is_empty=not queries.of_shop(visit.shop).exists(),
    )


@page_of_shop("customers.read")
def count(visit: Visit) -> HttpResponse:
    """Say how many customers pass what is being typed, or what is wrong with it."""
    chosen = Filter(visit.shop, visit.request.GET)
    return visit.page("customers/count.html", filter=chosen, count=chosen.count)


@page_of_shop("customers.export")
def export(visit: Visit) -> HttpResponseBase:
    """Send the customers that are marked, or all whom the filter finds; that it was sent is noted."""
    if visit.request.method != "POST":
        return visit.go("customers")
    found = _chosen(visit).order_by("pk").select_related("standing")
    with transaction.atomic():
        audit.note(
            "customers.exported", actor=visit.actor, shop_id=visit.shop.pk, rows=found.count()
        )
    return exports.csv_file(f"{visit.shop.slug}-customers", _written(visit.shop, _heads(), found))


def _default(names: list[str]) -> str:
    return columns.DEFAULT_SORT if "last" in names else "name"


def _rows(shop: Shop, found: object, names: list[str]) -> list[Row]:
    shown = [columns.COLUMNS[name] for name in names]
    basis = standings.basis(shop)
    return [
        Row(
            one,
            [(column.head, columns.told(column, one, shop, basis)) for column in shown],
            _detail(one, names),
        )
        for one in found  # type: ignore[attr-defined]  # rows of the listing
    ]


def _detail(customer: Customer, names: list[str]) -> str:
    """Return what tells people of one name apart, where no column does."""
    if not customer.name or {"email", "number"} & set(names):
        return ""
    return customer.email or customer.number


def _chosen(visit: Visit) -> QuerySet[Customer]:
    """Return the customers marked on the page, where some are; all that the filter finds otherwise."""
    marked = visit.request.POST.getlist("customer")
    if not marked:
        return Filter(visit.shop, visit.request.GET).found
    keys = [key for text in marked[:CHOSEN_MAX] if (key := lists.number(text)) is not None]
    return queries.of_shop(visit.shop).filter(pk__in=keys)


def _heads() -> list[str]:
    return [
        _("Id"), _("Customer number"), _("Name"), _("E-mail address"), _("Phone"), _("Country"),
        _("Orders"), _("Revenue"), _("Refunded"), _("Currency"), _("First order"), _("Last order"),
        *standing.heads(),
    ]  # fmt: skip


def _written(shop: Shop, heads: list[str], found: QuerySet[Customer]) -> Iterator[list[object]]:
    """Write amounts and days as programs read them: 1234.50 and 2026-11-21."""
    exponent = currencies.exponent(shop.currency)
    basis = standings.basis(shop)
    yield list(heads)
    for one in found.iterator(chunk_size=CHUNK):
        yield [
            one.pk, one.number, one.name, one.email, one.phone, one.country, one.orders,
            standing.amount(one.revenue_minor, exponent), standing.amount(one.refunded_minor, exponent),
            shop.currency, one.first_order_on or "", one.last_order_on or "",
            *standing.cells(one, shop, basis),
        ]  # fmt: skip
