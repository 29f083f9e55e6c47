"""The one place that asks what time it is, so that tests and replays can say it."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.utils import timezone


def now() -> dt.datetime:
    """Return the instant, aware and in UTC."""
    return timezone.now()


def today(zone: str) -> dt.date:
    """Return the local day of a zone.

    Parameters
    ----------
    zone
        IANA name, such as `Europe/Berlin`.
    """
    return now().astimezone(zoneinfo.ZoneInfo(zone)).date()


def midnight(day: dt.date, zone: str) -> dt.datetime:
    """Return when a day begins in a zone.

    >>> midnight(dt.date(2026, 3, 30), "Europe/Berlin").isoformat()
    '2026-03-30T00:00:00+02:00'
    """
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(zone))
