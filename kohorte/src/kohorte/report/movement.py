"""Who came and went: the active customers then, those won and lost, the active customers now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.language import Text
from kohorte.report import charts, periods
from kohorte.report.charts import MOST_POINTS, Chart, Panel, Point, Style
from kohorte.report.material import Material
from kohorte.report.trends import TREND_GRAINS
from kohorte.results import Grain, Movement

NEW = Text(de="Neu", en="New")
BACK = Text(de="Zurückgekehrt", en="Came back")
NEW_OR_BACK = Text(de="Neu oder zurückgekehrt", en="New or came back")
LOST = Text(de="Verloren", en="Lost")
ACTIVE = Text(de="Aktiv am Ende", en="Active at the end")


@dataclass(frozen=True)
class Step:
    """One number of the sum from then to now."""

    name: str
    sign: str
    value: str
    kind: str


@dataclass(frozen=True)
class Movements:
    """The sum for the last period in which all is known, and the charts."""

    period: str
    steps: tuple[Step, ...]
    summary: str
    charts: tuple[Chart, ...]


def build(material: Material) -> Movements:
    """Show who came and went."""
    known = [one for one in _of("month", material) if _observed(one)]
    finished = [one for one in known if material.finished(one.ends_on)]
    last = finished[-1] if finished else None
    return Movements(
        period=periods.name(last, material.voice) if last else "",
        steps=_steps(last, material) if last else (),
        summary=_summary(last, material),
        charts=tuple(chart for chart in (_flows(material), _active(material)) if chart.panels),
    )


def _of(grain: Grain, material: Material) -> list[Movement]:
    found = [one for one in material.report.movements if one.grain == grain]
    return sorted(found, key=lambda one: one.starts_on)[-MOST_POINTS[grain] :]


def _observed(one: Movement) -> bool:
    return None not in (one.active_at_start, one.new, one.reactivated, one.lost)


def _steps(one: Movement, material: Material) -> tuple[Step, ...]:
    voice = material.voice
    days = material.setting("retention_days", 365)
    start = material.date(_evaluated(one, material) - dt.timedelta(days=days))
    end = material.date(_evaluated(one, material))
    return (
        Step(
            voice.say("Active on {day}", day=start),
            "",
            _count(one.active_at_start, material),
            "start",
        ),
        *_gained(one, material),
        Step(voice.pick(LOST), "−", _count(one.lost, material), "lost"),
        Step(
            voice.say("Active on {day}", day=end), "=", _count(one.active_at_end, material), "end"
        ),
    )


def _gained(one: Movement, material: Material) -> tuple[Step, ...]:
    """Name who was gained; where the data are too short to tell new from returned, both together."""
    voice = material.voice
    if one.new_may_hold_returned:
        both = (one.new or 0) + (one.reactivated or 0)
        return (Step(voice.pick(NEW_OR_BACK), "+", _count(both, material), "new"),)
    return (
        Step(voice.pick(NEW), "+", _count(one.new, material), "new"),
        Step(voice.pick(BACK), "+", _count(one.reactivated, material), "back"),
    )


def _evaluated(one: Movement, material: Material) -> dt.date:
    return min(one.ends_on, material.report.last_on + dt.timedelta(days=1))


def _count(value: int | None, material: Material) -> str:
    return "" if value is None else material.voice.count(value)


def _summary(last: Movement | None, material: Material) -> str:
    voice = material.voice
    days = material.setting("retention_days", 365)
    if last is None:
        return voice.say(
            "Who was won and lost can be told once the history covers {days} days before the "
            "{window} days that make a customer active.",
            days=days,
            window=material.setting("active_days", 365),
        )
    start, end = last.active_at_start or 0, last.active_at_end or 0
    balance = voice.count(abs(end - start))
    if end >= start:
        return voice.say(
            "On balance {count} more active {count:customer|customers} than {days} days before.",
            count=balance,
            days=days,
        )
    return voice.say(
        "On balance {count} fewer active {count:customer|customers} than {days} days before.",
        count=balance,
        days=days,
    )


def _flows(material: Material) -> Chart:
    voice = material.voice
    days = material.setting("retention_days", 365)
    panels = [_flow_panel(grain, material) for grain in TREND_GRAINS]
    return Chart(
        slug="movement-flows",
        title=voice.say("Won and lost within {days} days", days=days),
        meaning=voice.say(
            "At the end of each period: who was won in the {days} days before, and who was lost.",
            days=days,
        ),
        kind="bars",
        panels=tuple(panel for panel in panels if panel),
    )


def _flow_panel(grain: Grain, material: Material) -> Panel | None:
    voice = material.voice
    known = [one for one in _of(grain, material) if _observed(one)]
    if not known:
        return None
    lines = _flow_lines(known, material)
    finished = [material.finished(one.ends_on) for one in known]
    said = [(name, [abs(point.value or 0) for point in points]) for name, _, points in lines]
    return charts.panel(
        grain,
        lines,
        known,
        finished,
        unit="count",
        kind="bars",
        voice=voice,
        summary=_last_words(known, finished, said, material),
    )


def _flow_lines(known: list[Movement], material: Material) -> list[tuple[str, Style, list[Point]]]:
    voice = material.voice
    lost = [_point(-(one.lost or 0), material) for one in known]
    if any(one.new_may_hold_returned for one in known):
        gained = [_point((one.new or 0) + (one.reactivated or 0), material) for one in known]
        return [(voice.pick(NEW_OR_BACK), "second", gained), (voice.pick(LOST), "first", lost)]
    return [
        (voice.pick(NEW), "second", [_point(one.new, material) for one in known]),
        (voice.pick(BACK), "third", [_point(one.reactivated, material) for one in known]),
        (voice.pick(LOST), "first", lost),
    ]


def _active(material: Material) -> Chart:
    voice = material.voice
    panels = [_active_panel(grain, material) for grain in TREND_GRAINS]
    return Chart(
        slug="movement-active",
        title=voice.say("Active customers"),
        meaning=voice.say(
            "Customers with an order in the {days} days before the end of the period.",
            days=material.setting("active_days", 365),
        ),
        kind="bars",
        panels=tuple(panel for panel in panels if panel),
    )


def _active_panel(grain: Grain, material: Material) -> Panel | None:
    voice = material.voice
    found = [one for one in _of(grain, material) if one.active_at_end is not None]
    if not found:
        return None
    counts = [one.active_at_end or 0 for one in found]
    points = [_point(count, material) for count in counts]
    finished = [material.finished(one.ends_on) for one in found]
    return charts.panel(
        grain,
        [(voice.pick(ACTIVE), "first", points)],
        found,
        finished,
        unit="count",
        kind="bars",
        voice=voice,
        summary=_last_words(found, finished, [("", counts)], material),
    )


def _last_words(
    covered: list[Movement],
    finished: list[bool],
    said: Sequence[tuple[str, Sequence[float]]],
    material: Material,
) -> str:
    """Write the last finished period out."""
    voice = material.voice
    last = next((i for i in reversed(range(len(covered))) if finished[i]), None)
    if last is None:
        return voice.say("No period is complete yet.")
    parts = [f"{name} {voice.count(values[last])}".strip() for name, values in said]
    when = periods.name(covered[last], voice)
    return voice.say("{when}: {value}.", when=when, value=", ".join(parts))


def _point(value: int | None, material: Material) -> Point:
    return charts.plain(value, "count", material.voice)
