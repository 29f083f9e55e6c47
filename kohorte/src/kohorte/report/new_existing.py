"""New against existing customers: orders, revenue and order value, month by month."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Text
from kohorte.report import charts, periods
from kohorte.report.charts import MOST_POINTS, Chart, Kind, Panel, Style
from kohorte.report.material import Material
from kohorte.report.trends import TREND_GRAINS
from kohorte.results import Grain, Row, Unit

NAMES = {
    "existing": Text(de="Bestehende Kunden", en="Existing customers"),
    "new": Text(de="Neue Kunden", en="New customers"),
    "unidentified": Text(de="Ohne Kundenangabe", en="No customer given"),
}
STYLES: dict[str, Style] = {"existing": "first", "new": "second", "unidentified": "third"}
SHOWN: tuple[tuple[str, Unit, Kind], ...] = (
    ("orders", "count", "bars"),
    ("revenue", "money", "bars"),
    ("average_order_value", "money", "lines"),
)


@dataclass(frozen=True)
class NewExisting:
    """The charts and the sentence above them."""

    charts: tuple[Chart, ...]
    summary: str


def build(material: Material) -> NewExisting:
    """Compare new and existing customers."""
    made = [_chart(slug, unit, kind, material) for slug, unit, kind in SHOWN]
    return NewExisting(tuple(chart for chart in made if chart.panels), _summary(material))


def _chart(slug: str, unit: Unit, kind: Kind, material: Material) -> Chart:
    metric = material.metrics.get(slug)
    title = material.voice.pick(metric.name) if metric else slug
    panels = [_panel(slug, grain, unit, kind, material) for grain in TREND_GRAINS]
    return Chart(
        slug=f"{slug}-new-existing",
        title=title,
        meaning="",
        kind=kind,
        panels=tuple(panel for panel in panels if panel),
    )


def _panel(slug: str, grain: Grain, unit: Unit, kind: Kind, material: Material) -> Panel | None:
    by_segment = {segment: _rows(slug, grain, segment, material) for segment in NAMES}
    present = {segment: rows for segment, rows in by_segment.items() if any(rows.values())}
    if not present:
        return None
    covered = sorted(
        {row.period: row for rows in present.values() for row in rows.values()}.values(),
        key=lambda row: row.starts_on,
    )[-MOST_POINTS[grain] :]
    voice = material.voice
    lines = [
        (
            voice.pick(NAMES[segment]),
            STYLES[segment],
            [
                charts.point(rows[row.period], unit, voice)
                if row.period in rows
                else charts.plain(None, unit, voice)
                for row in covered
            ],
        )
        for segment, rows in present.items()
    ]
    return charts.panel(
        grain,
        lines,
        covered,
        [row.complete for row in covered],
        unit=unit,
        kind=kind,
        voice=voice,
        summary=_words(covered, lines, material),
    )


def _rows(slug: str, grain: Grain, segment: str, material: Material) -> dict[str, Row]:
    rows = material.shelf.series(slug, grain, segment)
    return {row.period: row for row in rows if row.value}


def _words(
    covered: list[Row], lines: list[tuple[str, Style, list[charts.Point]]], material: Material
) -> str:
    """Write the last complete period out: who stood for how much."""
    voice = material.voice
    last = next((i for i in reversed(range(len(covered))) if covered[i].complete), None)
    if last is None:
        return voice.say("No period is complete yet.")
    parts = [f"{name} {points[last].text}" for name, _, points in lines if points[last].text]
    when = periods.name(covered[last], voice)
    return voice.say("{when}: {value}.", when=when, value=", ".join(parts))


def _summary(material: Material) -> str:
    """Compare the order values of the whole range."""
    voice = material.voice
    new = material.shelf.total("average_order_value", "new")
    existing = material.shelf.total("average_order_value", "existing")
    if not new or not existing or not new.value or not existing.value:
        return ""
    return voice.say(
        "Over all time a first order is worth {new} on average, a later one {existing}.",
        new=voice.money(new.value),
        existing=voice.money(existing.value),
    )
