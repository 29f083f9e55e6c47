"""How long groups of customers take to their second order, side by side, and whether that is chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kohorte.report import cards, waits_view
from kohorte.report.charts import Chart
from kohorte.report.material import Material
from kohorte.report.sides import group_name
from kohorte.report.waits_view import Cell
from kohorte.results import Group, LogRank, Survival

DAYS = (30, 90, 180, 365)
TOLD = 90
MOST_DRAWN = 3
SURE = 0.05


@dataclass(frozen=True)
class GroupOfWaits:
    """A group: how many customers it has, who is back by each day, and by which day half of them are."""

    name: str
    customers: str
    by_day: tuple[tuple[str, Cell], ...]
    half: str


@dataclass(frozen=True)
class ApartView:
    """Groups side by side, ready to be shown; `chart` draws the largest of them."""

    chart: Chart | None
    days: tuple[str, ...]
    groups: tuple[GroupOfWaits, ...]
    verdict: str
    is_sure: bool


def build(
    dimension: str,
    curves: Sequence[tuple[Group, Survival]],
    test: LogRank | None,
    material: Material,
) -> ApartView:
    """Show the curves of groups, the largest first."""
    voice = material.voice
    named = [(group_name(dimension, group, material), curve) for group, curve in curves]
    drawn = [
        (name, curve)
        for (group, _), (name, curve) in zip(curves, named, strict=True)
        if group.value is not None and curve.customers >= cards.RELIABLE_N
    ][:MOST_DRAWN]
    return ApartView(
        chart=_chart(drawn, material) if drawn else None,
        days=tuple(voice.say("day {day}", day=day) for day in DAYS),
        groups=tuple(_group(name, curve, material) for name, curve in named),
        verdict=_verdict(test, material),
        is_sure=test is not None and test.p < SURE,
    )


def _chart(drawn: Sequence[tuple[str, Survival]], material: Material) -> Chart:
    """Draw curves, and say of each who is back after a quarter."""
    made = waits_view.chart(drawn, material)
    told = [
        f"{name} {back.text}"
        for name, curve in drawn
        if (back := waits_view.cell(curve, TOLD, material)).text
    ]
    summary = material.voice.say("Back by day {day}: {list}.", day=TOLD, list=", ".join(told))
    panels = tuple(replace(panel, summary=summary if told else "") for panel in made.panels)
    return replace(made, panels=panels)


def _group(name: str, curve: Survival, material: Material) -> GroupOfWaits:
    half = curve.quantile(0.5)
    return GroupOfWaits(
        name,
        material.voice.count(curve.customers),
        tuple(
            (material.voice.say("day {day}", day=day), waits_view.cell(curve, day, material))
            for day in DAYS
        ),
        "" if half is None else material.voice.say("day {day}", day=half),
    )


def _verdict(test: LogRank | None, material: Material) -> str:
    """Say whether the groups differ by more than chance."""
    voice = material.voice
    if test is None:
        return voice.say("There are not two groups with known ranges to compare.")
    number = voice.number(test.p, digits=3)
    p = f"< {voice.number(0.001, digits=3)}" if test.p < 0.001 else f"= {number}"
    if test.p < SURE:
        said = voice.say("The groups differ more than chance explains (log-rank, p {p}).", p=p)
        return f"{said} {voice.say('Whether the group is the reason, this does not tell.')}"
    return voice.say("The groups do not differ more than chance explains (log-rank, p {p}).", p=p)
