"""What moved by more than chance into the last whole month, in words, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kohorte import moving
from kohorte.report import change, periods
from kohorte.report.change import Change
from kohorte.report.material import Material
from kohorte.results import Move

SHOWN = 10


@dataclass(frozen=True)
class MovedMetric:
    """A metric that moved: its value with its range and n, and against when it moved how far."""

    slug: str
    name: str
    value: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Moved:
    """The metrics that moved, the surest first, and what has been looked at."""

    metrics: tuple[MovedMetric, ...]
    others: str
    looked_at: str


def build(material: Material) -> Moved:
    """Say what moved; `looked_at` also says that nothing did, or that nothing could be compared."""
    report, voice = material.report, material.voice
    sure = moving.beyond_chance(report.moves, confidence_percent=_confidence(material))
    by_metric: dict[str, list[Move]] = {}
    for move in sure:
        if move.after.metric in material.metrics:
            by_metric.setdefault(move.after.metric, []).append(move)
    slugs = list(by_metric)
    rest = [voice.pick(material.metrics[slug].name) for slug in slugs[SHOWN:]]
    return Moved(
        tuple(_metric(by_metric[slug], material) for slug in slugs[:SHOWN]),
        voice.say("These moved as well: {names}.", names=", ".join(rest)) if rest else "",
        _looked_at(len(report.moves), moved=bool(sure), material=material),
    )


def _metric(moves: Sequence[Move], material: Material) -> MovedMetric:
    voice = material.voice
    after = moves[0].after
    metric = material.metrics[after.metric]
    value = voice.value(metric.unit, after.value or 0.0, n=after.n)
    when = periods.within(after, voice)
    said = voice.say("{value} {when}", value=value, when=when)
    if after.low is not None and after.high is not None:
        said = voice.say(
            "{value} {when} (range {interval}, n = {n})",
            value=value,
            when=when,
            interval=voice.interval(metric.unit, after.low, after.high, n=after.n),
            n=after.n,
        )
    ordered = sorted(moves, key=lambda move: move.before.starts_on, reverse=True)
    told = [
        change.describe(move.after, move.before, metric, voice, with_chance=False)
        for move in ordered
    ]
    return MovedMetric(
        metric.slug,
        voice.pick(metric.name),
        said,
        tuple(one for one in told if one is not None),
    )


def _looked_at(count: int, *, moved: bool, material: Material) -> str:
    voice = material.voice
    if not count:
        return voice.say("There are no two whole months with known ranges to compare yet.")
    how = voice.say(
        "The last whole month of every metric was set against the month before and the same month "
        "a year before: {count} {count:comparison|comparisons}, corrected for their number.",
        count=count,
    )
    if moved:
        return how
    return f"{voice.say('No metric moved by more than chance explains.')} {how}"


def _confidence(material: Material) -> float:
    percent = material.report.settings.get("confidence_percent", 95.0)
    return float(percent) if isinstance(percent, int | float) else 95.0
