"""Who is active on a day, who stayed, came, came back and left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kohorte import results
from oracle import orders, periods


@dataclass(frozen=True)
class Turnover:
    """The sets of customers between the start and the end of the retention period before a day.

    `observable` is False where the history is too short to know who was active at the start.
    """

    observable: bool
    start: set[orders.Id]
    end: set[orders.Id]
    new: set[orders.Id]

    @property
    def stayed(self) -> set[orders.Id]:
        """Active at the start and at the end."""
        return self.start & self.end

    @property
    def lost(self) -> set[orders.Id]:
        """Active at the start, not at the end."""
        return self.start - self.end

    @property
    def reactivated(self) -> set[orders.Id]:
        """Active at the end only, but known before the retention period."""
        return self.end - self.start - self.new


def active(log: orders.Log, day: dt.date) -> set[orders.Id]:
    """Return the customers with a purchase in the `active_days` days before `day`."""
    opens = day - log.settings.active_days * orders.DAY
    found = set()
    for customer, days in orders.days_of(log).items():
        if any(opens <= bought < day for bought in days):
            found.add(customer)
    return found


def observable(log: orders.Log, day: dt.date) -> bool:
    """Return whether the history reaches back far enough to know who is active on `day`."""
    return day - log.settings.active_days * orders.DAY >= log.start


def certain(log: orders.Log, day: dt.date) -> bool:
    """Return whether nobody who seems new on `day` can have bought within w days before."""
    settings = log.settings
    needed = 2 * settings.active_days + settings.retention_days
    return day - needed * orders.DAY >= log.start


def turnover(log: orders.Log, day: dt.date) -> Turnover:
    """Return who was active `retention_days` before `day`, who is now, and who is new."""
    opens = day - log.settings.retention_days * orders.DAY
    new = set()
    for customer, days in orders.days_of(log).items():
        if opens <= days[0] < day:
            new.add(customer)
    return Turnover(observable(log, opens), active(log, opens), active(log, day), new)


def movements(log: orders.Log, grain: results.Grain) -> list[results.Movement]:
    """Return for each period who came and went."""
    found = []
    for period in periods.of(log, grain):
        moved = turnover(log, period.evaluated_on)
        known = moved.observable
        found.append(
            results.Movement(
                grain=grain,
                period=period.label,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
                active_at_start=len(moved.start) if known else None,
                new=len(moved.new) if known else None,
                reactivated=len(moved.reactivated) if known else None,
                lost=len(moved.lost) if known else None,
                active_at_end=len(moved.end) if observable(log, period.evaluated_on) else None,
                new_may_hold_returned=known and not certain(log, period.evaluated_on),
            )
        )
    return found
