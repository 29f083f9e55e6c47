"""How the metrics moved: one chart each by month, quarter and year."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte.report import cards, change, charts, periods, targets_view
from kohorte.report.charts import FEWEST_POINTS, MOST_POINTS, Chart, Panel
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.results import Grain, Row

TRENDS = (
    "customer_retention_rate",
    "repeat_rate_90_days",
    "returning_customer_rate",
    "repeat_purchase_rate",
    "purchase_frequency",
    "average_order_value",
    "customer_value",
    "orders_per_active_customer",
    "customer_lifetime_value",
    "customers",
    "new_customers",
)
BARS = frozenset({"customers", "new_customers"})
TREND_GRAINS: tuple[Grain, ...] = ("month", "quarter", "year")


def build(material: Material) -> list[Chart]:
    """Make a chart of each metric that has any value over time."""
    wanted = [material.metrics[slug] for slug in TRENDS if slug in material.metrics]
    made = [_chart(metric, material) for metric in wanted]
    return [chart for chart in made if chart.panels]


def _chart(metric: MetricText, material: Material) -> Chart:
    panels = [_panel(metric, grain, material) for grain in TREND_GRAINS]
    return Chart(
        slug=metric.slug,
        title=material.voice.pick(metric.name),
        meaning=material.voice.pick(metric.sentence),
        kind="bars" if metric.slug in BARS else "lines",
        panels=tuple(panel for panel in panels if panel),
    )


def _panel(metric: MetricText, grain: Grain, material: Material) -> Panel | None:
    rows = material.shelf.series(metric.slug, grain)[-MOST_POINTS[grain] :]
    if not rows:
        return None
    voice = material.voice
    points = [charts.point(row, metric.unit, voice) for row in rows]
    return charts.panel(
        grain,
        [(voice.pick(metric.name), "first", points)],
        rows,
        [row.complete for row in rows],
        unit=metric.unit,
        kind="bars" if metric.slug in BARS else "lines",
        voice=voice,
        summary=summary(rows, metric, material),
        goal=targets_view.points(rows, metric, material),
    )


def summary(rows: Sequence[Row], metric: MetricText, material: Material) -> str:
    """Write what the chart shows: the last complete value, its change, the lowest and highest."""
    voice = material.voice
    last = next((row for row in reversed(rows) if row.complete), None)
    if last is None:
        return voice.say("No period is complete yet.")
    if last.value is None:
        return voice.tell(last.reason) if last.reason else voice.say("Not known.")
    value = voice.value(metric.unit, last.value, n=last.n)
    said = [voice.say("{when}: {value}.", when=periods.name(last, voice), value=value)]
    before = material.shelf.comparable(last)
    moved = change.describe(last, before, metric, voice) if before else None
    if moved:
        said.append(f"{moved.words}.")
    aim = targets_view.beside(last, metric, material)
    if aim:
        said.append(f"{aim.words}.")
    said.append(cards.spark_words(rows, metric, material))
    said.append(_why_short(rows, material))
    return " ".join(sentence for sentence in said if sentence)


def _why_short(rows: Sequence[Row], material: Material) -> str:
    """Say why there is no curve yet, if most of it is missing."""
    missing = [row.reason for row in rows if row.value is None and row.reason]
    if not missing or len(rows) - len(missing) >= FEWEST_POINTS:
        return ""
    voice = material.voice
    return voice.say("Earlier periods: {reason}", reason=voice.tell(missing[-1]))
