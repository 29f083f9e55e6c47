"""What all pages of predictions stand on: the forecast, its words, and the work that is under way."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from math import floor, log10
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte import currencies
from kohorte.language import Sentence, Text
from kohorte.report.voice import Voice
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.board import Board
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.insights import forecasts
from stammkunde.insights.models import Forecast

# What a model takes for granted, as one would say it across a counter.
MODELS: dict[str, str | Promise] = {
    "mbg_nbd": _("Customers order at a pace of their own, and after each order, the first included, some stay away for good."),
    "bg_nbd": _("Customers order at a pace of their own, and after each further order some stay away for good."),
    "pareto_nbd": _("Customers order at a pace of their own, and may stay away for good at any time."),
    "mbg_cnbd_k": _("Customers order at regular intervals of their own, and after each order some stay away for good."),
    "nbd": _("Customers order at a pace of their own, and nobody stays away for good."),
    "recency": _("No model: whoever ordered last is taken to come back first."),
    "last_year": _("No model: everybody is taken to order as often as in the same time a year before."),
}  # fmt: skip
WHOLE_FROM = 100


class Desk:
    """The forecast of a shop as one visitor sees it.

    Parameters
    ----------
    visit
        Who looks.
    follows
        Whether a forecast is fitted where there is none yet.
    """

    def __init__(self, visit: Visit, *, follows: bool = True) -> None:
        self.visit = visit
        self.shown = forecasts.shown(visit.shop, follows=follows)
        self.voice = Voice(reader(), visit.shop.currency)

    @cached_property
    def board(self) -> Board:
        """The numbers of the shop."""
        return Board(self.visit)

    @property
    def forecast(self) -> Forecast | None:
        """The forecast that is shown; None until there is one."""
        return self.shown.forecast

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        return self.shown.told

    @property
    def is_foretold(self) -> bool:
        """Whether there is a forecast to show, be it withheld."""
        return bool(self.told) and "fault" not in self.told

    @property
    def has_people(self) -> bool:
        """Whether there are numbers of single customers."""
        return bool(self.forecast and self.forecast.file)

    @property
    def has_amounts(self) -> bool:
        """Whether the orders have amounts, and so customers a value."""
        return bool(self.told.get("worth"))

    @property
    def reason(self) -> str:
        """Why there is no forecast, or no numbers of it."""
        found = self.told.get("fault") or self.told.get("withheld")
        return self.say(found) if found else ""

    @property
    def trial(self) -> dict[str, Any] | None:
        """The track record; None where the past is too short for one."""
        found: dict[str, Any] | None = self.told.get("trial")
        return found

    @property
    def used(self) -> dict[str, Any] | None:
        """How the model that speaks did on the shop's past."""
        trials = self.trial["trials"] if self.trial else ()
        return next((one for one in trials if one["slug"] == self.told["model"]["slug"]), None)

    @property
    def untested(self) -> str:
        """Why there is no track record, if there is none."""
        found = self.told.get("untested")
        return self.say(found) if found else ""

    @property
    def as_of(self) -> dt.date:
        """The last day of the data, after which the forecast begins."""
        return (self.forecast and self.forecast.as_of) or dt.date.min

    def say(self, found: Sentence | Text) -> str:
        """Return a sentence or name in the reader's language."""
        return (
            self.voice.tell(found)
            if isinstance(found, Sentence)
            else found.render(self.voice.language)
        )

    def name_of_model(self) -> str:
        """Return the name of the model that speaks."""
        return self.say(self.told["model"]["name"])

    def money(self, amount: float | None) -> str:
        """Write an amount in major units; large ones without the minor unit."""
        if amount is None:
            return ""
        whole = abs(amount) >= WHOLE_FROM
        return self.voice.money(amount, digits=0 if whole else None)

    def about(self, amount: float | None) -> str:
        """Write an amount that is expected of many, with the three digits that such a sum deserves."""
        if not amount:
            return self.money(amount)
        return self.money(round(amount, 2 - floor(log10(abs(amount)))))

    def minor(self, amount_minor: int | None) -> str:
        """Write an amount in minor units."""
        if amount_minor is None:
            return ""
        return self.money(amount_minor / 10 ** currencies.exponent(self.visit.shop.currency))

    def between(self, low: str, high: str) -> str:
        """Write a range of what is written already."""
        return str(_("%(low)s to %(high)s") % {"low": low, "high": high}) if low and high else ""

    def page(self, template: str, **values: Any) -> HttpResponse:
        """Show a page."""
        return self.visit.page(template, desk=self, board=self.board, **values)


@page_of_shop("metrics.read")
def fit(visit: Visit) -> HttpResponse:
    """Have a forecast fitted anew; the page it was asked from shows how far it is."""
    if visit.request.method == "POST":
        forecasts.start(visit.shop, actor=visit.actor)
    return visit.go("predictions")
