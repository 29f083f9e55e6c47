"""Runs: what a customer bought in one period, as orders that stand side by side.

What metrics, cohorts and the comparison with the year before need of them comes from the same pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kohorte.arrays import neighbors, tallies
from kohorte.arrays.stretches import Piece
from kohorte.arrays.tallies import Tally
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]
    Columns = dict[str, Array]

WRITTEN = ("period_sums", "split_sums", "year_on_year", "calendar_cohorts")
# More periods than this are days, by which hardly anybody asks for cohorts: they are left to SQL.
COHORTS_AT_MOST = 1 << 9
# Cells that a table of sums may have; with months as periods that is enough for 10,000 orders of a customer in one.
CELLS_AT_MOST = 1 << 22

_CALENDAR = "SELECT day, period FROM calendar ORDER BY day"
_PERIODS = "SELECT starts_day, at_day FROM periods ORDER BY period"


@dataclass(frozen=True)
class _Calendar:
    """The period of each day from `start` on, where each begins and from where it is seen."""

    start: int
    period: Array
    starts_day: Array
    at_day: Array


@dataclass(frozen=True)
class _Runs:
    """The runs of a piece, by customer and period."""

    customer: Array
    period: Array
    cohort: Array
    last_day: Array
    orders: Array
    revenue_minor: Array
    units: Array
    new_orders: Array
    new_revenue_minor: Array


def sums(engine: Engine) -> tuple[str, ...]:
    """Write what runs are summed up to, or nothing.

    That is where orders are not laid out in arrays, where some of the days are in no period, or
    where customers have so many orders in one period that a table of sums would be too large.
    """
    found = neighbors.of(engine)
    calendar = _calendar(engine) if found is not None else None
    if found is None or calendar is None:
        return ()
    year, active = (int(engine.parameters[name]) for name in ("periods_per_year", "active_days"))
    history_start = int(engine.parameters["history_start"])

    count = len(calendar.at_day)

    def counted(piece: Piece) -> dict[str, Tally] | None:
        runs = _of(piece, calendar)
        if 8 * count * (int(runs.orders.max()) + 1) > CELLS_AT_MOST:
            return None
        tallied = {
            "period_sums": _summed(runs, calendar, active_days=active),
            "split_sums": _split(runs, calendar),
            "year_on_year": _compared(runs, calendar, year=year, history_start=history_start),
        }
        if count <= COHORTS_AT_MOST:
            tallied["calendar_cohorts"] = _aged(runs, calendar)
        return tallied

    pieces = [piece for piece in found.each(counted) if piece is not None]
    if len(pieces) < len(found.pieces()):
        return ()
    for name in pieces[0]:
        columns = _named(name, tallies.together([piece[name] for piece in pieces]), calendar)
        engine.write_arrays(name, f"SELECT {', '.join(columns)} FROM given", columns)
    return tuple(pieces[0])


def _calendar(engine: Engine) -> _Calendar | None:
    """Return the calendar; None where some day of the history is in no period."""
    import numpy as np

    start, end = (int(engine.parameters[name]) for name in ("history_start", "history_end"))
    days, periods = (engine.cursor(sql).fetchnumpy() for sql in (_CALENDAR, _PERIODS))
    if not np.array_equal(days["day"], np.arange(start, end)):
        return None
    return _Calendar(start, days["period"], periods["starts_day"], periods["at_day"])


def _of(piece: Piece, calendar: _Calendar) -> _Runs:
    import numpy as np

    owner, period = piece.owners(), calendar.period[piece.day - calendar.start]
    begins = np.empty(len(period), dtype=bool)
    np.not_equal(period[1:], period[:-1], out=begins[1:])
    begins[piece.starts] = True
    begin = np.flatnonzero(begins)
    run = np.cumsum(begins, dtype=np.int32)
    run -= 1
    orders, customer = np.diff(begin, append=len(period)), owner[begin]
    new_orders, new_revenue = np.zeros_like(orders), np.zeros(len(begin), dtype=np.int64)
    is_new = piece.day == piece.day[piece.starts][owner]
    is_new[piece.starts] = False
    again, first = np.flatnonzero(is_new), run[piece.starts]
    new_orders[first] = 1
    new_revenue[first] = piece.revenue_minor[piece.starts]
    np.add.at(new_orders, run[again], 1)
    np.add.at(new_revenue, run[again], piece.revenue_minor[again])
    return _Runs(
        customer=customer,
        period=period[begin],
        cohort=period[piece.starts][customer],
        last_day=piece.day[begin + orders - 1],
        orders=orders,
        revenue_minor=tallies.total(piece.revenue_minor, run, size=len(begin)),
        units=tallies.total(piece.units, run, size=len(begin)),
        new_orders=new_orders,
        new_revenue_minor=new_revenue,
    )


def _summed(runs: _Runs, calendar: _Calendar, *, active_days: int) -> Tally:
    """Return sums by orders, period, and whether new, existing and active."""
    import numpy as np

    count = len(calendar.at_day)
    place = runs.orders * count + runs.period
    for flag in (
        runs.new_orders > 0,
        runs.orders > runs.new_orders,
        runs.last_day >= calendar.at_day[runs.period] - active_days,
    ):
        place *= 2
        place += flag
    revenue = runs.revenue_minor.astype(np.float64)
    return tallies.grouped(
        place,
        size=8 * count * (int(runs.orders.max()) + 1),
        revenue_minor=runs.revenue_minor,
        revenue_squared=revenue * revenue,
        units=runs.units,
        units_squared=runs.units * runs.units,
    )


def _split(runs: _Runs, calendar: _Calendar) -> Tally:
    """Return sums by orders, period and part, over those who are new and come again at once."""
    import numpy as np

    count = len(calendar.at_day)
    both = np.flatnonzero((runs.new_orders > 0) & (runs.orders > runs.new_orders))
    period = runs.period[both]
    orders, revenue = runs.new_orders[both], runs.new_revenue_minor[both]
    later, later_revenue = runs.orders[both] - orders, runs.revenue_minor[both] - revenue
    new, existing = ((each * count + period) * 2 for each in (orders, later))
    minor = np.concatenate([revenue, later_revenue])
    return tallies.grouped(
        np.concatenate([new + 1, existing]),
        size=2 * count * (int(runs.orders.max()) + 1),
        revenue_minor=minor,
        revenue_squared=minor.astype(np.float64) * minor,
    )


def _compared(runs: _Runs, calendar: _Calendar, *, year: int, history_start: int) -> Tally:
    """Return sums by period over those who bought in it and in the same one a year before.

    Within a customer's runs the one a year before is at most so many places away as a year has periods.
    """
    import numpy as np

    count = len(calendar.at_day)
    place = runs.customer * (count + year) + runs.period
    now, then = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for apart in range(1, min(year, len(place) - 1) + 1):
        found = np.flatnonzero(place[apart:] - place[:-apart] == year)
        now.append(found + apart)
        then.append(found)
    after, before = np.concatenate(now), np.concatenate(then)
    is_whole = calendar.starts_day[runs.period[before]] >= history_start
    after, before = after[is_whole], before[is_whole]
    kept, base = (runs.revenue_minor[chosen] for chosen in (after, before))
    gross = np.minimum(kept, base)
    kept_float, base_float, gross_float = (one.astype(np.float64) for one in (kept, base, gross))
    return tallies.grouped(
        runs.period[after],
        size=count,
        kept=kept,
        gross=gross,
        kept_squared=kept_float * kept_float,
        gross_squared=gross_float * gross_float,
        kept_times=base_float * kept_float,
        gross_times=base_float * gross_float,
    )


def _aged(runs: _Runs, calendar: _Calendar) -> Tally:
    """Return sums by the period in which customers came and their age."""
    count = len(calendar.at_day)
    return tallies.grouped(
        runs.cohort * count + runs.period - runs.cohort,
        size=count * count,
        orders=runs.orders,
        revenue_minor=runs.revenue_minor,
    )


def _named(name: str, tally: Tally, calendar: _Calendar) -> Columns:
    """Return the columns of a relation, the digits of its places among them."""
    import numpy as np

    count, place, sums = len(calendar.at_day), tally.places, dict(tally.sums)
    customers = {"customers": sums.pop("count")}
    if name == "year_on_year":
        return {"period": place, **sums}
    if name == "calendar_cohorts":
        return {"cohort": place // count, "age": place % count, **customers, **sums}
    bits = 3 if name == "period_sums" else 1
    flags = ("is_new", "is_existing", "is_active") if bits == 3 else ("is_new",)
    columns = {flag: place >> (bits - 1 - number) & 1 > 0 for number, flag in enumerate(flags)}
    orders, period = np.divmod(place >> bits, count)
    return {"period": period, **columns, "orders": orders, **customers, **sums}
