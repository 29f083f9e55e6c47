"""The statistics of a survey on the page of voices: how sure, who answered, what goes with it, what it foretells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte.intervals import Estimate
from kohorte.report import axis, interval_bars, periods
from kohorte.report.cards import RELIABLE_N
from kohorte.report.voice import MINUS, Voice
from kohorte.results import Unit
from stammkunde.faces.dashboard.insights import heard_said
from stammkunde.faces.dashboard.insights.heard_said import Ends

QUESTIONS: dict[str, tuple[str, str | Promise]] = {
    "nps": ("net_promoter_score", gettext_lazy("NPS")),
    "csat": ("customer_satisfaction_score", gettext_lazy("CSAT")),
    "ces": ("customer_effort_score", gettext_lazy("CES")),
}
STEPS = 12
# Beyond a tenth of a standard deviation a difference is worth a word (Austin 2009).
NOTABLE = 0.1
RATE = 15.0
PERIOD_DAYS = 90


@dataclass(frozen=True)
class Line:
    """A row of a table: a value with its range and a picture of both."""

    name: str
    value: str
    range: str
    n: str
    picture: str = ""
    more: tuple[str, ...] = ()
    tag: str = ""
    is_thin: bool = False


@dataclass(frozen=True)
class Heard:
    """What the answers to one question say, ready to be shown."""

    verdict: str
    scores: list[Line]
    is_weighted: bool
    trend: list[Line]
    trend_said: str
    groups: list[Line]
    groups_said: str
    drivers: list[Line]
    drivers_said: str
    foretells: str
    themes: list[Line]
    has_praise: bool
    written: list[str]
    plan: list[Line]
    plan_said: str
    rest: str
    missing: list[str] = field(default_factory=list)


def build(found: Mapping[str, Any], voice: Voice, *, rate_percent: float) -> Heard:
    """Return what a survey says in words and rows."""
    unit: Unit = found["scores"][0][1]
    silent = found["silent"]
    return Heard(
        verdict=heard_said.verdict(found, voice),
        scores=[_score(one, voice) for one in found["scores"]],
        is_weighted=any(one[3] for one in found["scores"]),
        trend=_trend(found, unit, voice),
        trend_said=_trend_said(found, unit, voice),
        groups=_groups(found, unit, voice),
        groups_said=heard_said.groups_said(found, voice),
        drivers=_drivers(found, voice),
        drivers_said=heard_said.drivers_said(found, voice),
        foretells=heard_said.foretells(found, voice),
        themes=_themes(found, unit, voice),
        has_praise=bool(found["written"]) and found["written"]["praise"] is not None,
        written=heard_said.written(found, voice),
        plan=_plan(found, rate_percent, voice),
        plan_said=_("As it is, the score is sure to ±%(points)s points.")
        % {"points": voice.number(found["plan"]["now"], digits=1)}
        if found["plan"]["now"]
        else _("All answered alike, so nobody can say how many answers it takes."),
        rest=_(
            "Leave %(family)s days between two surveys of this kind to one customer, and %(rest)s between any two."
        )
        % {"family": found["plan"]["family_rest"], "rest": found["plan"]["rest"]},
        missing=[voice.tell(silent[name]) for name in ("weights",) if name in silent],
    )


def _score(one: Sequence[Any], voice: Voice) -> Line:
    name, unit, plain, weighted = one
    more = (
        (heard_said.text(weighted[0], unit, voice), heard_said.range_of(weighted, unit, voice))
        if weighted
        else ()
    )
    return Line(
        voice.pick(name),
        heard_said.text(plain[0], unit, voice),
        heard_said.range_of(plain, unit, voice),
        "",
        more=more,
    )


def _pictures(
    found: Sequence[Ends], unit: Unit, voice: Voice, *, middle: float | None = None
) -> list[str]:
    drawn = [Estimate(value, low, high) for value, low, high in found]
    known = interval_bars.extent(drawn)
    if not known:
        return [""] * len(drawn)
    scale = axis.fit(known, unit, voice, from_zero=False)
    return [interval_bars.draw(each, scale, middle=middle) for each in drawn]


def _trend(found: Mapping[str, Any], unit: Unit, voice: Voice) -> list[Line]:
    """Return the last periods, the newest first."""
    steps = [step for step in found["trend"] if step[2]][-STEPS:][::-1]
    pictures = _pictures([step[3] for step in steps], unit, voice)
    return [
        Line(
            periods.name(periods.Named(found["grain"], label, starts_on), voice), heard_said.text(ends[0], unit, voice),
            heard_said.range_of(ends, unit, voice), voice.count(n), picture,
            tag=_("changed") if moved else "", is_thin=n < RELIABLE_N,
        )
        for (starts_on, label, n, ends, moved), picture in zip(steps, pictures, strict=True)
    ]  # fmt: skip


def _trend_said(found: Mapping[str, Any], unit: Unit, voice: Voice) -> str:
    if not found["trend"]:
        return _("For a trend it takes answers in two months at least.")
    moved = [
        periods.name(periods.Named(found["grain"], label, starts_on), voice)
        for starts_on, label, _n, _ends, is_moved in found["trend"]
        if is_moved
    ]
    if moved:
        return _("Beyond chance it changed in: %(periods)s.") % {
            "periods": ", ".join(moved[-STEPS:])
        }
    said = _("No change from one period to the next is beyond chance.")
    if found["noise"] is not None:
        said += " " + _("Chance alone moves it by up to %(noise)s.") % {
            "noise": heard_said.text(found["noise"], unit, voice)
        }
    return said


def _groups(found: Mapping[str, Any], unit: Unit, voice: Voice) -> list[Line]:
    pictures = _pictures(
        [part[2] for part in found["groups"]], unit, voice, middle=found["scores"][0][2][0]
    )
    return [
        Line(
            voice.pick(name), heard_said.text(ends[0], unit, voice), heard_said.range_of(ends, unit, voice),
            voice.count(n), picture, (_apart(before, voice), _apart(after, voice)),
            tag=_("differs") if before is not None and abs(before) > NOTABLE else "",
            is_thin=n < RELIABLE_N,
        )
        for (name, n, ends, before, after), picture in zip(found["groups"], pictures, strict=True)
    ]  # fmt: skip


def _apart(value: float | None, voice: Voice) -> str:
    if value is None:
        return "–"
    return ("+" if value >= 0 else MINUS) + voice.number(abs(value), digits=2)


def _drivers(found: Mapping[str, Any], voice: Voice) -> list[Line]:
    told = found["drivers"]
    if not told:
        return []
    pictures = _pictures([row[1] for row in told["rows"]], "percent", voice)
    return [
        Line(
            name.upper(), heard_said.text(ends[0], "percent", voice), heard_said.range_of(ends, "percent", voice), "",
            picture, (_("rises with it") if rises else _("falls with it"),),
        )
        for (name, ends, rises), picture in zip(told["rows"], pictures, strict=True)
    ]  # fmt: skip


def _themes(found: Mapping[str, Any], unit: Unit, voice: Voice) -> list[Line]:
    told = found["written"]
    return [
        Line(
            ", ".join(words), heard_said.text(ends[0], unit, voice), heard_said.range_of(ends, unit, voice),
            voice.count(n), more=("–" if praise is None else voice.percent(praise, n=n),),
        )
        for words, n, ends, praise in (told["themes"] if told else ())
    ]  # fmt: skip


def _plan(found: Mapping[str, Any], rate_percent: float, voice: Voice) -> list[Line]:
    """Return how many answers and invitations a score takes that is as sure as wanted."""
    lines = []
    for points, answers in sorted(found["plan"]["answers"].items(), reverse=True):
        # Where all answered alike, nobody can say how many it would take.
        if not answers:
            continue
        invitations = -(-answers * 100 // rate_percent)
        daily = invitations / PERIOD_DAYS
        customers = found["customers"]
        is_enough = customers is None or customers / daily >= found["plan"]["family_rest"]
        lines.append(
            Line(
                _("±%(points)s points") % {"points": points},
                voice.count(answers),
                "",
                voice.count(invitations),
                more=(voice.number(daily, digits=1 if daily < 10 else 0),),
                tag="" if is_enough else _("more than your customers allow"),
            )
        )
    return lines
