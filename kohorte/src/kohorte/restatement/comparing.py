"""Which numbers of an earlier report are others now, and why the latest of them are."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kohorte import metrics
from kohorte.errors import KohorteError
from kohorte.history import History
from kohorte.restatement import explaining
from kohorte.restatement.explaining import DECIMALS, Number
from kohorte.restatement.kept import load
from kohorte.results import Grain, Row
from kohorte.yardsticks import Restatement

_COMPARED: tuple[Grain, ...] = ("month", "quarter", "year")
# So many changed numbers are explained in a report.
_MOST = 8


def compare(history: History, folder: Path, rows: Iterable[Row]) -> Restatement:
    """Return how the numbers that the report in a folder gave have changed, and why.

    Compared are months, quarters and years that were whole then. Explained is the last changed
    month of each metric.
    """
    try:
        kept = load(folder)
        now = {_key(dataclasses.asdict(row)): row.value for row in rows}
        then = [row for row in kept.rows if _was_whole(row) and _key(row) in now]
        changed = [row for row in then if _differs(row["value"], now[_key(row)])]
        numbers = list(_numbers(history, changed, now))[:_MOST]
        explained = explaining.restated(history, kept, numbers) if numbers else []
        return Restatement(
            made_on=kept.made_on,
            last_on=_last_on(then),
            checked=len(then),
            changed=len(changed),
            numbers=tuple(explained),
        )
    except KohorteError as error:
        return Restatement(None, None, refused=error.sentence)


def _numbers(
    history: History,
    changed: Sequence[Mapping[str, Any]],
    now: Mapping[tuple[str, str, str, str], float | None],
) -> Iterator[Number]:
    """Give the last changed month of each metric that is made of orders alone."""
    last: dict[str, Mapping[str, Any]] = {}
    for row in changed:
        if row["grain"] == "month" and now[_key(row)] is not None:
            last[row["metric"]] = row
    for slug, metric in metrics.every().items():
        if slug in last and not explaining.tables_beside(history, metric):
            yield metric, "month", last[slug]


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["metric"], row["grain"], row["period"], row["segment"]


def _was_whole(row: Mapping[str, Any]) -> bool:
    known = row["value"] is not None and row["complete"] and row["metric"] in metrics.every()
    return bool(known and row["grain"] in _COMPARED and row["segment"] == "all")


def _differs(then: float, now: float | None) -> bool:
    return now is None or round(then, DECIMALS) != round(now, DECIMALS)


def _last_on(rows: Sequence[Mapping[str, Any]]) -> dt.date | None:
    ends = [dt.date.fromisoformat(row["ends_on"]) for row in rows]
    return max(ends) - dt.timedelta(days=1) if ends else None
