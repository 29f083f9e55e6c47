"""Metrics as files: every period as programs read it, with its target and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kohorte import metrics, targets
from kohorte.results import Row
from stammkunde.faces.dashboard.insights import happened
from stammkunde.faces.dashboard.insights.board import Numbers

COLUMNS = (
    "metric", "grain", "period", "starts_on", "ends_on", "segment", "value", "low", "high", "n",
    "unit", "complete", "reason", "target", "annotations",
)  # fmt: skip


def cells(rows: Iterable[Row], numbers: Numbers) -> Iterator[list[object]]:
    """Return rows as cells in the order of `COLUMNS`."""
    for row in rows:
        unit = metrics.get(row.metric).unit
        target = targets.of(row, numbers.targets)
        annotated = happened.of_metric(numbers.annotations, row.metric)
        yield [
            row.metric, row.grain, row.period, row.starts_on, row.ends_on, row.segment,
            plain(row.value), plain(row.low), plain(row.high), row.n,
            numbers.shop.currency if unit == "money" else unit,
            "yes" if row.complete else "no",
            row.reason.render(numbers.language) if row.reason else "",
            plain(target.value if target else None),
            "; ".join(happened.in_period(row, annotated)),
        ]  # fmt: skip


def plain(value: float | None) -> str:
    """Write a value as programs read it."""
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
