"""Charts over classes, tenths or steps of time, as the pages of numbers draw those over periods."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.report import axis, charts
from kohorte.report.charts import Chart, Kind, Line, Panel, Point, Style
from kohorte.report.voice import Voice
from kohorte.results import Unit
from stammkunde.faces.dashboard.insights import figures
from stammkunde.faces.dashboard.insights.figures import Figure

STYLES: tuple[Style, ...] = ("first", "second", "third")


def figure(
    slug: str,
    title: str,
    meaning: str,
    *,
    over: str,
    labels: Sequence[str],
    names: Sequence[str] = (),
    lines: Sequence[tuple[str, Sequence[float | None]]],
    unit: Unit,
    kind: Kind,
    voice: Voice,
    summary: str = "",
) -> Figure:
    """Return a chart with its table, in the order of its labels.

    Parameters
    ----------
    over
        What the labels are: the head of the table's first column.
    names
        The labels as the table has them, where there is more room.
    lines
        Names with a value for each label; None draws nothing.
    """
    drawn = tuple(
        Line(name, style, tuple(charts.plain(value, unit, voice) for value in values))
        for (name, values), style in zip(lines, STYLES, strict=False)
    )
    known = [value for _name, values in lines for value in values if value is not None]
    panel = Panel(
        grain="all",
        grain_name=over,
        labels=tuple(labels),
        names=tuple(names or labels),
        keys=tuple(labels),
        complete=(True,) * len(labels),
        lines=drawn,
        axis=axis.fit(known, unit, voice, from_zero=True),
        summary=summary,
    )
    chart = Chart(slug, title, meaning, kind, (panel,))
    rows = tuple(
        figures.Line(name, True, tuple(line.points[place] for line in drawn))
        for place, name in enumerate(panel.names)
    )
    return Figure(chart, panel, rows)


def point_of(value: float, low: float | None, high: float | None) -> Point:
    """Return a bare value with its range, to be drawn beside others."""
    return Point(value, low, high)
