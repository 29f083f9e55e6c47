"""All numbers of a shop in one list: metric × period × segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from kohorte import results
from kohorte import settings as shop
from oracle import metrics, orders, periods


@dataclass(frozen=True)
class Row:
    """One number, exact."""

    metric: str
    grain: results.Grain
    period: str
    starts_on: dt.date
    ends_on: dt.date
    segment: str
    value: Fraction | None
    low: float | None
    high: float | None
    n: int
    complete: bool
    behind: Mapping[orders.Id, Fraction]


def rows(
    recorded: Iterable[orders.Order],
    refunds: Iterable[orders.Refund],
    settings: shop.Settings,
    *,
    grains: Iterable[results.Grain] = results.GRAINS,
    digits: int = 2,
) -> list[Row]:
    """Return every metric in every period and segment; nothing if no order counts."""
    log = orders.read(recorded, refunds, settings=settings, digits=digits)
    if log is None:
        return []
    return [row for grain in grains for slug in metrics.METRICS for row in of(log, slug, grain)]


def of(log: orders.Log, slug: str, grain: results.Grain) -> list[Row]:
    """Return one metric in every period of a grain."""
    compute, _ = metrics.METRICS[slug]
    segments = metrics.segments_of(log, slug)
    found = []
    for period in periods.of(log, grain):
        for segment in segments:
            answer = compute(log, period, segment)
            found.append(
                Row(
                    slug,
                    grain,
                    period.label,
                    period.starts_on,
                    period.ends_on,
                    segment,
                    answer.value,
                    answer.low,
                    answer.high,
                    answer.n,
                    period.complete and answer.observed,
                    answer.behind,
                )
            )
    return found
