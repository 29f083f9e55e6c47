"""How far ahead: a date, a duration or calendar months, never a bare number.

A number without a unit has turned many forecasts of weeks into forecasts of days. Here a horizon is
`datetime.date`, `datetime.timedelta` or `Months`, and only a model's own unit of time makes a number
of it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from kohorte.errors import ModelError

DAY = dt.timedelta(days=1)
# The mean length of a month in the Gregorian calendar: 146,097 days in 4,800 months.
_DAYS_PER_MONTH = 30.436875


@dataclass(frozen=True, order=True)
class Months:
    """So many calendar months.

    Examples
    --------
    >>> Months(1).after(dt.date(2024, 1, 31))
    datetime.date(2024, 2, 29)
    """

    count: int

    def after(self, day: dt.date) -> dt.date:
        """Return the day so many months later; the last of a shorter month where there is none."""
        years, month = divmod(day.month - 1 + self.count, 12)
        year, month = day.year + years, month + 1
        return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


Horizon = dt.date | dt.timedelta | Months


def duration(horizon: Horizon, *, as_of: dt.date | None) -> dt.timedelta:
    """Return how long a horizon is, seen from the last day of the data.

    Months without a day to count from have their mean length.

    Raises
    ------
    ModelError
        It is neither a date nor a duration, it is a date and the last day is not known, or it ends
        before it begins.

    Examples
    --------
    >>> duration(dt.date(2026, 3, 1), as_of=dt.date(2026, 2, 1)).days
    28
    >>> duration(Months(12), as_of=dt.date(2026, 2, 1)).days
    365
    """
    match horizon:
        case Months():
            found = (
                dt.timedelta(days=horizon.count * _DAYS_PER_MONTH)
                if as_of is None
                else horizon.after(as_of) - as_of
            )
        case dt.timedelta():
            found = horizon
        case dt.datetime():
            raise _not_typed(horizon)
        case dt.date():
            if as_of is None:
                raise ModelError(
                    "A date as horizon needs the last day of the data. Say as_of, or give a duration."
                )
            found = horizon - as_of
        case _:
            raise _not_typed(horizon)
    if found < dt.timedelta(0):
        raise ModelError("The horizon {horizon} ends before it begins.", horizon=str(horizon))
    return found


def _not_typed(horizon: object) -> ModelError:
    return ModelError(
        "A horizon is a date, a duration or months, not {value}. Write timedelta(weeks=52), "
        "Months(12) or a day.",
        value=repr(horizon),
    )
