"""What goes with a second order: how often customers come, against those of the commonest value."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from kohorte.forecasts import words
from kohorte.report import interval_bars
from kohorte.report.axis import Axis
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.predictions.desk import Desk
from stammkunde.faces.dashboard.predictions.pictures import point_of

# The scale is one of ratios: half as often lies as far to the left as twice as often to the right.
# Near one the second digit decides whether a range holds it.
NEAR_ONE = 1.095
# From here on the ends of the scale are whole.
NEAR_TWO = 1.75
WIDEST = (1.5, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True)
class Row:
    """One value of a fact against its commonest value."""

    value: str
    against: str
    customers: str
    ratio: str
    interval: str
    picture: str
    beyond: bool
    words: str


@dataclass(frozen=True)
class Fact:
    """What is known when the first order is placed, or soon after."""

    name: str
    rows: list[Row]


@page_of_shop("metrics.read")
def drivers(visit: Visit) -> HttpResponse:
    """Show ratios with their ranges, fact by fact."""
    desk = Desk(visit)
    found: dict[str, Any] = {}
    told = desk.told.get("drivers") if desk.is_foretold else None
    if told and "fault" in told:
        found["fault"] = desk.say(told["fault"])
    elif told:
        wide = widest(told["rows"])
        found = {
            "facts": _facts(desk, told["rows"], wide),
            "scale": [
                f"{desk.voice.number(end, digits=digits)}×"
                for end, digits in ((1 / wide, 2), (1, 0), (wide, 0 if wide > NEAR_TWO else 1))
            ],
            "customers": desk.voice.count(told["customers"]),
            "came": desk.voice.count(told["came"]),
            "boundary": desk.say(told["boundary"]) if told["boundary"] else "",
            "landmark_days": told.get("landmark_days"),
            "strongest": _strongest(desk, told["rows"], wide),
        }
    return desk.page("predictions/drivers.html", **found)


def widest(rows: Any) -> float:
    """Return the ratio at the end of the scale: the smallest that holds every ratio, if one does."""
    ratios = [max(ratio, 1 / ratio) for _f, _v, _a, _n, ratio, _l, _h, _b in rows if ratio > 0]
    most = max(ratios, default=1.0)
    return next((end for end in WIDEST if end >= most), WIDEST[-1])


def _facts(desk: Desk, rows: Any, wide: float) -> list[Fact]:
    by_fact: dict[str, list[Row]] = {}
    for row in rows:
        by_fact.setdefault(row[0], []).append(_row(desk, row, wide))
    return [Fact(desk.say(words.fact(fact)), made) for fact, made in by_fact.items()]


def _row(desk: Desk, row: Any, wide: float) -> Row:
    fact, value, against, count, ratio, low, high, beyond = row
    names = [desk.say(words.fact_value(fact, each)) for each in (value, against)]
    interval = ""
    if low is not None and high is not None:
        interval = desk.between(_number(desk, low), _number(desk, high))
    return Row(
        names[0],
        names[1],
        desk.voice.count(count),
        _times(desk, ratio),
        interval,
        _picture(ratio, low, high, wide),
        beyond,
        _words(desk, ratio, interval),
    )


def _picture(ratio: float, low: float | None, high: float | None, wide: float) -> str:
    """Draw a ratio on a scale of ratios, as often as all others in the middle."""
    if ratio <= 0:
        return ""
    end = log(wide)
    ends = (log(each) if each else None for each in (low, high))
    point = point_of(log(ratio), *ends)
    return interval_bars.draw(point, Axis(-end, end, end, ("", "", "")), middle=0.0)


def _words(desk: Desk, ratio: float, interval: str) -> str:
    told = {"ratio": _number(desk, ratio), "interval": interval}
    if not interval:
        return str(_("come again %(ratio)s times as often") % told)
    return str(_("come again %(ratio)s times as often (%(interval)s)") % told)


def _strongest(desk: Desk, rows: Any, wide: float) -> str:
    """Say what goes with coming back more, or less, than any other thing that is beyond chance."""
    sure = [row for row in rows if row[7]]
    if not sure:
        return str(_("Nothing that is known of the first order goes with more or fewer second orders by more than chance."))  # fmt: skip
    strongest = max(sure, key=lambda row: abs(log(row[4])) if row[4] > 0 else 0.0)
    row = _row(desk, strongest, wide)
    return str(
        _("%(fact)s, %(value)s: these customers %(words)s as those of %(against)s.")
        % {
            "fact": desk.say(words.fact(strongest[0])),
            "value": row.value,
            "words": row.words,
            "against": row.against,
        }
    )


def _number(desk: Desk, ratio: float) -> str:
    return desk.voice.number(ratio, digits=2 if ratio < NEAR_ONE else 1)


def _times(desk: Desk, ratio: float) -> str:
    return f"{_number(desk, ratio)}×"
