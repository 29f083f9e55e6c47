"""The report's rows, found by metric, grain and segment, and the row to compare one with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from kohorte.results import Grain, Row


class Shelf:
    """All rows in order of time.

    Parameters
    ----------
    rows
        The rows of a report, in any order.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        found: defaultdict[tuple[str, Grain, str], list[Row]] = defaultdict(list)
        for row in rows:
            found[row.metric, row.grain, row.segment].append(row)
        self._series = {
            key: tuple(sorted(some, key=lambda row: row.starts_on)) for key, some in found.items()
        }

    def series(self, metric: str, grain: Grain, segment: str = "all") -> tuple[Row, ...]:
        """Return the rows of one metric, oldest first; none if it was not computed."""
        return self._series.get((metric, grain, segment), ())

    def latest(self, metric: str, grain: Grain, segment: str = "all") -> Row | None:
        """Return the last complete row, also one without a value: its reason is the answer."""
        rows = self.series(metric, grain, segment)
        return next((row for row in reversed(rows) if row.complete), None)

    def total(self, metric: str, segment: str = "all") -> Row | None:
        """Return the row of the whole range."""
        rows = self.series(metric, "all", segment)
        return rows[0] if rows else None

    def comparable(self, row: Row) -> Row | None:
        """Return the same period a year before; where there is none, the period before.

        The season moves a shop's months more than anything else does.
        """
        rows = self.series(row.metric, row.grain, row.segment)
        usable: dict[dt.date | None, Row] = {
            other.starts_on: other for other in rows if other.complete and known(other)
        }
        day = _year_before(row)
        if day in usable:
            return usable[day]
        before = next((other for other in rows if other.ends_on == row.starts_on), None)
        return before if before and before.starts_on in usable else None


def known(row: Row) -> bool:
    """Tell whether the row has a value."""
    return row.value is not None


def _year_before(row: Row) -> dt.date | None:
    day = row.starts_on
    if row.grain in ("day", "week"):
        return day - dt.timedelta(days=364)
    if row.grain == "all":
        return None
    return day.replace(year=day.year - 1)
