"""All metrics: their latest values side by side, and what each of them means."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte import metrics as registry
from kohorte.metrics.words import DIRECTIONS, UNITS
from kohorte.report import cards, periods
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.results import Grain, Row

COLUMNS: tuple[Grain, ...] = ("month", "quarter", "year", "all")


@dataclass(frozen=True)
class Column:
    """The heading of one column: the kind of period and which one it is."""

    grain: str
    period: str


@dataclass(frozen=True)
class Value:
    """One cell: the value, its interval, its n; or why there is none."""

    text: str
    interval: str
    n: str
    reason: str
    thin: bool


@dataclass(frozen=True)
class Entry:
    """One metric over all columns."""

    slug: str
    name: str
    values: tuple[Value, ...]
    search: str

    @property
    def same_reason(self) -> str:
        """The reason, if all values lack for the same one."""
        reasons = {value.reason for value in self.values}
        return reasons.pop() if len(reasons) == 1 else ""


@dataclass(frozen=True)
class Definition:
    """What a metric means and how it is computed."""

    slug: str
    name: str
    sentence: str
    formula: str
    denominator: str
    unit: str
    direction: str
    source: str
    sql: str


@dataclass(frozen=True)
class Catalogue:
    """The table and the definitions."""

    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    definitions: tuple[Definition, ...]
    missing: tuple[tuple[str, str], ...]


def build(material: Material) -> Catalogue:
    """List all metrics."""
    metrics, voice = tuple(material.metrics.values()), material.voice
    return Catalogue(
        columns=tuple(_column(grain, material) for grain in COLUMNS),
        entries=tuple(_entry(metric, material) for metric in metrics),
        definitions=tuple(_definition(metric, material) for metric in metrics),
        missing=tuple(
            (table, ", ".join(voice.pick(registry.get(slug).name) for slug in slugs))
            for table, slugs in material.report.unmeasured.items()
        ),
    )


def _column(grain: Grain, material: Material) -> Column:
    """Name the last complete period: the one that most metrics show."""
    voice = material.voice
    latest = [material.shelf.latest(slug, grain) for slug in material.metrics]
    found = [row for row in latest if row is not None]
    last = max(found, key=lambda row: row.starts_on, default=None)
    named = periods.name(last, voice) if last and grain != "all" else ""
    return Column(voice.pick(periods.GRAIN_NAMES[grain]), named)


def _entry(metric: MetricText, material: Material) -> Entry:
    voice = material.voice
    name = voice.pick(metric.name)
    return Entry(
        slug=metric.slug,
        name=name,
        values=tuple(_value(metric, grain, material) for grain in COLUMNS),
        search=f"{name} {metric.slug} {metric.name.de} {metric.name.en}".lower(),
    )


def _value(metric: MetricText, grain: Grain, material: Material) -> Value:
    voice = material.voice
    shelf = material.shelf
    row = shelf.total(metric.slug) if grain == "all" else shelf.latest(metric.slug, grain)
    if row is None:
        return Value("", "", "", voice.say("No period is complete yet."), False)
    if row.value is None:
        return Value("", "", "", _reason(row, material), False)
    interval = ""
    if row.low is not None and row.high is not None:
        interval = voice.interval(metric.unit, row.low, row.high, n=row.n)
    return Value(
        text=voice.value(metric.unit, row.value, n=row.n),
        interval=interval,
        n="" if metric.slug in cards.CENSUS else voice.count(row.n),
        reason="",
        thin=cards.is_thin(row),
    )


def _reason(row: Row, material: Material) -> str:
    voice = material.voice
    return voice.tell(row.reason) if row.reason else voice.say("Not known.")


def _definition(metric: MetricText, material: Material) -> Definition:
    voice = material.voice
    return Definition(
        slug=metric.slug,
        name=voice.pick(metric.name),
        sentence=voice.pick(metric.sentence),
        formula=voice.pick(metric.formula),
        denominator=voice.pick(metric.denominator),
        unit=voice.pick(UNITS[metric.unit]),
        direction=voice.pick(DIRECTIONS[metric.direction]),
        source=voice.pick(metric.source),
        sql=metric.sql.strip(),
    )
