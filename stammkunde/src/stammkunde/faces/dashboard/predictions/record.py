"""The track record: what every model would have said of the shop's past, beside what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.figures import Figure
from stammkunde.faces.dashboard.predictions import pictures
from stammkunde.faces.dashboard.predictions.desk import MODELS, Desk
from stammkunde.faces.dashboard.templatetags import formats

# Within so many percent a sum is as good as right.
NEAR_PERCENT = 0.5


@dataclass(frozen=True)
class Row:
    """One model or rule, and how it did."""

    name: str
    assumes: str
    foretold: str
    error: str
    ranking: str
    deviance: str
    is_used: bool
    loses: bool
    is_rule: bool


@page_of_shop("metrics.read")
def record(visit: Visit) -> HttpResponse:
    """Show how models did on the shop's own past, the worse ones as well."""
    desk = Desk(visit)
    found: dict[str, Any] = {}
    if desk.is_foretold and desk.trial:
        held = desk.trial
        found = {
            "rows": [_row(desk, one) for one in held["trials"]],
            "held": desk.say(held["held"]),
            "measures": desk.say(held["measures"]),
            "verdict": [desk.say(each) for each in held["verdict"]],
            "split": formats.day(held["split_on"]),
            "model": desk.name_of_model(),
            "assumes": MODELS[desk.told["model"]["slug"]],
            "figures": _figures(desk),
            "words": in_words(desk),
            "estimates": desk.told["model"]["estimates"],
        }
    elif desk.is_foretold:
        found = {"untested": desk.untested}
    return desk.page("predictions/record.html", **found)


def in_words(desk: Desk) -> str:
    """Say in one sentence how well the model that speaks foretold the shop's own past."""
    held, used = desk.trial, desk.used
    if held is None or used is None:
        return ""
    parts = [error_in_words(desk)]
    rule = next((one for one in held["trials"] if one["slug"] == "recency"), None)
    if used["area"] is not None and rule and rule["area"] is not None:
        said = _(
            "Of a customer who came back and one who did not, it put the right one first in %(area)s of "
            "100 cases; the day of the last order alone does so in %(rule)s."
        )
        areas = {"area": _area(desk, used), "rule": _area(desk, rule)}
        parts.append(str(said % areas))
    return " ".join(part for part in parts if part)


def error_in_words(desk: Desk) -> str:
    """Say how far the sum of orders was off when the last months were held back."""
    held, used = desk.trial, desk.used
    if held is None or used is None or used["error_percent"] is None:
        return ""
    error, days = used["error_percent"], held["days"]
    told = {"days": desk.voice.count(days), "percent": desk.voice.percent(abs(error), n=100)}
    if abs(error) < NEAR_PERCENT:
        return (
            ngettext(
                "Held to the last day, it was right on the sum of orders.",
                "Held to the last %(days)s days, it was right on the sum of orders.",
                days,
            )
            % told
        )
    if error > 0:
        return str(
            _("Held to the last %(days)s days, it expected %(percent)s too many orders.") % told
        )
    return str(_("Held to the last %(days)s days, it expected %(percent)s too few orders.") % told)


def _area(desk: Desk, one: dict[str, Any]) -> str:
    return desk.voice.number(100 * one["area"], digits=0)


def _row(desk: Desk, one: dict[str, Any]) -> Row:
    voice, slug = desk.voice, one["slug"]
    error = one["error_percent"]
    sign = "+" if error is not None and error >= 0.05 else ""
    return Row(
        desk.say(one["name"]),
        str(MODELS[slug]),
        "" if one["foretold"] is None else voice.count(one["foretold"]),
        "" if error is None else sign + voice.percent(error, n=100),
        "" if one["area"] is None else voice.number(100 * one["area"], digits=1),
        "" if one["deviance"] is None else voice.number(one["deviance"], digits=3),
        slug == desk.told["model"]["slug"],
        one["loses"],
        slug in ("recency", "last_year"),
    )


def _figures(desk: Desk) -> list[Figure]:
    """Return the charts of the model that speaks: course, and tenths of customers."""
    held, used = desk.trial, desk.used
    if held is None or used is None or not used["tracking"]:
        return []
    return [_tracking(desk, held, used), _calibration(desk, used)]


def _tracking(desk: Desk, held: dict[str, Any], used: dict[str, Any]) -> Figure:
    count = len(held["tracking"])
    days = [str(held["days"] * (step + 1) // count) for step in range(count)]
    summary = _("After %(days)s days %(came)s orders had come, %(foretold)s were expected.") % {
        "days": desk.voice.count(held["days"]),
        "came": desk.voice.count(held["actual"]),
        "foretold": desk.voice.count(used["foretold"]),
    }
    return pictures.figure(
        "tracking",
        str(_("Orders since the data were cut")),
        str(_("The sum of orders of customers known before, as expected and as they came.")),
        over=str(_("Days")),
        labels=days,
        lines=[(str(_("expected")), used["tracking"]), (str(_("came")), held["tracking"])],
        unit="count",
        kind="lines",
        voice=desk.voice,
        summary=str(summary),
    )


def _calibration(desk: Desk, used: dict[str, Any]) -> Figure:
    tenths = used["deciles"]
    last = tenths[-1]
    summary = _(
        "The tenth of whom most was expected made %(came)s orders each, where %(foretold)s were expected."
    ) % {
        "came": desk.voice.number(last[2], digits=1),
        "foretold": desk.voice.number(last[1], digits=1),
    }
    return pictures.figure(
        "calibration",
        str(_("Expected and real orders by tenths of customers")),
        str(_("Customers in ten groups of equal size, those of whom least was expected first; orders per customer.")),
        over=str(_("Tenth")),
        labels=[str(place + 1) for place in range(len(tenths))],
        lines=[
            (str(_("expected")), [one[1] for one in tenths]),
            (str(_("came")), [one[2] for one in tenths]),
        ],
        unit="ratio",
        kind="lines",
        voice=desk.voice,
        summary=str(summary),
    )  # fmt: skip
