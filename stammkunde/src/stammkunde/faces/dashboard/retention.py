"""How long a shop keeps what is personal: decided after one has seen what would go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.forms import submit
from stammkunde.flows import retention as flow
from stammkunde.records.customers import queries
from stammkunde.records.customers.models import Customer, Retention

SHOWN = 5


@dataclass(frozen=True)
class Dry:
    """What limits would let go: how many imports and customers, and the first of these."""

    limits: Retention
    imports: Sequence[int]
    customers: int
    first: Sequence[Customer]


@page_of_shop("customers.erase")
def retention(visit: Visit) -> HttpResponse:
    """Show the limits, and what the coming night lets go by them."""
    limits = flow.limits(visit.shop)
    return visit.page("retention.html", limits=limits, dry=_dry(visit, limits))


@page_of_shop("customers.erase", confirmed=True)
def change(visit: Visit) -> HttpResponse:
    """Try limits, and decide on them once it was seen what they let go."""
    kept = flow.limits(visit.shop)
    sent = visit.request.POST if visit.request.method == "POST" else None
    form = Limits(sent, initial={name: getattr(kept, name) for name in Limits.base_fields})

    def work(*, files_days: int | None, customers_days: int | None) -> Dry | Retention:
        tried = Retention(shop=visit.shop, files_days=files_days, customers_days=customers_days)
        if form.is_decided:
            return flow.decide(
                visit.shop, files_days=files_days, customers_days=customers_days, actor=visit.actor
            )
        return _dry(visit, tried)

    found = submit(visit.request, form, work)
    if isinstance(found, Retention):
        return visit.go("retention", say=_("The limits have been saved."))
    status = 422 if form.errors else 200
    return visit.page("retention_change.html", status, form=form, dry=found)


def _dry(visit: Visit, limits: Retention) -> Dry:
    found = flow.due(visit.shop, under=limits)
    first = queries.of_shop(visit.shop).filter(pk__in=found.customers[:SHOWN]).order_by("id")
    return Dry(limits, found.imports[:SHOWN], len(found.customers), list(first))


class Limits(forms.Form):
    """The limits; they are decided on as they were tried, and in no other way."""

    files_days = forms.IntegerField(
        label=_("Delete imported files after"),
        help_text=_(
            "Days after publishing. The rows stay, and the import can still be undone. "
            "Empty: files are kept."
        ),
        required=False,
        min_value=1,
        max_value=36500,
    )
    customers_days = forms.IntegerField(
        label=_("Erase customers after"),
        help_text=_(
            "Days after their last order. Orders and amounts stay without a name, so that figures "
            "remain right. Empty: customers are kept."
        ),
        required=False,
        min_value=flow.CUSTOMERS_DAYS_MIN,
        max_value=36500,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as the framework passes them
        for name in self.fields:
            self.fields[name].unit = _("days")  # type: ignore[attr-defined]  # for the template

    @property
    def is_decided(self) -> bool:
        """Whether these very limits were tried before and are now decided on."""
        return self.data.get("tried") == self.key

    @property
    def key(self) -> str:
        """What tells these limits from others."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return " ".join(str(asked.get(name) or "-") for name in self.fields)
