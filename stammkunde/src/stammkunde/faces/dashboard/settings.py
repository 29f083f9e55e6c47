"""The decisions of a shop that its figures rest on: what they are, what they change, who changed them."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from babel.core import Locale
from django.forms import ModelForm
from django.forms import widgets as inputs
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core.audit import queries as audit
from stammkunde.core.shops import services
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard import events, forms, words
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.templatetags.formats import reader

# What online shops of our readers are run in first; the rest follows by code.
COMMON_CURRENCIES = ("EUR", "CHF", "GBP", "USD")
HISTORY = 50


@dataclass(frozen=True)
class Decision:
    """A decision as it is shown."""

    name: str
    label: str
    value: str
    effect: str | Promise


@page_of_shop("shop.read")
def settings(visit: Visit) -> HttpResponse:
    """Show the decisions, what each changes, and their history."""
    shop = visit.shop
    history = audit.about(shop.id, "shop", shop.id)[:HISTORY]
    return visit.page("settings.html", decisions=decisions(shop), history=events.shown(history))


@page_of_shop("shop.change")
def change(visit: Visit) -> HttpResponse:
    """Change the decisions."""
    form = DecisionsForm(visit.request.POST or None, instance=copy(visit.shop))

    def work(**decided: Any) -> Shop:
        return services.change(visit.shop, actor=visit.actor, **decided)

    if forms.submit(visit.request, form, work):
        return visit.go("settings", say=_("The settings have been saved."))
    return visit.page("settings_change.html", 422 if form.errors else 200, form=form)


def decisions(shop: Shop) -> list[Decision]:
    """Return the decisions of a shop in the order of the form."""
    return [
        Decision(name, words.decision(name), words.value(name, getattr(shop, name)), effect)
        for name, effect in words.EFFECTS.items()
    ]


class DecisionsForm(ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """All decisions, with what each of them changes beside it."""

    class Meta:
        model = Shop
        fields: ClassVar = tuple(words.EFFECTS)
        help_texts: ClassVar = words.EFFECTS
        widgets: ClassVar = {
            "brand_color": inputs.TextInput({"type": "color"}),
            "week_start": inputs.RadioSelect,
            "tax_view": inputs.RadioSelect,
            "language": inputs.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("payment_days", "window_days"):
            if name in self.fields:
                self.fields[name].unit = _("days")  # type: ignore[attr-defined]  # for the template
        if "zone" in self.fields:
            self.fields["zone"].widget = inputs.Select(choices=_with(_zones(), self.instance.zone))
        if "currency" in self.fields:
            kept = self.instance.currency
            self.fields["currency"].widget = inputs.Select(choices=_with(_currencies(), kept))


Choices = list[tuple[str, str]]


def _zones() -> Choices:
    places = (name for name in zoneinfo.available_timezones() if "/" in name)
    named = sorted(
        name for name in places if not name.startswith(("Etc/", "SystemV/", "posix", "right"))
    )
    return [(name, name.replace("_", " ")) for name in (*named, "UTC")]


def _currencies() -> Choices:
    names: Mapping[str, str] = Locale(reader()).currencies
    codes = sorted(code for code in names if len(code) == 3)
    ordered = dict.fromkeys((*COMMON_CURRENCIES, *codes))
    return [(code, f"{code} – {names[code]}") for code in ordered]


def _with(choices: Choices, kept: str) -> Choices:
    """Keep a value that is no longer offered, as saving the form must not change it."""
    known = any(value == kept for value, _label in choices)
    return choices if known else [*choices, (kept, kept)]
