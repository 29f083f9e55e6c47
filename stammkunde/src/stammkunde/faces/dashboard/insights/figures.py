"""Charts as pages take them: the picture at one grain, and the same as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kohorte.report.charts import Chart, Panel, Point, panel_data
from kohorte.results import Grain
from stammkunde.faces.dashboard.insights.happened import Noted


@dataclass(frozen=True)
class Line:
    """A period of a chart as a row of its table."""

    name: str
    complete: bool
    points: tuple[Point, ...]
    goal: Point | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A chart at one grain with its table, the newest period first, and what happened meanwhile."""

    chart: Chart
    panel: Panel
    table: tuple[Line, ...]
    noted: tuple[Noted, ...] = ()

    @property
    def data(self) -> str:
        """The numbers of the picture as a script writes them into files."""
        return json.dumps(panel_data(self.panel), ensure_ascii=False)


def build(
    charts: Iterable[Chart],
    grain: Grain,
    *,
    noted: tuple[Noted, ...] = (),
    notes: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> list[Figure]:
    """Return charts at a grain; those that have nothing at it are left out.

    Parameters
    ----------
    noted
        What happened meanwhile, as the marks of the charts are numbered.
    notes
        What happened in each period, by its label.
    """
    return [
        Figure(chart, panel, _table(panel, notes), noted)
        for chart in charts
        for panel in chart.panels
        if panel.grain == grain
    ]


def _table(panel: Panel, notes: Mapping[str, tuple[str, ...]]) -> tuple[Line, ...]:
    lines = [
        Line(
            name,
            panel.complete[place],
            tuple(line.points[place] for line in panel.lines),
            panel.goal[place] if panel.goal else None,
            notes.get(panel.keys[place], ()),
        )
        for place, name in enumerate(panel.names)
    ]
    return tuple(reversed(lines))
