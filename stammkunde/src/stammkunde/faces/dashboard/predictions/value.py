"""How value is spread: how many customers bring how much, how much the best bring, and who they are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from kohorte.report import axis, interval_bars
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.figures import Figure
from stammkunde.faces.dashboard.predictions import people, pictures
from stammkunde.faces.dashboard.predictions.desk import Desk


@dataclass(frozen=True)
class Top:
    """What the best so many percent of customers bring."""

    name: str
    customers: str
    value: str
    share: str
    picture: str


@dataclass(frozen=True)
class Class:
    """A class of value: how many customers are in it, and what they bring together."""

    name: str
    customers: str
    share: str
    value: str
    value_share: str


@page_of_shop("metrics.read")
def value(visit: Visit) -> HttpResponse:
    """Show the spread of value over customers, and the best of them."""
    desk = Desk(visit)
    found: dict[str, Any] = {}
    if desk.is_foretold and desk.has_amounts:
        found = {
            "figure": _spread(desk),
            "classes": _classes(desk),
            "top": _top(desk),
            "top_summary": _top_summary(desk),
            "scale": [desk.voice.percent(end, n=1) for end in (0, 100)],
        }
    found["page"] = people.page(desk)
    return desk.page("predictions/value.html", **found)


def limits(desk: Desk) -> list[str]:
    """Return the names of the classes of value: below a limit, between two, from the last on."""
    ends = [desk.money(limit) for limit in desk.told["spread"]["limits"]]
    if not ends:
        return [str(_("everybody"))]
    between = [
        str(_("%(low)s to %(high)s") % {"low": low, "high": high}) for low, high in pairwise(ends)
    ]
    below = str(_("below %(limit)s") % {"limit": ends[0]})
    return [below, *between, str(_("from %(limit)s") % {"limit": ends[-1]})]


def _short(desk: Desk) -> list[str]:
    """Return where each class begins, as there is room for under a bar."""
    ends = [desk.money(limit) for limit in desk.told["spread"]["limits"]]
    return [f"{end}+" for end in (desk.voice.money(0, digits=0), *ends)]


def _sums(desk: Desk) -> tuple[list[int], list[float]]:
    """Return customers and their value by class."""
    spread = desk.told["spread"]
    counts = [sum(column) for column in zip(*spread["cells"], strict=True)]
    values = [sum(column) for column in zip(*spread["values"], strict=True)]
    return counts, values


def _spread(desk: Desk) -> Figure:
    counts, _values = _sums(desk)
    voice = desk.voice
    summary = _(
        "Half of the %(count)s customers will bring less than %(median)s within 12 months."
    ) % {
        "count": voice.count(sum(counts)),
        "median": desk.money(desk.told["spread"]["median"]),
    }
    return pictures.figure(
        "spread",
        str(_("Customers by the value of their next 12 months")),
        str(_("Expected revenue of each customer after today, discounted; the classes grow from left to right.")),
        over=str(_("Value in 12 months")),
        labels=_short(desk),
        names=limits(desk),
        lines=[(str(_("Customers")), [float(count) for count in counts])],
        unit="count",
        kind="bars",
        voice=voice,
        summary=str(summary),
    )  # fmt: skip


def _classes(desk: Desk) -> list[Class]:
    counts, values = _sums(desk)
    everybody, total, voice = sum(counts) or 1, sum(values) or 1.0, desk.voice
    return [
        Class(
            name,
            voice.count(count),
            voice.percent(100 * count / everybody, n=everybody),
            desk.about(amount),
            voice.percent(100 * amount / total, n=everybody),
        )
        for name, count, amount in zip(limits(desk), counts, values, strict=True)
    ]


def _top(desk: Desk) -> list[Top]:
    voice, rows = desk.voice, []
    scale = axis.fit([100.0], "percent", voice, from_zero=True)
    for percent, count, amount, share in desk.told["spread"]["top"]:
        rows.append(
            Top(
                voice.percent(percent, n=1),
                voice.count(count),
                desk.about(amount),
                voice.percent(share, n=desk.told["customers"]),
                interval_bars.draw(pictures.point_of(share, 0.0, share), scale),
            )
        )
    return rows


def _top_summary(desk: Desk) -> str:
    found = {one[0]: one for one in desk.told["spread"]["top"]}
    best = found.get(20) or found.get(50)
    if best is None:
        return ""
    return str(
        _(
            "The best %(percent)s of customers will bring %(share)s of the revenue of all of today's."
        )
        % {
            "percent": desk.voice.percent(best[0], n=1),
            "share": desk.voice.percent(best[3], n=1),
        }
    )
