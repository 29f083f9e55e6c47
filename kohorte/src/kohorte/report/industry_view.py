"""Published figures beside the shop's own, each with what it is about and where it stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kohorte.report import periods
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.results import Row, Unit
from kohorte.yardsticks import Beside, Figure


@dataclass(frozen=True)
class Line:
    """One row of the table: the metric, the shop's number, and the published one."""

    metric: str
    when: str
    value: str
    interval: str
    figure: str
    whose: str
    means: str
    source: str
    address: str


def build(material: Material) -> list[Line]:
    """Make a row of every comparable figure."""
    return [
        _line(one, material.metrics[one.figure.metric], material)
        for one in material.report.industry
        if one.figure.metric in material.metrics
    ]


def beside(row: Row, metric: MetricText, material: Material) -> str:
    """Say what the industry has, for a number of the same metric, segment and grain."""
    for one in material.report.industry:
        figure = one.figure
        if (figure.metric, figure.segment) == (row.metric, row.segment):
            if row.grain not in figure.grains or row.value is None:
                continue
            return material.voice.say(
                "Published: {figure} ({whose}, {region}, {year})",
                figure=_figure(figure, metric.unit, material),
                whose=figure.whose,
                region=figure.region,
                year=str(figure.year),
            )
    return ""


def _line(one: Beside, metric: MetricText, material: Material) -> Line:
    voice, figure, row = material.voice, one.figure, one.row
    interval = ""
    if row.low is not None and row.high is not None:
        interval = voice.interval(metric.unit, row.low, row.high, n=row.n)
    whose = voice.say(
        "{whose}, {region}, {year}",
        whose=figure.whose,
        region=figure.region,
        year=str(figure.year),
    )
    return Line(
        metric=voice.pick(metric.name),
        when=periods.name(row, voice),
        value=voice.value(metric.unit, row.value or 0.0, n=row.n),
        interval=interval,
        figure=_figure(figure, metric.unit, material),
        whose=whose,
        means=voice.pick(figure.means),
        source=f"{figure.source}{_published(figure, material)}",
        address=figure.address,
    )


def _published(figure: Figure, material: Material) -> str:
    """Write the day on which a figure was published, where it is known."""
    said = figure.published_on
    return f", {material.date(dt.date.fromisoformat(said))}" if said else ""


def _figure(figure: Figure, unit: Unit, material: Material) -> str:
    """Write a figure with the digits it was published with, a range with both ends."""
    voice = material.voice
    digits = max(_digits(figure.low), _digits(figure.high))
    low, high = (voice.number(value, digits=digits) for value in (figure.low, figure.high))
    sign = voice.percent_sign if unit == "percent" else ""
    return f"{high}{sign}" if low == high else f"{low}–{high}{sign}"


def _digits(value: float) -> int:
    return next(digits for digits in range(4) if round(value, digits) == value)
