"""Days, weeks, months, quarters, years: the calendar periods that a history is cut into."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kohorte.results import Grain

EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Span:
    """The days that the data cover: from `starts_on` up to, not including, `ends_on`."""

    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class Period:
    """One calendar period; `ends_on` is the first day after it.

    `at_on` is the day at whose beginning it is judged: its end, or the end of the data if that
    comes first. `complete` says that the data cover it from the first day to the last.
    """

    label: str
    starts_on: dt.date
    ends_on: dt.date
    at_on: dt.date
    complete: bool


def day_number(day: dt.date) -> int:
    """Return the days since 1 January 1970.

    >>> day_number(dt.date(1970, 1, 31))
    30
    """
    return (day - EPOCH).days


def from_day_number(day: int) -> dt.date:
    """Return the date of a count of days since 1 January 1970."""
    return EPOCH + dt.timedelta(days=day)


def start_of(grain: Grain, day: dt.date, *, week_start: int = 1) -> dt.date:
    """Return the first day of the period of `grain` in which `day` lies.

    >>> start_of("quarter", dt.date(2011, 11, 30))
    datetime.date(2011, 10, 1)
    """
    match grain:
        case "week":
            return day - dt.timedelta(days=(day.isoweekday() - week_start) % 7)
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def following(grain: Grain, start: dt.date) -> dt.date:
    """Return the first day of the period after the one that starts on `start`.

    >>> following("quarter", dt.date(2011, 10, 1))
    datetime.date(2012, 1, 1)
    """
    match grain:
        case "day":
            return start + dt.timedelta(days=1)
        case "week":
            return start + dt.timedelta(days=7)
        case "year":
            return start.replace(year=start.year + 1)
        case _:
            months = start.month - 1 + (3 if grain == "quarter" else 1)
            return dt.date(start.year + months // 12, months % 12 + 1, 1)


def label(grain: Grain, start: dt.date, *, week_start: int = 1) -> str:
    """Return the short name of a period: 2011-11-30, 2011-W48, 2011-11, 2011-Q4, 2011.

    A week that does not start on Monday has no ISO number and is named by its first day.
    """
    match grain:
        case "week" if week_start == 1:
            return f"{start.isocalendar().year}-W{start.isocalendar().week:02d}"
        case "month":
            return f"{start:%Y-%m}"
        case "quarter":
            return f"{start.year}-Q{(start.month + 2) // 3}"
        case "year":
            return str(start.year)
        case "all":
            return "all"
        case _:
            return start.isoformat()


def year_before(period: Period) -> Span:
    """Return the days of the same month, quarter or year one year before; none for other periods.

    >>> year_before(cut("month", Span(dt.date(2024, 3, 1), dt.date(2024, 3, 9)))[0])
    Span(starts_on=datetime.date(2023, 3, 1), ends_on=datetime.date(2023, 4, 1))
    """
    start, end = period.starts_on, period.ends_on
    if grain_of(period.label) not in ("month", "quarter", "year"):
        return Span(start, start)
    return Span(start.replace(year=start.year - 1), end.replace(year=end.year - 1))


def grain_of(label: str) -> Grain:
    """Return the grain that the label of a period belongs to; a day unless it says otherwise.

    >>> grain_of("2011-Q4"), grain_of("2011-11"), grain_of("2011-11-30")
    ('quarter', 'month', 'day')
    """
    for pattern, grain in _LABELS:
        if re.fullmatch(pattern, label):
            return grain
    return "day"


_LABELS: tuple[tuple[str, Grain], ...] = (
    ("all", "all"),
    (r"\d{4}", "year"),
    (r"\d{4}-Q[1-4]", "quarter"),
    (r"\d{4}-\d{2}", "month"),
    (r"\d{4}-W\d{2}", "week"),
)


def cut(grain: Grain, span: Span, *, week_start: int = 1) -> list[Period]:
    """Cut a span into the periods of one grain, the first and the last perhaps incomplete.

    >>> span = Span(dt.date(2011, 11, 1), dt.date(2011, 12, 10))
    >>> [(period.label, period.complete) for period in cut("month", span)]
    [('2011-11', True), ('2011-12', False)]
    """
    if grain == "all":
        return [Period("all", span.starts_on, span.ends_on, span.ends_on, True)]
    return [
        Period(
            label(grain, start, week_start=week_start),
            start,
            end,
            min(end, span.ends_on),
            span.starts_on <= start and end <= span.ends_on,
        )
        for start, end in _bounds(grain, span, week_start)
    ]


def _bounds(grain: Grain, span: Span, week_start: int) -> Iterator[tuple[dt.date, dt.date]]:
    start = start_of(grain, span.starts_on, week_start=week_start)
    while start < span.ends_on:
        end = following(grain, start)
        yield start, end
        start = end
