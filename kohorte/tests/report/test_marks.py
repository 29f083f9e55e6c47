"""What happened meanwhile is drawn where it lies on the axis, and names that would touch are joined."""

from __future__ import annotations

import re

from kohorte.report import drawing
from kohorte.report.axis import Axis
from kohorte.report.charts import Line, Mark, Panel, Point


def drawn(*marks: Mark) -> str:
    """Draw twelve months with marks."""
    points = tuple(Point(float(place)) for place in range(12))
    panel = Panel(
        grain="month",
        grain_name="Month",
        labels=tuple(map(str, range(12))),
        names=tuple(map(str, range(12))),
        keys=tuple(map(str, range(12))),
        complete=(True,) * 12,
        lines=(Line("Orders", "first", points),),
        axis=Axis(low=0.0, high=12.0, step=6.0, labels=("0", "6", "12")),
        marks=marks,
    )
    return str(drawing.chart(panel, "lines"))


def test_a_day_is_an_upright_line_with_its_name() -> None:
    svg = drawn(Mark(6.0, 6.03, "1"))

    assert '<line class="marker" x1="304.0" x2="304.0"' in svg
    assert re.search(r'<text class="marker-name" x="304.0" y="10">1</text>', svg)
    assert 'class="marked"' not in svg


def test_what_lasted_is_a_band() -> None:
    assert '<rect class="marked" x="64.0" y="12" width="80.0"' in drawn(Mark(0.0, 2.0, "1"))


def test_names_that_would_touch_are_joined() -> None:
    svg = drawn(Mark(6.2, 6.3, "2"), Mark(6.0, 6.1, "1"), Mark(11.0, 11.1, "<3"))

    assert re.findall(r'class="marker-name"[^>]*>([^<]*)<', svg) == ["1, 2", "&lt;3"]


def test_a_sparkline_marks_its_days() -> None:
    svg = str(drawing.sparkline([1.0, 2.0, 3.0], [True] * 3, marks=[1.0]))

    assert '<line class="marker" x1="60.0" x2="60.0" y1="0" y2="36"/>' in svg
