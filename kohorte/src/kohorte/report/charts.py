"""A chart as data: what the table, the still picture and the script all draw from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from kohorte.report import axis, periods
from kohorte.report.axis import Axis
from kohorte.report.periods import GRAIN_NAMES, Period
from kohorte.report.voice import Voice
from kohorte.results import Grain, Row, Unit

Kind = Literal["lines", "bars"]
Style = Literal["first", "second", "third"]
FEWEST_POINTS = 3
MOST_POINTS: dict[Grain, int] = {"month": 120, "quarter": 60, "year": 40}


@dataclass(frozen=True)
class Point:
    """One value with its words; `text` is empty where there is no value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""
    interval: str = ""
    n: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """One series of a chart."""

    name: str
    style: Style
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Mark:
    """Something that happened, where it lies on the axis of periods: 2.5 is the middle of the third.

    `name` is what stands above it, such as the number under which a list tells what it was.
    """

    starts: float
    ends: float
    name: str


@dataclass(frozen=True)
class Panel:
    """A chart at one grain."""

    grain: Grain
    grain_name: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    complete: tuple[bool, ...]
    lines: tuple[Line, ...]
    axis: Axis
    summary: str = ""
    goal: tuple[Point, ...] = ()
    goal_name: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def drawable(self) -> bool:
        """Whether there is enough to see."""
        return any(
            sum(point.value is not None for point in line.points) >= FEWEST_POINTS
            for line in self.lines
        )

    @property
    def cut(self) -> bool:
        """Whether the axis begins above zero."""
        return self.axis.low > 0


@dataclass(frozen=True)
class Chart:
    """A picture with its title, its meaning and one panel per grain."""

    slug: str
    title: str
    meaning: str
    kind: Kind
    panels: tuple[Panel, ...] = field(default_factory=tuple)

    @property
    def drawable(self) -> bool:
        """Whether any panel can be drawn."""
        return any(panel.drawable for panel in self.panels)


def panel(
    grain: Grain,
    lines: Sequence[tuple[str, Style, Sequence[Point]]],
    covered: Sequence[Period],
    complete: Sequence[bool],
    *,
    unit: Unit,
    kind: Kind,
    voice: Voice,
    summary: str = "",
    goal: tuple[Point, ...] = (),
    marks: tuple[Mark, ...] = (),
) -> Panel:
    """Put points over the periods they cover.

    `goal` is the target of each, if there is any, and `marks` is what happened meanwhile.
    """
    drawn = tuple(Line(name, style, tuple(points)) for name, style, points in lines)
    return Panel(
        grain=grain,
        grain_name=voice.pick(GRAIN_NAMES[grain]),
        labels=tuple(periods.short(period, voice) for period in covered),
        names=tuple(periods.name(period, voice) for period in covered),
        keys=tuple(period.period for period in covered),
        complete=tuple(complete),
        lines=drawn,
        axis=axis.fit(
            [*_extent(drawn, kind), *(one.value for one in goal if one.value is not None)],
            unit,
            voice,
            from_zero=kind == "bars",
        ),
        summary=summary,
        goal=goal,
        goal_name=_goal_name(goal, voice),
        marks=marks,
    )


def point(row: Row, unit: Unit, voice: Voice) -> Point:
    """Return a row as a point with its words."""
    reason = voice.tell(row.reason) if row.reason else ""
    n = voice.count(row.n)
    if row.value is None:
        return Point(None, n=n, reason=reason)
    interval = ""
    if row.low is not None and row.high is not None:
        interval = voice.interval(unit, row.low, row.high, n=row.n)
    text = voice.value(unit, row.value, n=row.n)
    return Point(row.value, row.low, row.high, text, interval, n, reason)


def _goal_name(goal: Sequence[Point], voice: Voice) -> str:
    """Name the line of targets, with its value where that never changes."""
    texts = {one.text for one in goal if one.text}
    if len(texts) == 1:
        return voice.say("Target {goal}", goal=texts.pop())
    return voice.say("Target") if texts else ""


def plain(value: float | None, unit: Unit, voice: Voice) -> Point:
    """Return a bare number as a point."""
    return Point(value, text="" if value is None else voice.value(unit, value, n=100))


def as_data(chart: Chart) -> dict[str, object]:
    """Return what the script needs to draw the chart."""
    return {
        "slug": chart.slug,
        "title": chart.title,
        "kind": chart.kind,
        "panels": {panel.grain: panel_data(panel) for panel in chart.panels if panel.drawable},
    }


def panel_data(panel: Panel) -> dict[str, object]:
    """Return what the script needs to draw a panel, and to write its numbers into a file."""
    return {
        "labels": panel.labels,
        "names": panel.names,
        "keys": panel.keys,
        "complete": panel.complete,
        "goal": {
            "name": panel.goal_name,
            "values": [_rounded(point.value) for point in panel.goal],
            "texts": [point.text for point in panel.goal],
        }
        if panel.goal
        else None,
        "axis": {
            "min": panel.axis.low,
            "max": panel.axis.high,
            "step": panel.axis.step,
            "labels": panel.axis.labels,
        },
        "lines": [
            {
                "name": line.name,
                "style": line.style,
                "values": [_rounded(point.value) for point in line.points],
                "low": [_rounded(point.low) for point in line.points],
                "high": [_rounded(point.high) for point in line.points],
                "texts": [point.text for point in line.points],
                "intervals": [point.interval for point in line.points],
            }
            for line in panel.lines
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _extent(lines: Sequence[Line], kind: Kind) -> list[float]:
    """Return the values the axis must hold; bars stand on each other, upward and downward."""
    if kind == "lines":
        points = [point for line in lines for point in line.points]
        every = [end for point in points for end in (point.value, point.low, point.high)]
        return [value for value in every if value is not None]
    stacks = zip(*(line.points for line in lines), strict=True)
    columns = [[point.value or 0.0 for point in stack] for stack in stacks]
    up = [sum(value for value in column if value > 0) for column in columns]
    down = [sum(value for value in column if value < 0) for column in columns]
    return up + down
