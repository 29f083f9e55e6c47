"""When to try again, when a rule is due, how long it will take: decisions on plain data."""

from __future__ import annotations

import datetime as dt
import traceback
import zoneinfo
from dataclasses import dataclass

PAUSE_SECONDS = 10
PAUSE_SECONDS_MAX = 3600


def pause(attempt: int, *, chance: float) -> dt.timedelta:
    """Return how long to wait after a failed attempt: twice as long each time, an hour at most.

    Parameters
    ----------
    attempt
        Which one failed, from 1.
    chance
        A number from 0 up to 1; it spreads what failed together over half of the pause.

    Examples
    --------
    >>> [pause(attempt, chance=1).total_seconds() for attempt in (1, 2, 3, 99)]
    [10.0, 20.0, 40.0, 3600.0]
    >>> pause(1, chance=0).total_seconds()
    5.0
    """
    longest = min(PAUSE_SECONDS * 2 ** min(attempt - 1, 20), PAUSE_SECONDS_MAX)
    return dt.timedelta(seconds=longest * (0.5 + chance / 2))


def shares(attempts: int, attempts_max: int) -> bool:
    """Return whether a job may be taken together with others.

    One that was begun before is taken alone: if it kills its worker, nothing else suffers. So is one
    that may be begun only once, for it must not be counted as begun while it waits for its turn.
    """
    return attempts == 0 and attempts_max > 1


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Every day at a local time, or every so many minutes."""

    at: dt.time | None = None
    minutes: int = 0

    def last(self, now: dt.datetime, zone: str) -> dt.datetime:
        """Return the last time that it was due, now at the latest, in UTC.

        A local time that the clocks skip comes an hour later; one that they repeat counts once, the
        first time.

        Examples
        --------
        >>> noon = dt.datetime(2026, 3, 29, 12, tzinfo=dt.UTC)  # the clocks went from 2 to 3
        >>> Schedule(at=dt.time(2, 30)).last(noon, "Europe/Berlin").isoformat()
        '2026-03-29T01:30:00+00:00'
        >>> Schedule(minutes=15).last(noon + dt.timedelta(minutes=20), "UTC").isoformat()
        '2026-03-29T12:15:00+00:00'
        """
        if self.at is None:
            width = self.minutes * 60
            return dt.datetime.fromtimestamp(now.timestamp() // width * width, dt.UTC)
        local = zoneinfo.ZoneInfo(zone)
        day = now.astimezone(local).date()
        due = dt.datetime.combine(day, self.at, local).astimezone(dt.UTC)
        if due > now:
            day -= dt.timedelta(days=1)
            due = dt.datetime.combine(day, self.at, local).astimezone(dt.UTC)
        return due


def schedule(*, at: str | None, minutes: int | None) -> Schedule:
    """Return the schedule that is written as a local time or as a number of minutes."""
    if (at is None) == (minutes is None) or (minutes is not None and minutes < 1):
        raise ValueError("A rule is due at a time of day or every so many minutes.")
    return Schedule(at=dt.time.fromisoformat(at) if at else None, minutes=minutes or 0)


def seconds_left(done: int | None, total: int | None, *, seconds: float) -> int | None:
    """Return how long the rest will take at the pace so far; None as long as that cannot be said.

    Examples
    --------
    >>> seconds_left(250, 1000, seconds=10)
    30
    """
    if not done or not total or done > total or seconds < 1:
        return None
    return round(seconds * (total - done) / done)


def frames(fault: BaseException) -> str:
    """Return where something failed, without its words: they may hold what belongs to a person."""
    told: list[str] = []
    found: BaseException | None = fault
    while found is not None and len(told) < 5:
        where = "".join(traceback.format_tb(found.__traceback__)[-20:])
        told.append(f"{where}{type(found).__module__}.{type(found).__qualname__}")
        found = found.__cause__ or found.__context__
    return "\n\n".join(reversed(told))[-20_000:]
