"""Pauses between purchase days: how long customers take to come back, who does not, who does later."""

from __future__ import annotations

import collections
import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from oracle import answers, intervals, orders, periods
from oracle.answers import Answer

SHARES = {"all": Fraction(1, 2), "p75": Fraction(3, 4), "p90": Fraction(9, 10)}


@dataclass(frozen=True)
class Pause:
    """The days from a purchase day to the next one, or to the end of the data if none came."""

    customer: orders.Id
    nth: int
    days: int
    came: bool


@dataclass(frozen=True)
class Place:
    """A day on the curve: who waited and who came, the share that still waits, Greenwood's sum."""

    day: int
    waiting: int
    came: int
    left: Fraction
    variance: float


def begun(log: orders.Log, period: periods.Period) -> list[Pause]:
    """Return the pauses that began in a period."""
    last = log.end - orders.DAY
    found = []
    for customer, days in orders.days_of(log).items():
        for number, day in enumerate(days):
            if day in period:
                following = days[number + 1] if number + 1 < len(days) else None
                waited = ((following or last) - day).days
                found.append(Pause(customer, number + 1, waited, following is not None))
    return found


def curve(pauses: Sequence[Pause]) -> list[Place]:
    """Return the Kaplan–Meier curve: of those still waiting on a day, who did not come on it."""
    came = collections.Counter(pause.days for pause in pauses if pause.came)
    left, variance, waiting = Fraction(1), 0.0, len(pauses)
    places = []
    for day, ended in sorted(collections.Counter(pause.days for pause in pauses).items()):
        left *= 1 - Fraction(came[day], waiting)
        if came[day] < waiting:
            variance += came[day] / (waiting * (waiting - came[day]))
        places.append(Place(day, waiting, came[day], left, variance))
        waiting -= ended
    return places


def band(place: Place, reach: float) -> intervals.Interval:
    """Return the band of the share that came, on the scale of the logarithm of the logarithm."""
    if not 0 < place.left < 1:
        return intervals.NONE
    spread = reach * math.sqrt(place.variance) / -math.log(place.left)
    return 1 - place.left ** math.exp(-spread), 1 - place.left ** math.exp(spread)


def kaplan_meier_repeat_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    horizon = {"all": log.settings.repeat_days, "30_days": 30, "365_days": 365}[segment]
    firsts = [pause for pause in begun(log, period) if pause.nth == 1]
    if not firsts:
        return answers.unknown()
    observed = period.evaluated_on + horizon * orders.DAY <= log.end
    came = {p.customer: Fraction(p.came and p.days <= horizon) for p in firsts}
    places = [place for place in curve(firsts) if place.day <= horizon]
    place = places[-1] if places else Place(0, len(firsts), 0, Fraction(1), 0.0)
    if place.left > 0 and max(pause.days for pause in firsts) < horizon:
        return Answer(None, len(firsts), observed=observed, behind=came)
    low, high = band(place, intervals.z(log.settings.confidence_percent))
    return Answer(
        100 * (1 - place.left),
        len(firsts),
        None if low is None else 100 * low,
        None if high is None else 100 * high,
        observed,
        came,
    )


def time_between_orders(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    pauses = begun(log, period)
    if not pauses:
        return answers.unknown()
    share, places = SHARES[segment], curve(pauses)
    reached = next((place.day for place in places if 1 - place.left >= share), None)
    enough = log.settings.active_days if reached is None else reached
    observed = period.evaluated_on + enough * orders.DAY <= log.end
    behind: dict[orders.Id, Fraction] = {}
    for pause in pauses:
        behind[pause.customer] = behind.get(pause.customer, Fraction(0)) + pause.days
    if reached is None:
        return Answer(None, len(pauses), observed=observed, behind=behind)
    reach = _reach(pauses, places, reached, intervals.z(log.settings.confidence_percent))
    low = high = None
    if reach is not None:
        bands = [(place, *band(place, reach)) for place in places]
        highs = (p.day for p, _, top in bands if p.left == 0 or (top is not None and top >= share))
        lows = (p.day for p, bottom, _ in bands if bottom is not None and bottom >= share)
        low, high = next(highs, None), next(lows, None)
    if low is None or high is None:
        low = high = None
    return Answer(Fraction(reached), len(pauses), low, high, observed, behind)


def _reach(pauses: Sequence[Pause], places: Sequence[Place], day: int, z: float) -> float | None:
    """Return how many standard errors the range reaches, wider where customers come more than once."""
    own: dict[orders.Id, list[float]] = {}
    for pause in pauses:
        own.setdefault(pause.customer, []).append(_part(pause, places, day))
    if len(own) == len(pauses):
        return z
    if len(own) == 1:
        return None
    apart = sum(part**2 for parts in own.values() for part in parts)
    alike = sum(sum(parts) ** 2 for parts in own.values()) / apart if apart > 1e-20 else 1.0
    return intervals.wider(z, len(own)) * math.sqrt(max(1.0, alike))


def _part(pause: Pause, places: Sequence[Place], day: int) -> float:
    """Return what a pause adds to the logarithm of the curve by a day: event less expectation."""
    part = 0.0
    for place in places:
        if place.day > min(pause.days, day):
            break
        part -= place.came / place.waiting**2
        if pause.came and pause.days == place.day:
            part += 1 / place.waiting
    return part


def lapse_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    window = log.settings.active_days * orders.DAY
    start = _start(log, period, window)
    if start - window < log.start:
        return answers.unknown()
    active = _bought(log, start - window, start)
    if start + window > log.end:
        return Answer(None, len(active), observed=False)
    stayed = _bought(log, start, start + window)
    lapsed = {customer: customer not in stayed for customer in active}
    return answers.share(lapsed, reach=intervals.z(log.settings.confidence_percent))


def reactivation_rate(log: orders.Log, period: periods.Period, segment: str) -> Answer:
    days = {"all": log.settings.repeat_days, "30_days": 30, "365_days": 365}[segment]
    window, later = log.settings.active_days * orders.DAY, days * orders.DAY
    start = _start(log, period, window + later)
    if start - window < log.start:
        return answers.unknown()
    if start + window > log.end:
        return Answer(None, 0, observed=False)
    lapsed = _bought(log, start - window, start) - _bought(log, start, start + window)
    if start + window + later > log.end:
        return Answer(None, len(lapsed), observed=False)
    back = _bought(log, start + window, start + window + later)
    returned = {customer: customer in back for customer in lapsed}
    return answers.share(returned, reach=intervals.z(log.settings.confidence_percent))


def _start(log: orders.Log, period: periods.Period, known_after: dt.timedelta) -> dt.date:
    if period.starts_on <= log.start and period.evaluated_on >= log.end:
        return log.end - known_after
    return period.starts_on


def _bought(log: orders.Log, first: dt.date, last: dt.date) -> set[orders.Id]:
    """Return who bought from a day up to, not including, another."""
    found = set()
    for customer, days in orders.days_of(log).items():
        if any(first <= day < last for day in days):
            found.add(customer)
    return found
