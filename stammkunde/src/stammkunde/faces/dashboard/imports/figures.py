"""Small forms for figures that no file holds: spend and leads by month and channel, costs of products."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_skeleton
from django import forms as fields
from django.http import HttpResponse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte.currencies import exponent
from stammkunde.core import clock
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import forms
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.imports import words
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.records.orders import overlaps, typed

MONTHS = 36
SHOWN = 100
AMOUNT_CHARACTERS = 40
_AMOUNT = re.compile(r"[^0-9.,-]*-?[^0-9.,-]*(?:[0-9.,]|[\s'’](?=[0-9]{3}(?![0-9])))*[^0-9.,-]*")
_BESIDE = re.compile(r"[^0-9.,-]")
# Costs come with files of products, of which a shop has thousands.
COSTS_SHOWN = 20


@page_of_shop("data.import")
def figures(visit: Visit) -> HttpResponse:
    """Show what was typed in, and the forms for more."""
    return _page(visit)


@page_of_shop("data.import")
def spend(visit: Visit) -> HttpResponse:
    """Take what was spent in a month."""
    form = SpendForm(visit.shop, visit.request.POST or None)

    def work(month: dt.date, purpose: str, channel: str, amount: Decimal | None) -> bool:
        minor = None if amount is None else _minor(amount, visit.shop)
        typed.spend(
            visit.shop,
            month=month,
            purpose=purpose,
            channel=channel,
            amount_minor=minor,
            actor=visit.actor,
        )
        return True

    return _taken(visit, form, work, "spend")


@page_of_shop("data.import")
def leads(visit: Visit) -> HttpResponse:
    """Take how many leads a month brought."""
    form = LeadsForm(visit.shop, visit.request.POST or None)

    def work(month: dt.date, channel: str, count: int | None, qualified: int | None) -> bool:
        typed.leads(
            visit.shop,
            month=month,
            channel=channel,
            count=count,
            qualified=qualified or 0,
            actor=visit.actor,
        )
        return True

    return _taken(visit, form, work, "leads")


@page_of_shop("data.import")
def costs(visit: Visit) -> HttpResponse:
    """Take what a product costs."""
    form = CostForm(visit.request.POST or None)

    def work(number: str, unit_cost: Decimal | None) -> bool:
        typed.product_cost(visit.shop, number=number, unit_cost=unit_cost, actor=visit.actor)
        return True

    return _taken(visit, form, work, "costs")


def _taken(visit: Visit, form: fields.Form, work: Any, name: str) -> HttpResponse:
    if visit.request.method != "POST":
        return visit.go("figures")
    if forms.submit(visit.request, form, work):
        return visit.go("figures", say=_("Saved. All figures follow."))
    return _page(visit, 422, **{name: form, "form": form})


def _page(visit: Visit, status: int = 200, **given: Any) -> HttpResponse:
    shop = visit.shop
    costing = list(typed.costs_of(shop)[: COSTS_SHOWN + 1])
    values = {
        "spend": SpendForm(shop),
        "leads": LeadsForm(shop),
        "costs": CostForm(),
        "spent": [
            (_month(row.starts_on), _purpose(row.purpose), row.channel, row.amount_minor)
            for row in typed.spend_of(shop)[:SHOWN]
        ],
        "twice": [
            (
                {"month": each.month.isoformat(), "purpose": each.purpose, "channel": each.channel},
                _month(each.month),
                _purpose(each.purpose),
                each,
            )
            for each in overlaps.found(shop.pk)[:SHOWN]
        ],
        "led": [
            (_month(row["created_at"].date()), row["channel"], row["count"], row["qualified_count"])
            for row in typed.leads_of(shop)[:SHOWN]
        ],
        "costing": [
            (row.external_id, row.product, _minor(row.unit_cost or Decimal(0), shop))
            for row in costing[:COSTS_SHOWN]
        ],
        "costs_left_out": COSTS_SHOWN if len(costing) > COSTS_SHOWN else 0,
    }
    return visit.page("imports/figures.html", status, **{**values, **given})


def _minor(amount: Decimal, shop: Shop) -> int:
    return int(amount.scaleb(exponent(shop.currency)).to_integral_value())


def _month(day: dt.date) -> str:
    return format_skeleton("yMMMM", day, locale=reader())


def _purpose(name: str) -> str:
    return str(words.PURPOSES.get(name, name))


def decimal(text: str) -> Decimal:
    """Read an amount as people write it; the last mark before one or two digits is that of the decimals.

    >>> decimal("1.234,5"), decimal("1,234.50"), decimal("1.234"), decimal("12,5 €")
    (Decimal('1234.5'), Decimal('1234.50'), Decimal('1234'), Decimal('12.5'))

    Raises
    ------
    InvalidOperation
        It is none: a currency may stand before or after it, and between its digits only marks and spaces.
    """
    if len(text) > AMOUNT_CHARACTERS or not _AMOUNT.fullmatch(text):
        raise InvalidOperation
    digits = _BESIDE.sub("", text)
    found = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}|\d{4,6}))?", digits)
    whole, part = found.groups() if found else ("", None)
    return Decimal(
        f"{re.sub('[.,]', '', whole)}.{part or '0'}" if part else re.sub("[.,]", "", whole)
    )


class AmountField(fields.CharField):
    """An amount of money; empty is none."""

    widget = fields.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """Return the amount."""
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return decimal(text)
        except InvalidOperation:
            raise fields.ValidationError(_("Write an amount such as 1,234.56.")) from None


class _OfMonth(fields.Form):
    """A month and a channel."""

    month = fields.TypedChoiceField(label=gettext_lazy("Month"), coerce=dt.date.fromisoformat)
    channel = fields.CharField(
        label=gettext_lazy("Channel"),
        max_length=80,
        required=False,
    )

    def __init__(
        self, shop: Shop, *args: Any, earlier: Collection[dt.date] = (), **kwargs: Any
    ) -> None:
        # Two forms of a page have a month: each field has its own id.
        super().__init__(*args, **{"auto_id": f"{type(self).__name__}_%s", **kwargs})
        first = clock.today(shop.zone).replace(day=1)
        months = []
        for _place in range(MONTHS):
            months.append(first)
            first = (first - dt.timedelta(days=1)).replace(day=1)
        months += sorted(set(earlier) - set(months), reverse=True)
        found = [(day.isoformat(), _month(day)) for day in months]
        month = self.fields["month"]
        if isinstance(month, fields.ChoiceField):
            month.choices = found
            # Of the month that is over people know the figures.
            month.initial = found[1][0]


class SpendForm(_OfMonth):
    """What was spent."""

    purpose = fields.ChoiceField(
        label=gettext_lazy("For what"), choices=lazy(lambda: list(words.PURPOSES.items()), list)
    )
    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    field_order = ("month", "purpose", "channel", "amount")

    def __init__(self, shop: Shop, *args: Any, **kwargs: Any) -> None:
        # What was typed long ago can still be taken back.
        earlier = {row.starts_on for row in typed.spend_of(shop)}
        super().__init__(shop, *args, earlier=earlier, **kwargs)


class LeadsForm(_OfMonth):
    """How many people showed interest."""

    count = fields.IntegerField(label=gettext_lazy("Leads"), min_value=0, required=False)
    qualified = fields.IntegerField(
        label=gettext_lazy("of them qualified"), min_value=0, required=False
    )


class CostForm(fields.Form):
    """What a product costs the shop."""

    number = fields.CharField(label=gettext_lazy("Product number"), max_length=250)
    unit_cost = AmountField(label=gettext_lazy("Cost per unit"), required=False)
