"""Each order with the first day, the day before and the day after of its customer, along arrays.

`purchases`, `customer_totals` and `wait_counts` come from the same pass over the stretches of customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays import cores, stretches, tallies, waits
from kohorte.arrays.stretches import NO_DAY, Piece, Stretches
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]
    Columns = dict[str, Array]

_PURCHASES = """
SELECT
  customer + $low, day, revenue_minor, units, first_day,
  NULLIF(previous_day, $no_day), NULLIF(next_day, -$no_day), nth
FROM given
"""
_TOTALS = """
SELECT customer + $low, first_day, last_day, orders, revenue_minor, units, first_year_minor
FROM given
"""
_WAITS = "SELECT day, nth, days, came, waiting FROM given"


def purchases(engine: Engine) -> tuple[str, ...]:
    """Write `purchases` and what follows from them, or nothing where arrays cannot hold the orders."""
    found = stretches.of(engine)
    if found is None:
        return ()
    start, end = (int(engine.parameters[name]) for name in ("history_start", "history_end"))
    each, together, codes = _along(found, history_start=start, span=end - start)
    engine.write_arrays("purchases", _PURCHASES, each, {"low": found.low, "no_day": NO_DAY})
    del each
    engine.write_arrays("customer_totals", _TOTALS, together, {"low": found.low})
    cores.sort(codes, cores=engine.threads)
    counted = waits.counted(codes, history_start=start, history_end=end, span=end - start)
    engine.write_arrays("wait_counts", _WAITS, counted)
    engine.beside["purchases"] = found
    return ("purchases", "customer_totals", "wait_counts")


def of(engine: Engine) -> Stretches | None:
    """Return the stretches that `purchases` were written from; None where SQL wrote them."""
    engine.keep("purchases")
    return engine.beside.get("purchases")


def _along(found: Stretches, *, history_start: int, span: int) -> tuple[Columns, Columns, Array]:
    """Return the columns of `purchases` and of `customer_totals`, and all waits as numbers."""
    import numpy as np

    names = ("customer", "first_day", "previous_day", "next_day", "nth", "codes")
    each = {name: np.empty(len(found.day), dtype=np.int32) for name in names}
    codes = each.pop("codes")

    def along(piece: Piece) -> Columns:
        place, pause, owner = piece.place, piece.pauses(), piece.owners()
        first_day = piece.day[piece.starts][owner]
        nth = _nth(piece, pause, owner)
        codes[place] = waits.encoded(piece.day, nth, pause, history_start=history_start, span=span)
        each["customer"][place] = piece.who[owner]
        each["first_day"][place] = first_day
        each["nth"][place] = nth
        before, after = each["previous_day"][place], each["next_day"][place]
        before[1:], after[:-1] = piece.day[:-1], piece.day[1:]
        before[piece.starts] = NO_DAY
        after[piece.starts[1:] - 1] = after[-1:] = -NO_DAY
        return _totals(piece, owner, is_in_first_year=piece.day < first_day + 365)

    totals = found.each(along)
    together = {name: np.concatenate([one[name] for one in totals]) for name in totals[0]}
    known = {"day": found.day, "revenue_minor": found.revenue_minor, "units": found.units}
    return {**each, **known}, together, codes


def _nth(piece: Piece, pause: Array, owner: Array) -> Array:
    """Return which purchase day of its customer each order is of."""
    import numpy as np

    is_new_day = np.empty(len(pause), dtype=bool)
    np.not_equal(pause[:-1], 0, out=is_new_day[1:])
    is_new_day[:1] = True
    days = np.cumsum(is_new_day, dtype=np.int32)
    days -= (days[piece.starts] - 1)[owner]
    return days


def _totals(piece: Piece, owner: Array, *, is_in_first_year: Array) -> Columns:
    starts, revenue, size = piece.starts, piece.revenue_minor, len(piece.who)
    return {
        "customer": piece.who,
        "first_day": piece.day[starts],
        "last_day": piece.day[starts + piece.orders - 1],
        "orders": piece.orders,
        "revenue_minor": tallies.total(revenue, owner, size=size),
        "units": tallies.total(piece.units, owner, size=size),
        "first_year_minor": tallies.total(revenue * is_in_first_year, owner, size=size),
    }
