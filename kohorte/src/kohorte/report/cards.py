"""Number cards: the value, whether it is certain, how it moved, and what it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kohorte.report import change, drawing, industry_view, periods, targets_view
from kohorte.report.change import Change
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.report.targets_view import Aim
from kohorte.results import Row

HEADLINES = (
    "customer_retention_rate",
    "repeat_rate_90_days",
    "returning_customer_rate",
    "repeat_purchase_rate",
    "purchase_frequency",
    "average_order_value",
    "customer_value",
    "customer_lifetime_value",
    "new_customers",
)
CENSUS = frozenset({"revenue", "orders", "customers", "new_customers"})
TRAILING = frozenset(
    {
        "returning_customers",
        "customer_retention_rate",
        "customer_churn_rate",
        "orders_per_active_customer",
        "customer_lifetime_value",
        "customer_lifetime_profit",
    }
)
RELIABLE_N = 30
SPARK_POINTS = 36


@dataclass(frozen=True)
class Card:
    """One number, ready to be shown. `value` is empty where `reason` says why."""

    slug: str
    name: str
    period: str
    value: str
    interval: str
    n: str
    change: Change | None
    comparison: str
    thin: str
    reason: str
    whole_range: str
    spark: Markup
    spark_words: str
    sentence: str
    formula: str
    denominator: str
    aim: Aim | None = None
    industry: str = ""


def build(material: Material) -> list[Card]:
    """Make a card of each headline metric that was computed."""
    wanted = [material.metrics[slug] for slug in HEADLINES if slug in material.metrics]
    cards = [_card(metric, material) for metric in wanted]
    return [card for card in cards if card is not None]


def is_thin(row: Row) -> bool:
    """Tell whether so few cases stand behind an estimate that it says little."""
    return row.metric not in CENSUS and row.n < RELIABLE_N


def thin_words(row: Row, material: Material) -> str:
    """Say that n is too small."""
    voice = material.voice
    if row.n == 1:
        return voice.say("Only 1 case: too few to rely on.")
    return voice.say("Only {n} {n:case|cases}: too few to rely on.", n=row.n)


def _card(metric: MetricText, material: Material) -> Card | None:
    shelf, voice = material.shelf, material.voice
    row = shelf.latest(metric.slug, "month") or shelf.total(metric.slug)
    if row is None:
        return None
    before = shelf.comparable(row)
    moved = change.describe(row, before, metric, voice) if before else None
    known = row.value is not None
    months = shelf.series(metric.slug, "month")[-SPARK_POINTS:]
    reason = voice.tell(row.reason) if row.reason else voice.say("Not known.")
    return Card(
        slug=metric.slug,
        name=voice.pick(metric.name),
        period=periods.name(row, voice),
        value=voice.value(metric.unit, row.value, n=row.n) if row.value is not None else "",
        interval=_interval(row, metric, material),
        n="" if row.metric in CENSUS else voice.count(row.n),
        change=moved,
        comparison=_no_comparison(row, moved, material),
        thin=thin_words(row, material) if known and is_thin(row) else "",
        reason="" if known else reason,
        whole_range=_whole_range(row, metric, material),
        spark=drawing.sparkline([one.value for one in months], [one.complete for one in months]),
        spark_words=spark_words(months, metric, material),
        sentence=voice.pick(metric.sentence),
        formula=voice.pick(metric.formula),
        denominator=voice.pick(metric.denominator),
        aim=targets_view.beside(row, metric, material),
        industry=industry_view.beside(row, metric, material),
    )


def spark_words(rows: Sequence[Row], metric: MetricText, material: Material) -> str:
    """Say what a line shows: its lowest and its highest complete value."""
    voice = material.voice
    known = [(row.value, row) for row in rows if row.value is not None and row.complete]
    if len(known) < 2:
        return ""
    low_value, low = min(known, key=lambda pair: pair[0])
    high_value, high = max(known, key=lambda pair: pair[0])
    return voice.say(
        "Lowest {low} {low_when}, highest {high} {high_when}.",
        low=voice.value(metric.unit, low_value, n=low.n),
        low_when=periods.within(low, voice),
        high=voice.value(metric.unit, high_value, n=high.n),
        high_when=periods.within(high, voice),
    )


def _interval(row: Row, metric: MetricText, material: Material) -> str:
    if row.low is None or row.high is None:
        return ""
    return material.voice.interval(metric.unit, row.low, row.high, n=row.n)


def _no_comparison(row: Row, moved: Change | None, material: Material) -> str:
    """Say why there is no comparison, where there is none."""
    if moved or row.value is None or row.grain == "all":
        return ""
    return material.voice.say("No earlier value to compare with.")


def _whole_range(row: Row, metric: MetricText, material: Material) -> str:
    total = material.shelf.total(metric.slug)
    if total is None or total.value is None or row.grain == "all":
        return ""
    if metric.slug in TRAILING:
        return ""
    return material.voice.value(metric.unit, total.value, n=total.n)
