"""From sums to rows: every metric over the periods of one grain, with reasons for what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kohorte.engine import Engine
from kohorte.intervals import NOTHING, Estimate
from kohorte.language import Sentence
from kohorte.metrics.metric import Metric
from kohorte.periods import Period
from kohorte.results import Grain, Row
from kohorte.settings import Settings

MISSING = {
    "amounts": "The file holds no amounts. `kohorte template orders` shows how.",
    "units": "The file holds no quantities. `kohorte template orders` shows how.",
    "margin": "It takes the contribution margin, for example --margin 40.",
    "history": "It takes {days} days of data before the end of the period; "
    "the data begin on {start}.",
    "active_history": "It takes {days} days of data before the end of the period; "
    "the data begin on {start}.",
    "too_young": "No first order of this period is {days} days old yet.",
    "nobody_at_start": "Nobody was active at the start of the period.",
    "nobody_active": "Nobody is active at the end of the period.",
    "nobody_lost": "Nobody has been lost, so the lifetime has no end yet.",
    "nobody": "Nobody ordered in this period.",
    "nobody_new": "Nobody ordered for the first time in this period.",
}


@dataclass(frozen=True)
class Question:
    """What a metric is asked over: periods of one grain in a history with its settings."""

    grain: Grain
    periods: Sequence[Period]
    settings: Settings
    history_start: dt.date
    exponent: int
    lacking: frozenset[str]


def rows(metric: Metric, engine: Engine, question: Question) -> list[Row]:
    """Return one row per period and segment, periods in order, none left out.

    The segment `unidentified` stands only where the data hold orders without a customer.
    """
    lacking = [need for need in sorted(metric.needs) if need in question.lacking]
    if lacking:
        why = Sentence(MISSING[lacking[0]])
        return [
            _row(metric, question, period, segment, NOTHING, why=why)
            for period in question.periods
            for segment in metric.segments
            if segment != "unidentified"
        ]
    found = _grouped(engine.rows(metric.select))
    present = {segment for _, segment in found}
    return [
        _answer(metric, question, period, segment, found.get((number, segment), []))
        for number, period in enumerate(question.periods)
        for segment in metric.segments
        if segment != "unidentified" or segment in present
    ]


def _grouped(
    rows: Iterable[Mapping[str, Any]],
) -> dict[tuple[int, str], list[Mapping[str, Any]]]:
    found: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault((row["period"], row["segment"]), []).append(row)
    return found


def _answer(
    metric: Metric,
    question: Question,
    period: Period,
    segment: str,
    sums: Sequence[Mapping[str, Any]],
) -> Row:
    if not sums:
        if metric.absent == "zero":
            return _row(metric, question, period, segment, Estimate(0.0))
        why = _missing(metric.absent, question)
        return _row(metric, question, period, segment, NOTHING, why=why)
    estimate = metric.estimate(sums, question.settings)
    if metric.unit == "money":
        estimate = estimate.per(10**question.exponent)
    estimate = estimate.at_least(metric.floor)
    return _row(
        metric,
        question,
        period,
        segment,
        estimate,
        n=sum(int(row["n"]) for row in sums),
        why=_missing(estimate.why or metric.undefined, question)
        if estimate.value is None
        else None,
        complete=all(bool(row.get("complete", True)) for row in sums),
    )


def _missing(key: str, question: Question) -> Sentence:
    settings = question.settings
    days = {
        "history": settings.active_days + settings.retention_days,
        "active_history": settings.active_days,
        "too_young": settings.repeat_days,
    }
    values = {"days": days.get(key, 0), "start": question.history_start}
    return Sentence(MISSING[key], {name: value for name, value in values.items() if key in days})


def _row(
    metric: Metric,
    question: Question,
    period: Period,
    segment: str,
    estimate: Estimate,
    *,
    n: int = 0,
    why: Sentence | None = None,
    complete: bool = True,
) -> Row:
    return Row(
        metric=metric.slug,
        grain=question.grain,
        period=period.label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        segment=segment,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        n=n,
        complete=complete and period.complete,
        reason=why,
    )
