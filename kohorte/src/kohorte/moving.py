"""Every metric's last whole period against the one before and the same one a year before.

All moves that are looked at together are corrected for that, so that in a shop where nothing changes
one in twenty looks at most gives any alarm. Numbers of customers are not compared: their interval, if
they have one, says how sure they are given who was there, and not how they come and go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from kohorte import differences, metrics
from kohorte.results import Move, Row

# Weeks and days are set against those so many days before, which begin on the same day of the week.
_YEAR_DAYS = 364


def compare(rows: Iterable[Row], *, confidence_percent: float) -> list[Move]:
    """Return how every metric moved into its last whole period, the surest moves first.

    Parameters
    ----------
    rows
        Metrics over all periods of one grain. A metric that is not known in its last whole period
        is left out, and so are numbers of customers and what has no interval.
    confidence_percent
        Coverage of their intervals.
    """
    by_metric: dict[str, list[Row]] = {}
    for row in rows:
        if row.segment == "all" and metrics.get(row.metric).unit != "count":
            by_metric.setdefault(row.metric, []).append(row)
    found = {
        (before, after): p
        for series in by_metric.values()
        for before, after in _pairs(series)
        if (p := _probability(before, after, confidence_percent)) is not None
    }
    return [Move(*pair, p) for pair, p in differences.together(found).items()]


def beyond_chance(moves: Iterable[Move], *, confidence_percent: float) -> list[Move]:
    """Return the moves that chance alone makes more rarely than the coverage allows."""
    level = 1 - confidence_percent / 100
    return [move for move in moves if move.p < level]


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield the last whole period with each period that it is compared with."""
    whole = {row.starts_on: row for row in sorted(rows, key=lambda r: r.starts_on) if row.complete}
    if len(whole) < 2:
        return
    after = list(whole.values())[-1]
    before = next((row for row in whole.values() if row.ends_on == after.starts_on), None)
    year_before = whole.get(_year_before(after))
    for row in (before, year_before if year_before is not before else None):
        if row is not None:
            yield row, after


def _year_before(row: Row) -> dt.date:
    day = row.starts_on
    if row.grain in ("day", "week"):
        return day - dt.timedelta(days=_YEAR_DAYS)
    return day.replace(year=day.year - 1)


def _probability(before: Row, after: Row, confidence_percent: float) -> float | None:
    return differences.probability(after, before, confidence_percent=confidence_percent)
