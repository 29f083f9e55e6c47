"""Charts as pages take them: the picture at one grain, and the same as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kohorte.report.charts import Chart, Panel, Point, panel_data
from kohorte.results import Grain


@dataclass(frozen=True)
class Line:
    """A period of a chart as a row of its table."""

    name: str
    complete: bool
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Figure:
    """A chart at one grain with its table, the newest period first."""

    chart: Chart
    panel: Panel
    table: tuple[Line, ...]

    @property
    def data(self) -> str:
        """The numbers of the picture as a script writes them into files."""
        return json.dumps(panel_data(self.panel), ensure_ascii=False)


def build(charts: Iterable[Chart], grain: Grain) -> list[Figure]:
    """Return charts at a grain; those that have nothing at it are left out."""
    return [
        Figure(chart, panel, _table(panel))
        for chart in charts
        for panel in chart.panels
        if panel.grain == grain
    ]


def _table(panel: Panel) -> tuple[Line, ...]:
    lines = [
        Line(name, panel.complete[place], tuple(line.points[place] for line in panel.lines))
        for place, name in enumerate(panel.names)
    ]
    return tuple(reversed(lines))
