"""The calendar: which days make up a day, week, month, quarter, year, or the whole history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kohorte import results
from oracle import orders


@dataclass(frozen=True)
class Period:
    """The local days [starts_on, ends_on); `complete` if the history covers all of them."""

    grain: results.Grain
    label: str
    starts_on: dt.date
    ends_on: dt.date
    complete: bool
    evaluated_on: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.starts_on <= day < self.ends_on


def of(log: orders.Log, grain: results.Grain) -> list[Period]:
    """Return all periods of a grain that overlap the history, in order."""
    if grain == "all":
        return [Period("all", "all", log.start, log.end, True, log.end)]
    found = []
    week_start = log.settings.week_start
    starts_on = start(log.start, grain, week_start=week_start)
    while starts_on < log.end:
        ends_on = following(starts_on, grain)
        found.append(
            Period(
                grain,
                label(starts_on, grain, week_start=week_start),
                starts_on,
                ends_on,
                log.start <= starts_on and ends_on <= log.end,
                min(ends_on, log.end),
            )
        )
        starts_on = ends_on
    return found


def start(day: dt.date, grain: results.Grain, *, week_start: int) -> dt.date:
    """Return the first day of the calendar period that `day` lies in."""
    match grain:
        case "day":
            return day
        case "week":
            while day.isoweekday() != week_start:
                day -= orders.DAY
            return day
        case "month":
            return day.replace(day=1)
        case "quarter":
            return dt.date(day.year, {1: 1, 2: 4, 3: 7, 4: 10}[quarter(day)], 1)
        case "year":
            return dt.date(day.year, 1, 1)
        case "all":
            raise AssertionError("the whole history has no calendar")


def following(starts_on: dt.date, grain: results.Grain) -> dt.date:
    """Return the first day of the next calendar period: count days until the period changes."""
    if grain == "week":
        return starts_on + 7 * orders.DAY
    day = starts_on + orders.DAY
    while start(day, grain, week_start=1) == starts_on:
        day += orders.DAY
    return day


def quarter(day: dt.date) -> int:
    """Return the quarter of the year, 1 to 4."""
    return (day.month + 2) // 3


def label(starts_on: dt.date, grain: results.Grain, *, week_start: int) -> str:
    """Return how a period is written: 2011-11-30, 2011-W48, 2011-11, 2011-Q4, 2011."""
    match grain:
        case "week" if week_start == 1:
            year, week, _ = starts_on.isocalendar()
            return f"{year:04}-W{week:02}"
        case "day" | "week":
            return starts_on.isoformat()
        case "month":
            return f"{starts_on.year:04}-{starts_on.month:02}"
        case "quarter":
            return f"{starts_on.year:04}-Q{quarter(starts_on)}"
        case "year":
            return f"{starts_on.year:04}"
        case "all":
            return "all"
