"""The columns of the list of customers: which there are, which are shown, what stands in their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import lists
from stammkunde.faces.dashboard.customers import standing
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.records.customers import conditions
from stammkunde.records.customers.models import Basis, Customer

Cell = Callable[[Customer, Shop], str]
Found = Callable[[Customer, Shop, Basis], standing.Told]


@dataclass(frozen=True)
class Column:
    """A column that can be chosen: how it sorts, and how its cell is written for people."""

    head: lists.Column
    cell: Cell | None = None
    # What is computed of the customer and stands in another table.
    told: Found | None = None


def _money(amount_minor: int | None, shop: Shop) -> str:
    return formats.money(amount_minor, shop.currency)


def _computed(
    name: str, label: str | Promise, field: str, told: Found, *, is_number: bool = True
) -> Column:
    head = lists.Column(
        name, label, order=f"standing__{field}", is_number=is_number, may_be_empty=True,
        key="standing__customer_id",
    )  # fmt: skip
    return Column(head, told=told)


NAME = lists.Column("name", _("Customer"), order="name")
COLUMNS: dict[str, Column] = {
    "number": Column(
        lists.Column("number", _("Customer number")),
        lambda one, _shop: one.number or formats.NOTHING,
    ),
    "email": Column(
        lists.Column("email", _("E-mail address")), lambda one, _shop: one.email or formats.NOTHING
    ),
    "country": Column(
        lists.Column("country", _("Country")), lambda one, _shop: one.country or formats.NOTHING
    ),
    "orders": Column(
        lists.Column("orders", _("Orders"), order="orders", is_number=True),
        lambda one, _shop: formats.number(one.orders),
    ),
    "revenue": Column(
        lists.Column("revenue", _("Revenue"), order="revenue_minor", is_number=True),
        lambda one, shop: _money(one.revenue_minor, shop),
    ),
    "average": Column(
        lists.Column("average", _("Order value"), is_number=True),
        lambda one, shop: _money(conditions.average(one), shop),
    ),
    "refunded": Column(
        lists.Column("refunded", _("Refunded"), is_number=True),
        lambda one, shop: _money(one.refunded_minor, shop),
    ),
    "first": Column(
        lists.Column(
            "first", _("First order"), order="first_order_on", is_number=True, may_be_empty=True
        ),
        lambda one, _shop: formats.day(one.first_order_on),
    ),
    "last": Column(
        lists.Column(
            "last", _("Last order"), order="last_order_on", is_number=True, may_be_empty=True
        ),
        lambda one, _shop: formats.day(one.last_order_on),
    ),
    "cohort": Column(
        lists.Column(
            "cohort", _("Cohort"), order="first_order_on", is_number=True, may_be_empty=True
        ),
        lambda one, _shop: f"{one.first_order_on:%Y-%m}" if one.first_order_on else formats.NOTHING,
    ),
    "rfm": _computed("rfm", _("RFM group"), "rfm", standing.group, is_number=False),
    "due": _computed("due", _("Next order due"), "due_on", standing.due),
    "value": _computed("value", _("Value so far"), "value_minor", standing.value),
    "alive": _computed("alive", _("Still a customer"), "alive_percent", standing.alive),
    "expected": _computed(
        "expected", _("Orders in 12 months"), "expected_orders", standing.expected_orders
    ),
    "worth": _computed(
        "worth", _("Value in 12 months"), "expected_value_minor", standing.expected_value
    ),
}
# The same day as it stands with what is computed.
_LAST_BESIDE = replace(
    COLUMNS["last"].head, order="standing__last_order_on", key="standing__customer_id"
)
USUAL = ("orders", "revenue", "average", "first", "last")
DEFAULT_SORT = "-last"


@dataclass(frozen=True)
class Choice:
    """A column as it is offered."""

    name: str
    label: str | Promise
    is_shown: bool


def shown(asked: QueryDict) -> list[str]:
    """Return the columns that an address asks for, in their own order; the usual ones otherwise."""
    wanted = set(asked.getlist("column")) & set(COLUMNS)
    return [name for name in COLUMNS if name in (wanted or USUAL)]


def choices(names: Sequence[str]) -> list[Choice]:
    """Return all columns with whether they are shown."""
    return [Choice(name, column.head.label, name in names) for name, column in COLUMNS.items()]


def heads(shop: Shop, names: Sequence[str], *, is_by_standing: bool = False) -> list[lists.Column]:
    """Return the heads of the columns shown.

    Parameters
    ----------
    is_by_standing
        Whether customers are chosen by where they stand; then the store sorts them by what stands there.
    """
    shown = [
        _LAST_BESIDE if is_by_standing and name == "last" else COLUMNS[name].head for name in names
    ]
    known = Q(standing__shop=shop)
    return [NAME, *(head if head.key == "pk" else replace(head, known=known) for head in shown)]


def told(column: Column, customer: Customer, shop: Shop, basis: Basis) -> standing.Told:
    """Return what stands in a cell."""
    if column.told:
        return column.told(customer, shop, basis)
    return standing.Told(column.cell(customer, shop) if column.cell else "")
