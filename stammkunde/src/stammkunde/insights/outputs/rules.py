"""When an export is due: decisions on plain data."""

from __future__ import annotations

import datetime as dt


def due_on(today: dt.date, *, rhythm: str, week_start: int) -> dt.date:
    """Return the last day on which an export of a rhythm was due, today at the latest.

    Parameters
    ----------
    week_start
        The first day of the shop's week, 1 for Monday to 7 for Sunday.

    >>> sunday = dt.date(2026, 11, 22)
    >>> [str(due_on(sunday, rhythm=name, week_start=1)) for name in ("daily", "weekly", "monthly")]
    ['2026-11-22', '2026-11-16', '2026-11-01']
    """
    match rhythm:
        case "weekly":
            return today - dt.timedelta(days=(today.isoweekday() - week_start) % 7)
        case "monthly":
            return today.replace(day=1)
    return today
