"""Each order with the first day, the day before and the day after of its customer, along arrays.

Two stable counting sorts, by day and by customer, lay the orders of each customer side by side in the order of their
days. Neighbors are then one place away, and what adds up to a customer is one stretch: `purchases` and `customer_totals`
come from the same pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays import numbers
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]
    Columns = dict[str, Array]

# Arrays take about 80 bytes for each order, and nothing of them can be written to the disk.
ORDERS_AT_MOST = 16_000_000

_ORDERS = """
SELECT
  CAST(customer_id - $low AS INTEGER) AS customer,
  CAST(day - $history_start AS INTEGER) AS day,
  revenue_minor,
  CAST(units AS DOUBLE) AS units
FROM counted_orders
WHERE customer_id IS NOT NULL
"""
# What stands for no day before or after; days are counted from the beginning of the history.
_NO_DAY = -1
_PURCHASES = """
SELECT
  customer + $low, day + $history_start, revenue_minor, units, first_day + $history_start,
  NULLIF(previous_day, -1) + $history_start, NULLIF(next_day, -1) + $history_start, nth
FROM given
"""
_TOTALS = """
SELECT
  customer + $low, first_day + $history_start, last_day + $history_start, orders, revenue_minor,
  units, first_year_minor
FROM given
"""


def purchases(engine: Engine) -> tuple[str, ...]:
    """Write `purchases` and `customer_totals`, or nothing where arrays cannot hold the orders.

    That is where orders are too few or too many, customers are not known by numbers that lie close
    together, or only some of the amounts or units are known.
    """
    found = numbers.of(engine)
    if found is None or found.orders > ORDERS_AT_MOST:
        return ()
    fetched = engine.cursor(_ORDERS, {"low": found.low}).fetchnumpy()
    known = {name: _known(column) for name, column in fetched.items()}
    columns = {name: column for name, column in known.items() if column is not None}
    if len(columns) < len(known) or not len(columns["day"]):
        return ()
    del fetched, known
    each, together = _along(columns, size=found.size)
    engine.write_arrays("purchases", _PURCHASES, each, {"low": found.low})
    engine.write_arrays("customer_totals", _TOTALS, together, {"low": found.low})
    return ("purchases", "customer_totals")


def _known(column: Array) -> Array | None:
    """Return a column without gaps; None if it has some."""
    import numpy as np

    return None if np.ma.is_masked(column) else np.ma.getdata(column)


def _along(columns: Columns, *, size: int) -> tuple[Columns, Columns]:
    """Return the columns of `purchases` and of `customer_totals`; empties the columns given."""
    import numpy as np

    customer, day = columns["customer"], columns["day"]
    if (day[1:] < day[:-1]).any():
        order = _sorted(day, size=int(day.max()) + 1)
        order = order[_sorted(customer[order], size=size)]
    else:
        order = _sorted(customer, size=size)
    orders = np.bincount(columns.pop("customer"), minlength=size)
    day = columns.pop("day")[order]
    revenue, units = columns.pop("revenue_minor")[order], columns.pop("units")[order]
    who = np.flatnonzero(orders)
    orders = orders[who]
    ends = np.cumsum(orders)
    starts = ends - orders
    first_day = np.repeat(day[starts], orders)
    is_new_day = np.empty(len(day), dtype=bool)
    is_new_day[1:] = day[1:] != day[:-1]
    is_new_day[starts] = True
    days = np.cumsum(is_new_day, dtype=np.int32)
    previous_day, next_day = np.empty_like(day), np.empty_like(day)
    previous_day[1:], next_day[:-1] = day[:-1], day[1:]
    previous_day[starts] = next_day[ends - 1] = _NO_DAY
    each = {
        "customer": np.repeat(who.astype(np.int32), orders),
        "day": day,
        "revenue_minor": revenue,
        "units": units,
        "first_day": first_day,
        "previous_day": previous_day,
        "next_day": next_day,
        "nth": days - np.repeat(days[starts] - 1, orders),
    }
    together = {
        "customer": who,
        "first_day": day[starts],
        "last_day": day[ends - 1],
        "orders": orders,
        "revenue_minor": np.add.reduceat(revenue, starts),
        "units": np.add.reduceat(units, starts),
        "first_year_minor": np.add.reduceat(np.where(day < first_day + 365, revenue, 0), starts),
    }
    return each, together


def _sorted(places: Array, *, size: int) -> Array:
    """Return the order in which numbers below `size` rise, equal ones as they stand.

    A matrix with a row for each number turned by its side: that is a counting sort.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    count = len(places)
    rows = np.arange(count + 1, dtype=np.int32)
    marks = np.ones(count, dtype=np.int8)
    order: Array = csr_matrix((marks, places, rows), shape=(count, size)).tocsc().indices
    return order
