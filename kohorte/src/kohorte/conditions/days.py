"""Days counted back and ahead from today, as people count: a month back from 31 March is 28 February."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

from kohorte.conditions.syntax import Test, Unit


def moved(today: dt.date, count: int, unit: Unit) -> dt.date:
    """Return the day so many units after today, before it where the count is negative.

    >>> moved(dt.date(2026, 3, 31), -1, "months")
    datetime.date(2026, 2, 28)
    """
    if unit in ("days", "weeks"):
        days = count * (7 if unit == "weeks" else 1)
        return dt.date.fromordinal(min(max(today.toordinal() + days, 1), dt.date.max.toordinal()))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "years" else 1)
    months = min(max(months, 12), 9999 * 12 + 11)
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def bounds(test: Test, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and the last day that pass a test which looks back or ahead from today."""
    numbers = [int(value) for value in test.values if isinstance(value, Decimal)]
    unit = test.unit or "days"
    day = moved(today, -numbers[0], unit)
    one = dt.timedelta(days=1)
    match test.operator:
        case "between ago":
            return moved(today, -numbers[1], unit), day
        case "more than ago":
            return dt.date.min, max(day, dt.date.min + one) - one
        case "at least ago":
            return dt.date.min, day
        case "less than ago":
            return day + one, dt.date.max
        case "at most ago":
            return day, dt.date.max
        case "within last":
            return day + one, today
    return today, moved(today, numbers[0], unit)
