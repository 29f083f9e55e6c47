"""Each order with the first day, the day before and the day after of its customer, along arrays.

`purchases`, `customer_totals` and `wait_counts` come from the same pass over the stretches of customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays import stretches, waits
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
        place, pause = piece.place, piece.pauses()
        first_day = piece.to_each(piece.day[piece.starts])
        nth = _nth(piece, pause)
        codes[place] = waits.encoded(piece.day, nth, pause, history_start=history_start, span=span)
        each["customer"][place] = piece.to_each(piece.who)
        each["first_day"][place] = first_day
        each["nth"][place] = nth
        before, after = each["previous_day"][place], each["next_day"][place]
        before[1:], after[:-1] = piece.day[:-1], piece.day[1:]
        before[piece.starts] = NO_DAY
        after[piece.starts[1:] - 1] = after[-1:] = -NO_DAY
        return _totals(piece, first_day)

    totals = found.each(along)
    together = {name: np.concatenate([one[name] for one in totals]) for name in totals[0]}
    known = {"day": found.day, "revenue_minor": found.revenue_minor, "units": found.units}
    return {**each, **known}, together, codes


def _nth(piece: Piece, pause: Array) -> Array:
    """Return which purchase day of its customer each order is of."""
    import numpy as np

    is_new_day = np.empty(len(pause), dtype=bool)
    np.not_equal(pause[:-1], 0, out=is_new_day[1:])
    is_new_day[:1] = True
    days = np.cumsum(is_new_day, dtype=np.int32)
    days -= piece.to_each(days[piece.starts] - 1)
    return days


def _totals(piece: Piece, first_day: Array) -> Columns:
    import numpy as np

    starts, revenue = piece.starts, piece.revenue_minor
    in_first_year = revenue * (piece.day < first_day + 365)
    return {
        "customer": piece.who,
        "first_day": piece.day[starts],
        "last_day": piece.day[starts + piece.orders - 1],
        "orders": piece.orders,
        "revenue_minor": np.add.reduceat(revenue, starts),
        "units": np.add.reduceat(piece.units, starts),
        "first_year_minor": np.add.reduceat(in_first_year, starts),
    }
