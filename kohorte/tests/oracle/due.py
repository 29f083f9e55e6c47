"""When the next order is due, customer by customer, from the pauses of others like them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from fractions import Fraction

from oracle import orders, pauses, periods

ENOUGH, OWN = 30, 6
HALF, MOST = Fraction(1, 2), Fraction(4, 5)


@dataclass(frozen=True)
class Due:
    """What is to be expected of one customer."""

    status: str
    basis: str
    usual_days: int
    late_days: int
    due_on: dt.date | None
    late_on: dt.date | None
    chance: Fraction | None


@dataclass(frozen=True)
class Law:
    """The share who are back by a day, for w days at most."""

    steps: list[tuple[int, Fraction]]

    def returned(self, day: int) -> Fraction:
        """Return the share back by a day."""
        return max((share for at, share in self.steps if at <= day), default=Fraction(0))

    @property
    def all(self) -> Fraction:
        """The share who come back at all within the w days."""
        return self.returned(10**6)

    def reaches(self, share: Fraction) -> int:
        """Return the first day by which a share is back."""
        return next(day for day, returned in self.steps if returned >= share)


def of(log: orders.Log) -> dict[orders.Id, Due]:
    """Return what is to be expected of every customer; nothing before one has come back."""
    (whole,) = periods.of(log, "all")
    every = pauses.begun(log, whole)
    window = log.settings.active_days
    if not any(pause.came and pause.days <= window for pause in every):
        return {}
    found = {}
    for customer, days in orders.days_of(log).items():
        alike = [pause for pause in every if min(pause.nth, 4) == min(len(days), 4)]
        if sum(pause.came and pause.days <= window for pause in alike) < ENOUGH:
            alike = every
        own = sorted(p.days for p in every if p.customer == customer and p.came)
        elapsed = (log.end - orders.DAY - days[-1]).days
        found[customer] = _due(_law(alike, window), own, days[-1], elapsed, window)
    return found


def _law(alike: list[pauses.Pause], window: int) -> Law:
    return Law([(p.day, 1 - p.left) for p in pauses.curve(alike) if p.day <= window])


def _due(law: Law, own: list[int], last: dt.date, elapsed: int, window: int) -> Due:
    usual, late = law.reaches(HALF * law.all), law.reaches(MOST * law.all)
    basis, due, later, chance = "shop", None, None, None
    waited = law.returned(elapsed)
    if elapsed < window:
        chance = Fraction(0)
    if elapsed < window and law.all > waited:
        chance = (law.all - waited) / (1 - waited)
        due = law.reaches(waited + HALF * (law.all - waited))
        later = law.reaches(waited + MOST * (law.all - waited))
    if len(own) >= OWN:
        basis, usual, late = "own", _ranked(own, HALF), _ranked(own, MOST)
        if longer := [days for days in own if days > elapsed]:
            due, later = _ranked(longer, HALF), _ranked(longer, MOST)
    return Due(
        _status(elapsed, usual, late, window),
        basis,
        usual,
        late,
        None if due is None else last + due * orders.DAY,
        None if later is None else last + later * orders.DAY,
        chance,
    )


def _ranked(values: list[int], share: Fraction) -> int:
    return values[math.ceil(share * len(values)) - 1]


def _status(elapsed: int, usual: int, late: int, window: int) -> str:
    if elapsed > late:
        return "lapsed" if elapsed >= window else "overdue"
    return "due" if elapsed > usual else "not_due"
