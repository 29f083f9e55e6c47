"""Groups side by side: each metric of each group with its interval, and how long they stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kohorte.conditions.customers import RFM_GROUP
from kohorte.contrasts import UNTESTED
from kohorte.narrowing import OF_CHANNELS
from kohorte.report import axis, cards, interval_bars
from kohorte.report.cohort_view import level_of
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.report.new_existing import NAMES
from kohorte.results import Breakdown, Group, Row, Side, Stay
from kohorte.rfm import GROUPS

AGES = (1, 2, 3, 6, 9, 12, 18, 24)


@dataclass(frozen=True)
class SideRow:
    """One metric of one group; `text` is empty where `reason` says why."""

    name: str
    text: str
    interval: str
    n: str
    reason: str
    picture: Markup
    raw: str
    css: str


@dataclass(frozen=True)
class MetricSides:
    """One metric of all groups, with the ends of the scale and whether the groups differ."""

    slug: str
    name: str
    sentence: str
    rows: tuple[SideRow, ...]
    scale: tuple[str, str]
    verdict: str


@dataclass(frozen=True)
class StayCell:
    """The share who ordered at one age; `raw` is its number."""

    text: str
    certainty: str
    css: str
    raw: str = ""


@dataclass(frozen=True)
class SidesView:
    """One breakdown, ready to be shown."""

    slug: str
    title: str
    summary: str
    metrics: tuple[MetricSides, ...]
    ages: tuple[int, ...]
    stays: tuple[tuple[str, tuple[StayCell, ...]], ...]


def build(material: Material) -> list[SidesView]:
    """Show every breakdown of the report."""
    return [_view(each, material) for each in material.report.breakdowns if each.sides]


def group_name(dimension: str, group: Group, material: Material) -> str:
    """Write what the customers of a group share."""
    voice = material.voice
    if group.rest:
        return voice.say("All others")
    if group.value is None:
        return voice.say("Not known")
    if dimension == RFM_GROUP and group.value in GROUPS:
        return voice.pick(GROUPS[group.value][0])
    return group.value


def _view(breakdown: Breakdown, material: Material) -> SidesView:
    slugs = dict.fromkeys(row.metric for side in breakdown.sides for row in side.rows)
    made = [
        _metric(material.metrics[slug], breakdown, material)
        for slug in slugs
        if slug in material.metrics
    ]
    seen = {stay.age for side in breakdown.sides for stay in side.stays}
    ages = tuple(age for age in AGES if age in seen)
    return SidesView(
        breakdown.dimension,
        material.voice.pick(breakdown.name),
        _summary(breakdown, material),
        tuple(metric for metric in made if any(row.text for row in metric.rows)),
        ages,
        tuple(
            (_named(breakdown, side, material), _stays(side, ages, breakdown, material))
            for side in breakdown.sides
            if side.stays
        ),
    )


def _named(breakdown: Breakdown, side: Side, material: Material) -> str:
    return group_name(breakdown.dimension, side.group, material)


def _metric(metric: MetricText, breakdown: Breakdown, material: Material) -> MetricSides:
    voice = material.voice
    found = [
        (_named(breakdown, side, material), row)
        for side in breakdown.sides
        for row in side.rows
        if row.metric == metric.slug and row.grain == "all"
        # A channel through which nobody came has costs and leads, and nothing else.
        if side.group.customers or metric.slug in OF_CHANNELS
    ]
    segment = found[0][1].segment if found else "all"
    whole = material.shelf.total(metric.slug, segment)
    scale = _scale([row for _, row in found], whole, metric, material)
    middle = whole.value if whole else None
    rows = [_row(name, row, metric, scale, middle, material) for name, row in found]
    if whole is not None:
        rows.append(_row(voice.say("Together"), whole, metric, scale, None, material, "whole"))
    return MetricSides(
        metric.slug,
        _title(metric, segment, material),
        voice.pick(metric.sentence),
        tuple(rows),
        (scale.labels[0], scale.labels[-1]),
        _verdict(breakdown.apart.get(metric.slug), material),
    )


def _title(metric: MetricText, segment: str, material: Material) -> str:
    """Name a metric, with the customers it is about where these are not all."""
    name = material.voice.pick(metric.name)
    part = NAMES.get(segment)
    return f"{name}: {material.voice.pick(part)}" if part else name


def _scale(
    rows: Sequence[Row], whole: Row | None, metric: MetricText, material: Material
) -> axis.Axis:
    """Return the scale of a metric; where several groups are reliable, the others may lie outside."""
    known = [row for row in rows if row.value is not None]
    reliable = [row for row in known if not cards.is_thin(row)]
    shown = [*(reliable if len(reliable) > 1 else known), *([whole] if whole else [])]
    return axis.fit(interval_bars.extent(shown), metric.unit, material.voice, from_zero=False)


def _row(
    name: str,
    row: Row,
    metric: MetricText,
    scale: axis.Axis,
    middle: float | None,
    material: Material,
    css: str = "",
) -> SideRow:
    voice = material.voice
    interval = ""
    if row.low is not None and row.high is not None:
        interval = voice.interval(metric.unit, row.low, row.high, n=row.n)
    reason = voice.tell(row.reason) if row.reason else ""
    thin = " thin" if row.value is not None and cards.is_thin(row) else ""
    return SideRow(
        name,
        "" if row.value is None else voice.value(metric.unit, row.value, n=row.n),
        interval,
        voice.count(row.n),
        reason,
        interval_bars.draw(row, scale, middle=middle),
        interval_bars.raw(row, n=row.n),
        (css + thin).strip(),
    )


def _verdict(p: float | None, material: Material) -> str:
    if p is None:
        return ""
    if p < _level(material):
        return material.voice.say("The groups differ by more than chance explains.")
    return material.voice.say("The groups do not differ by more than chance explains.")


def _level(material: Material) -> float:
    percent = material.report.settings.get("confidence_percent", 95.0)
    return 1 - (float(percent) if isinstance(percent, int | float) else 95.0) / 100


def _summary(breakdown: Breakdown, material: Material) -> str:
    voice = material.voice
    level = _level(material)
    names = [
        voice.pick(material.metrics[slug].name)
        for slug, p in breakdown.apart.items()
        if p < level and slug in material.metrics
    ]
    if breakdown.dimension in UNTESTED:
        return voice.tell(UNTESTED[breakdown.dimension])
    if not breakdown.apart:
        return voice.say("There are not two groups with known ranges to compare.")
    if not names:
        return voice.say("In no metric do the groups differ by more than chance explains.")
    return voice.say(
        "The groups differ by more than chance explains in: {names}. Whether the group is the "
        "reason, this does not tell.",
        names=", ".join(names),
    )


def _stays(
    side: Side, ages: Sequence[int], breakdown: Breakdown, material: Material
) -> tuple[StayCell, ...]:
    every = [
        stay.percent
        for each in breakdown.sides
        for stay in each.stays
        if stay.age in ages and stay.n >= cards.RELIABLE_N
    ]
    scale = (min(every, default=0.0), max(every, default=0.0))
    by_age = {stay.age: stay for stay in side.stays}
    return tuple(_stay(by_age.get(age), scale, material) for age in ages)


def _stay(stay: Stay | None, scale: tuple[float, float], material: Material) -> StayCell:
    if stay is None:
        return StayCell("", "", "")
    voice = material.voice
    certainty = f"n = {voice.count(stay.n)}"
    if stay.low is not None and stay.high is not None:
        interval = voice.interval("percent", stay.low, stay.high, n=stay.n)
        certainty = f"{interval}; {certainty}"
    css = "thin" if stay.n < cards.RELIABLE_N else f"h{level_of(stay.percent, scale)}"
    return StayCell(
        voice.percent(stay.percent, n=stay.n), certainty, css, str(round(stay.percent, 6))
    )
