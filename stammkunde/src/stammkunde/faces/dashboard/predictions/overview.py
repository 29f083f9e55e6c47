"""The first page of predictions: what today's customers will bring, and what a new one is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kohorte.report import axis, interval_bars
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.predictions import record
from stammkunde.faces.dashboard.predictions.desk import MODELS, Desk
from stammkunde.faces.dashboard.predictions.pictures import point_of
from stammkunde.insights.questions import series


@dataclass(frozen=True)
class Card:
    """A number with its range and what it is about."""

    name: str | Promise
    value: str
    interval: str
    about: str
    more: str = ""


@dataclass(frozen=True)
class Ahead:
    """What is still to come until a horizon, as a row of a table."""

    name: str
    value: str
    interval: str
    picture: str
    profit: str
    newcomer: str
    bears: str


@page_of_shop("metrics.read")
def overview(visit: Visit) -> HttpResponse:
    """Show what customers will bring, which model says so, and how well it did."""
    desk = Desk(visit)
    found: dict[str, Any] = {}
    if desk.is_foretold:
        found = {
            "model": desk.name_of_model(),
            "assumes": MODELS[desk.told["model"]["slug"]],
            "verdict": [desk.say(each) for each in desk.trial["verdict"]] if desk.trial else [],
            "notes": [desk.say(each) for each in desk.told["notes"]],
            "untested": desk.untested,
            "record": record.in_words(desk),
        }
    if desk.is_foretold and not desk.told["withheld"]:
        found |= {
            "cards": _cards(desk),
            "ahead": _ahead(desk),
            "scale": _scale(desk),
            "means": [desk.say(each) for each in desk.told["means"]],
            "margin": _margin(desk),
        }
    return desk.page("predictions/overview.html", **found)


def _cards(desk: Desk) -> list[Card]:
    told, voice = desk.told, desk.voice
    customers = voice.count(told["customers"])
    cards = []
    if desk.has_amounts:
        worth = told["worth"][0]
        cards.append(
            Card(
                _("Revenue of the next 12 months"),
                desk.about(worth["value"]),
                desk.between(desk.about(worth["low"]), desk.about(worth["high"])),
                str(
                    _("of today's %(count)s customers, without those newly won")
                    % {"count": customers}
                ),
            )
        )
    cards.append(
        Card(
            _("Orders of the next 12 months"),
            voice.count(told["spread"]["orders"]),
            "",
            str(_("of today's %(count)s customers") % {"count": customers}),
            record.error_in_words(desk),
        )
    )
    if churn := told["churn"]:
        cards.append(_churn(desk, churn))
    if desk.has_amounts:
        cards.append(_newcomer(desk))
    return cards


def _churn(desk: Desk, churn: dict[str, Any]) -> Card:
    voice, n, held = desk.voice, churn["customers"], churn["held"]
    about = _("of the %(count)s active customers will not order within 12 months (expected churn)")
    more = ""
    if held:
        more = _(
            "Of those active %(days)s days before the end of the data, %(expected)s were expected to "
            "stay away until then; %(actual)s did."
        ) % {
            "days": voice.count(held["days"]),
            "expected": voice.percent(held["expected"], n=held["customers"]),
            "actual": voice.percent(held["actual"], n=held["customers"]),
        }
    return Card(
        _("Expected to stay away"),
        voice.percent(churn["value"], n=n),
        voice.interval("percent", churn["low"], churn["high"], n=n),
        str(about % {"count": voice.count(n)}),
        str(more),
    )


def _newcomer(desk: Desk) -> Card:
    """Return what a customer newly won brings in a year, beside what winning one costs."""
    worth, margin = desk.told["worth"][0], desk.told["margin_percent"]
    value = worth["first"] + worth["newcomer"]
    about = _("first order %(first)s, further orders of 12 months %(further)s") % {
        "first": desk.about(worth["first"]),
        "further": desk.about(worth["newcomer"]),
    }
    bears = ""
    if margin is not None:
        bears = _("As profit that bears a cost of %(amount)s to win a customer.") % {
            "amount": desk.about(value * margin / 100)
        }
    cost = _acquisition_cost(desk)
    if cost is not None:
        bears = f"{bears} " + _("Winning one has cost %(amount)s so far.") % {
            "amount": desk.about(cost)
        }
    return Card(
        _("Value of a customer newly won"), desk.about(value), "", str(about), str(bears).strip()
    )


def _acquisition_cost(desk: Desk) -> float | None:
    """Return what winning a customer has cost, where the spend is known."""
    question = series("customer_acquisition_cost", "all")
    if desk.board.snapshot is None:
        return None
    desk.board.answers |= desk.board.known([question])
    row = next(iter(desk.board.rows(question)), None)
    return row.value if row else None


def _ahead(desk: Desk) -> list[Ahead]:
    margin, scale, rows = desk.told["margin_percent"], _scale(desk), []
    for worth in desk.told["worth"]:
        value = worth["first"] + worth["newcomer"]
        point = point_of(worth["value"], worth["low"], worth["high"])
        rows.append(
            Ahead(
                str(_("%(count)s months") % {"count": worth["months"]}),
                desk.about(worth["value"]),
                desk.between(desk.about(worth["low"]), desk.about(worth["high"])),
                interval_bars.draw(point, scale),
                desk.about(worth["value"] * margin / 100) if margin is not None else "",
                desk.about(value),
                desk.about(value * margin / 100) if margin is not None else "",
            )
        )
    return rows


def _scale(desk: Desk) -> axis.Axis:
    ends = [worth["high"] for worth in desk.told["worth"]]
    return axis.fit(ends, "money", desk.voice, from_zero=True)


def _margin(desk: Desk) -> str:
    if desk.told["margin_percent"] is None:
        return ""
    said = _(
        "Profit is revenue at the margin of the last 365 days, %(margin)s; costs are known for %(known)s "
        "of that revenue."
    )
    return str(
        said
        % {
            "margin": desk.voice.percent(desk.told["margin_percent"], n=1000),
            "known": desk.voice.percent(desk.told["costed_percent"], n=1),
        }
    )
