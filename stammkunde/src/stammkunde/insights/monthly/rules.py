"""Which month a report is about, and when it is due: decisions on plain data."""

from __future__ import annotations

import datetime as dt

# So long a report waits for orders of the month's last days before it goes out without them.
PATIENCE_DAYS = 7


def month_before(day: dt.date) -> dt.date:
    """Return the first day of the month before that of a day.

    >>> month_before(dt.date(2026, 1, 31))
    datetime.date(2025, 12, 1)
    """
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def month_after(month: dt.date) -> dt.date:
    """Return the first day of the month after.

    >>> month_after(dt.date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def first_month(today: dt.date, *, day: int) -> dt.date:
    """Return the first month of which a plan that is made today sends a report.

    It is the last month that is over, unless its day has passed.

    >>> first_month(dt.date(2026, 11, 2), day=3), first_month(dt.date(2026, 11, 22), day=3)
    (datetime.date(2026, 10, 1), datetime.date(2026, 11, 1))
    """
    return month_before(today) if today.day <= day else today.replace(day=1)


def due(today: dt.date, *, day: int, first: dt.date) -> dt.date | None:
    """Return the month whose report is to go out, None as long as none is.

    >>> due(dt.date(2026, 11, 2), day=3, first=dt.date(2026, 10, 1)) is None
    True
    >>> due(dt.date(2026, 11, 9), day=3, first=dt.date(2026, 10, 1))
    datetime.date(2026, 10, 1)
    """
    month = month_before(today)
    return month if today.day >= day and month >= first else None


def next_on(today: dt.date, *, day: int, first: dt.date, is_sent: bool) -> dt.date:
    """Return the day on which the next report goes out.

    Parameters
    ----------
    is_sent
        Whether that of the last month has gone out already.

    >>> next_on(dt.date(2026, 11, 22), day=3, first=dt.date(2026, 10, 1), is_sent=True)
    datetime.date(2026, 12, 3)
    """
    month = max(first, month_before(today))
    if is_sent and month == month_before(today):
        month = month_after(month)
    return max(today, month_after(month).replace(day=day))


def is_awaited(today: dt.date, *, day: int, month: dt.date, last_on: dt.date | None) -> bool:
    """Return whether a report waits for the last days of its month.

    Parameters
    ----------
    last_on
        The last day that the data hold.

    >>> october, until = dt.date(2026, 10, 1), dt.date(2026, 10, 30)
    >>> is_awaited(dt.date(2026, 11, 3), day=3, month=october, last_on=until)
    True
    >>> is_awaited(dt.date(2026, 11, 10), day=3, month=october, last_on=until)
    False
    >>> is_awaited(dt.date(2026, 11, 25), day=3, month=october, last_on=dt.date(2026, 9, 30))
    True
    """
    if last_on is None or last_on < month:
        return True
    if last_on >= month_after(month) - dt.timedelta(days=1):
        return False
    return (today - month_after(month).replace(day=day)).days < PATIENCE_DAYS
