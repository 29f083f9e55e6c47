"""Whether customers are known by numbers that can be places in an array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# With fewer orders SQL takes less time than loading arrays does.
ORDERS_AT_LEAST = 1_000_000

_BOUNDS = "SELECT COUNT(*) AS orders, MIN(customer_id) AS low, MAX(customer_id) AS high FROM orders"


@dataclass(frozen=True)
class Numbers:
    """The lowest number of a customer, how many there are up to the highest, and the orders."""

    low: int
    size: int
    orders: int


def of(engine: Engine) -> Numbers | None:
    """Return the numbers of the customers; None where orders are few, numbers far apart, or none."""
    (found,) = engine.rows(_BOUNDS)
    low, high, orders = found["low"], found["high"], found["orders"]
    if orders < ORDERS_AT_LEAST or not isinstance(low, int) or not isinstance(high, int):
        return None
    size = high - low + 1
    return Numbers(low, size, orders) if size <= orders else None


def known(column: Array) -> Array | None:
    """Return a column without gaps; None if it has some."""
    import numpy as np

    return None if np.ma.is_masked(column) else np.ma.getdata(column)
