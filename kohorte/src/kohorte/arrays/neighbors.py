"""Each order with the first day, the day before and the day after of its customer, along arrays.

Two stable counting sorts, by day and by customer, lay the orders of each customer side by side in the order of their
days. Neighbors are then one place away, and what adds up to a customer is one stretch: `purchases`, `customer_totals` and
`wait_counts` come from the same pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays import numbers, waits
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray
    from scipy.sparse import csc_matrix

    Array = ndarray[Any, Any]
    Columns = dict[str, Array]

# Arrays take about 80 bytes for each order, and nothing of them can be written to the disk.
ORDERS_AT_MOST = 16_000_000

_ORDERS = """
SELECT
  CAST(customer_id - $low AS INTEGER) AS customer,
  day,
  revenue_minor,
  CAST(units AS DOUBLE) AS units
FROM counted_orders
WHERE customer_id IS NOT NULL
"""
_PURCHASES = """
SELECT
  customer + $low, day, revenue_minor, units, first_day,
  NULLIF(previous_day, $no_day), NULLIF(next_day, $no_day), nth
FROM given
"""
_TOTALS = """
SELECT customer + $low, first_day, last_day, orders, revenue_minor, units, first_year_minor
FROM given
"""
_WAITS = "SELECT day, nth, days, came, waiting FROM given"
# What stands for no day before or after.
_NO_DAY = -(1 << 31)


def purchases(engine: Engine) -> tuple[str, ...]:
    """Write `purchases` and what follows from them, or nothing where arrays cannot hold the orders.

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
    each, together = _along(columns)
    engine.write_arrays("purchases", _PURCHASES, each, {"low": found.low, "no_day": _NO_DAY})
    engine.write_arrays("customer_totals", _TOTALS, together, {"low": found.low})
    waited = waits.counted(each, no_day=_NO_DAY, history_end=engine.parameters["history_end"])
    if not waited:
        return ("purchases", "customer_totals")
    engine.write_arrays("wait_counts", _WAITS, waited)
    return ("purchases", "customer_totals", "wait_counts")


def _known(column: Array) -> Array | None:
    """Return a column without gaps; None if it has some."""
    import numpy as np

    return None if np.ma.is_masked(column) else np.ma.getdata(column)


def _along(columns: Columns) -> tuple[Columns, Columns]:
    """Return the columns of `purchases` and of `customer_totals`; empties the columns given."""
    import numpy as np

    customer, day = columns.pop("customer"), columns.pop("day")
    order = None
    if (day[1:] < day[:-1]).any():
        order = _sorted(day - day.min(), carried=day).indices
        customer, day = customer[order], day[order]
    by_customer = _sorted(customer, carried=day)
    day = by_customer.data
    order = by_customer.indices if order is None else np.take(order, by_customer.indices)
    order = order.astype(np.intp)
    revenue = np.take(columns.pop("revenue_minor"), order)
    units = np.take(columns.pop("units"), order)
    orders = np.diff(by_customer.indptr)
    who = np.flatnonzero(orders)
    orders = orders[who]
    starts, ends = by_customer.indptr[who], by_customer.indptr[who + 1]
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


def _sorted(places: Array, *, carried: Array) -> csc_matrix:
    """Return in which order places rise, equal ones as they stand (`indices`), and `carried` in it.

    The stretch of a place begins at its `indptr`. A matrix with a row for each of them, turned on
    its side: that is a counting sort.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    rows = np.arange(len(places) + 1, dtype=np.int32)
    shape = (len(places), int(places.max()) + 1)
    return csr_matrix((carried, places, rows), shape=shape).tocsc()
