"""Still pictures as SVG: sparklines, and the charts for paper and for pages without script.

Colors are classes of the style sheet, so light, dark and paper share one drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from kohorte.report.charts import FEWEST_POINTS, Kind, Line, Panel, Point

WIDTH, HEIGHT = 560, 236
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 12, 28
LABELS_WANTED = 8
# What lasted is drawn as a band from this width on; names so close are written side by side.
MARK_WIDTH, MARK_ROOM = 4, 16
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 120, 36, 4


@dataclass(frozen=True)
class _Frame:
    """Where things lie: position of a point on the x axis and of a value on the y axis."""

    x: Callable[[int], float]
    y: Callable[[float], float]
    slot: float


def chart(panel: Panel, kind: Kind) -> Markup:
    """Draw one panel."""
    frame = _frame(panel)
    drawn = _bars(panel, frame) if kind == "bars" else _lines(panel, frame)
    parts = [*_grid(panel, frame), *_marks(panel, frame), *drawn, *_goal(panel, frame)]
    parts += _axis_words(panel, frame)
    return Markup(  # noqa: S704 - numbers and escaped labels only
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">'
        f"{''.join(parts)}</svg>"
    )


def sparkline(
    values: Sequence[float | None], complete: Sequence[bool], *, marks: Sequence[float] = ()
) -> Markup:
    """Draw a small line; what is unfinished is dashed and ends in a hollow dot.

    `marks` says where something happened: 2 is at the third value.
    """
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_POINTS:
        return Markup("")
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    room = SPARK_HEIGHT - 2 * SPARK_EDGE
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(values) - 1, 1)
    frame = _Frame(
        x=lambda index: SPARK_EDGE + index * step,
        y=lambda value: SPARK_EDGE + (1 - (value - low) / span) * room,
        slot=step,
    )
    points = tuple(Point(value) for value in values)
    upright = [
        f'<line class="marker" x1="{SPARK_EDGE + place * step:.1f}" '
        f'x2="{SPARK_EDGE + place * step:.1f}" y1="0" y2="{SPARK_HEIGHT}"/>'
        for place in marks
    ]
    parts = [*upright, *_strokes(points, complete, frame), *_last_dot(points, complete, frame)]
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" aria-hidden="true" '
        f'focusable="false"><g class="first">{"".join(parts)}</g></svg>'
    )


def _frame(panel: Panel) -> _Frame:
    low, high = panel.axis.low, panel.axis.high
    slot = (WIDTH - LEFT - RIGHT) / max(len(panel.labels), 1)
    room = HEIGHT - TOP - BOTTOM
    return _Frame(
        x=lambda index: LEFT + (index + 0.5) * slot,
        y=lambda value: TOP + (1 - (value - low) / ((high - low) or 1)) * room,
        slot=slot,
    )


def _grid(panel: Panel, frame: _Frame) -> list[str]:
    return [
        f'<line class="{"zero" if value == 0 else "grid"}" x1="{LEFT}" x2="{WIDTH - RIGHT}" '
        f'y1="{frame.y(value):.1f}" y2="{frame.y(value):.1f}"/>'
        for value in panel.axis.ticks
    ]


def _axis_words(panel: Panel, frame: _Frame) -> list[str]:
    every = max(1, -(-len(panel.labels) // LABELS_WANTED))
    below = [
        f'<text x="{frame.x(index):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(label)}</text>'
        for index, label in enumerate(panel.labels)
        if index % every == 0
    ]
    beside = [
        f'<text x="{LEFT - 8}" y="{frame.y(value) + 4:.1f}" text-anchor="end">{escape(label)}</text>'
        for value, label in zip(panel.axis.ticks, panel.axis.labels, strict=True)
    ]
    return below + beside


def _goal(panel: Panel, frame: _Frame) -> list[str]:
    """Draw the target as steps over the periods it holds for, and name it at its end."""
    points, half = panel.goal, frame.slot / 2
    parts = []
    for run in _runs(points, lambda point: point.value is not None):
        ends = [(frame.x(i) - half, frame.x(i) + half, frame.y(points[i].value or 0)) for i in run]
        path = "L".join(f"{left:.1f} {y:.1f}L{right:.1f} {y:.1f}" for left, right, y in ends)
        parts.append(f'<path class="goal" d="M{path}"/>')
    last = next((i for i in reversed(range(len(points))) if points[i].value is not None), None)
    if last is None:
        return parts
    right, above = frame.x(last) + half, frame.y(points[last].value or 0) - 5
    words = f'x="{right:.1f}" y="{max(above, 10):.1f}" text-anchor="end"'
    return [*parts, f'<text class="goal-name" {words}>{escape(panel.goal_name)}</text>']


def _marks(panel: Panel, frame: _Frame) -> list[str]:
    """Draw what happened as upright lines, what lasted as a band; names that would touch are joined."""
    parts: list[str] = []
    names: list[tuple[float, list[str]]] = []
    for mark in sorted(panel.marks, key=lambda one: one.starts):
        left, right = (LEFT + place * frame.slot for place in (mark.starts, mark.ends))
        if right - left > MARK_WIDTH:
            parts.append(
                f'<rect class="marked" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" '
                f'height="{HEIGHT - TOP - BOTTOM}"/>'
            )
        parts.append(
            f'<line class="marker" x1="{left:.1f}" x2="{left:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        )
        if names and left - names[-1][0] < MARK_ROOM * len(names[-1][1]):
            names[-1][1].append(mark.name)
        else:
            names.append((left, [mark.name]))
    return parts + [
        f'<text class="marker-name" x="{left:.1f}" y="{TOP - 2}">{escape(", ".join(joined))}</text>'
        for left, joined in names
    ]


def _lines(panel: Panel, frame: _Frame) -> list[str]:
    parts = []
    for line in panel.lines:
        drawn = [*_band(line, frame), *_strokes(line.points, panel.complete, frame)]
        drawn += _last_dot(line.points, panel.complete, frame)
        parts.append(f'<g class="{line.style}">{"".join(drawn)}</g>')
    return parts


def _band(line: Line, frame: _Frame) -> list[str]:
    """Fill between the interval's ends, run by run of neighbouring points that have one."""
    bands = []
    for run in _runs(line.points, lambda point: point.low is not None and point.high is not None):
        upper = [f"{frame.x(i):.1f},{frame.y(line.points[i].high or 0):.1f}" for i in run]
        lower = [f"{frame.x(i):.1f},{frame.y(line.points[i].low or 0):.1f}" for i in reversed(run)]
        bands.append(f'<polygon class="band" points="{" ".join(upper + lower)}"/>')
    return bands


def _strokes(points: Sequence[Point], complete: Sequence[bool], frame: _Frame) -> list[str]:
    strokes = []
    for run in _runs(points, lambda point: point.value is not None):
        for start, end in pairwise(run):
            dashed = "" if complete[start] and complete[end] else " dashed"
            ends = [f"{frame.x(i):.1f} {frame.y(points[i].value or 0):.1f}" for i in (start, end)]
            strokes.append(f'<path class="line{dashed}" d="M{ends[0]}L{ends[1]}"/>')
    return strokes


def _last_dot(points: Sequence[Point], complete: Sequence[bool], frame: _Frame) -> list[str]:
    for index in reversed(range(len(points))):
        value = points[index].value
        if value is not None:
            hollow = "" if complete[index] else " hollow"
            place = f'cx="{frame.x(index):.1f}" cy="{frame.y(value):.1f}"'
            return [f'<circle class="dot{hollow}" {place} r="3"/>']
    return []


def _bars(panel: Panel, frame: _Frame) -> list[str]:
    """Stack the lines' values: upward from zero what is positive, downward what is negative."""
    width = max(frame.slot * 0.7, 1)
    up, down = [0.0] * len(panel.labels), [0.0] * len(panel.labels)
    parts = []
    for line in panel.lines:
        rectangles = []
        for index, point in enumerate(line.points):
            if not point.value:
                continue
            stack = up if point.value > 0 else down
            ends = sorted((frame.y(stack[index]), frame.y(stack[index] + point.value)))
            stack[index] += point.value
            unfinished = "" if panel.complete[index] else " unfinished"
            rectangles.append(
                f'<rect class="bar{unfinished}" x="{frame.x(index) - width / 2:.1f}" '
                f'y="{ends[0]:.1f}" width="{width:.1f}" height="{ends[1] - ends[0]:.1f}"/>'
            )
        parts.append(f'<g class="{line.style}">{"".join(rectangles)}</g>')
    return parts


def _runs(points: Sequence[Point], wanted: Callable[[Point], bool]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for index, point in enumerate(points):
        if wanted(point):
            runs[-1].append(index)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
