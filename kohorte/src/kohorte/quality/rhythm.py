"""When orders come: pauses, months that stand out, and days that stand for “unknown”."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from kohorte.periods import Span

Days = Mapping[dt.date, int]

GAP_FACTOR = 7
GAP_DAYS_AT_LEAST = 14
JUMP_FACTOR = 3
JUMP_DEVIATIONS = 5
NEIGHBORS = 2
# Where programs begin to count days; an empty date often ends up there.
ORIGINS = frozenset(
    {
        dt.date(1899, 12, 30),
        dt.date(1899, 12, 31),
        dt.date(1900, 1, 1),
        dt.date(1904, 1, 1),
        dt.date(1970, 1, 1),
    }
)
PEAK_FACTOR = 5
PEAK_ORDERS = 10


@dataclass(frozen=True)
class Jump:
    """A month whose number of orders is far from that of the months around it."""

    starts_on: dt.date
    days: int
    orders: int
    usual: float


def longest_pause(days: Days) -> int:
    """Return the most days in a row without an order between two days that have some.

    >>> longest_pause({dt.date(2026, 1, 1): 3, dt.date(2026, 1, 5): 1})
    3
    """
    pauses = ((after - before).days - 1 for before, after in pairwise(sorted(days)))
    return max(pauses, default=0)


def silence(days: Days, span: Span) -> int:
    """Return the length of an unusual pause, 0 without one.

    Unusual is a pause of at least 14 days and at least seven times the usual distance between
    days with orders.
    """
    pause = longest_pause(days)
    usual = (span.ends_on - span.starts_on).days / max(1, len(days))
    return pause if pause >= max(GAP_DAYS_AT_LEAST, GAP_FACTOR * usual) else 0


def jumps(days: Days, span: Span) -> tuple[Jump, ...]:
    """Return the months that stand out.

    A whole month stands out if it has more than three times or less than a third of the median of
    its neighbors, the two whole months before and after it, and if the difference is more than
    five times the square root of the larger of both, which chance alone does not reach. It takes
    at least three neighbors; a month without any order is a pause and no jump.
    """
    months = _whole_months(days, span)
    found = []
    for place, (month, orders) in enumerate(months):
        before = months[max(0, place - NEIGHBORS) : place]
        around = [count for _, count in before + months[place + 1 : place + 1 + NEIGHBORS]]
        if len(around) <= NEIGHBORS or not orders:
            continue
        usual = statistics.median(around)
        low, high = sorted((float(orders), usual))
        if high > JUMP_FACTOR * low and high - low > JUMP_DEVIATIONS * high**0.5:
            found.append(Jump(month, (_next_month(month) - month).days, orders, usual))
    return tuple(found)


def placeholders(days: Days) -> int:
    """Return the orders on days that programs write for an unknown one.

    These are the days from which programs count (1900-01-01, 1970-01-01 and their like), and a
    1 January with at least ten orders and five times as many as the median day.

    >>> placeholders({dt.date(1970, 1, 1): 2, dt.date(1998, 3, 4): 9})
    2
    """
    usual = statistics.median(days.values()) if days else 0
    return sum(
        orders
        for day, orders in days.items()
        if day in ORIGINS
        or ((day.month, day.day) == (1, 1) and orders >= max(PEAK_ORDERS, PEAK_FACTOR * usual))
    )


def _whole_months(days: Days, span: Span) -> list[tuple[dt.date, int]]:
    """Return the months that lie in the span as a whole, with their orders."""
    counts: dict[dt.date, int] = {}
    for day, orders in days.items():
        first = day.replace(day=1)
        counts[first] = counts.get(first, 0) + orders
    month = span.starts_on.replace(day=1)
    found = []
    while _next_month(month) <= span.ends_on:
        if month >= span.starts_on:
            found.append((month, counts.get(month, 0)))
        month = _next_month(month)
    return found


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)
