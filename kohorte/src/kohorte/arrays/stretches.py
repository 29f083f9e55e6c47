"""The orders of each customer side by side, in the order of their days: a stretch for each customer.

Customer, day and place of an order are the digits of one whole number; sorting these numbers lays the orders out. Neighbors
are then one place away, and what adds up to a customer is one stretch. Stretches are looked at in pieces of a million
orders.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from kohorte.arrays import cores, numbers
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# Arrays take about 80 bytes for each order, and nothing of them can be written to the disk.
ORDERS_AT_MOST = 16_000_000
# What stands for no day before, and with the other sign for no day after; between them and a day lies no overflow.
NO_DAY = -(1 << 30)

# Bits of a whole number that stay clear of its sign.
_BITS = 62
_ORDERS = """
SELECT
  CAST(customer_id - $low AS BIGINT) * $days_width + (day - $history_start) AS place,
  revenue_minor,
  CAST(units AS DOUBLE) AS units
FROM counted_orders
WHERE customer_id IS NOT NULL
"""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Piece:
    """Some customers that stand side by side, and their orders.

    `who` are the numbers of the customers, `starts` the places where their stretches begin within
    the piece, and `orders` how many they have.
    """

    who: Array
    starts: Array
    orders: Array
    day: Array
    revenue_minor: Array
    units: Array
    place: slice
    customers: slice

    def owners(self) -> Array:
        """Return for each order which of the piece's customers it belongs to."""
        import numpy as np

        begins = np.zeros(len(self.day), dtype=bool)
        begins[self.starts] = True
        found = np.cumsum(begins, dtype=np.int32)
        found -= 1
        return found

    def pauses(self) -> Array:
        """Return the days from each order to the customer's next one; endless after the last."""
        import numpy as np

        found = np.empty_like(self.day)
        np.subtract(self.day[1:], self.day[:-1], out=found[:-1])
        found[self.starts[1:] - 1] = -NO_DAY
        found[-1:] = -NO_DAY
        return found


@dataclass(frozen=True)
class Stretches:
    """All orders of known customers, side by side.

    `low` is the number that customer 0 goes by, `cores` how many pieces are looked at at a time.
    """

    low: int
    size: int
    who: Array
    starts: Array
    day: Array
    revenue_minor: Array
    units: Array
    cores: int

    def pieces(self) -> list[Piece]:
        """Return the stretches in pieces; no customer is in two of them."""
        import numpy as np

        wanted = np.arange(0, len(self.day), cores.PIECE)
        cuts = np.unique(np.append(np.searchsorted(self.starts, wanted), len(self.who)))
        return [
            self._piece(*cut) for cut in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        ]

    def _piece(self, begin: int, end: int) -> Piece:
        import numpy as np

        bounds = self.starts[begin : end + 1]
        place = slice(int(bounds[0]), int(bounds[-1]))
        return Piece(
            who=self.who[begin:end],
            starts=bounds[:-1] - bounds[0],
            orders=np.diff(bounds),
            day=self.day[place],
            revenue_minor=self.revenue_minor[place],
            units=self.units[place],
            place=place,
            customers=slice(begin, end),
        )

    def each(self, work: Callable[[Piece], Result]) -> list[Result]:
        """Return what the work makes of each piece, in their order."""
        return cores.each(work, self.pieces(), cores=self.cores)


def of(engine: Engine) -> Stretches | None:
    """Return the stretches of the counted orders; None where arrays cannot hold them.

    That is where orders are too few or too many, customers are not known by numbers that lie close
    together, or only some of the amounts or units are known.
    """
    found = numbers.of(engine)
    if found is None or found.orders > ORDERS_AT_MOST:
        return None
    history_start = int(engine.parameters["history_start"])
    width = int(engine.parameters["history_end"] - history_start).bit_length()
    if found.size.bit_length() + width + found.orders.bit_length() > _BITS:
        return None
    bound = {"low": found.low, "days_width": 1 << width}
    fetched = engine.cursor(_ORDERS, bound).fetchnumpy()
    known = {name: numbers.known(column) for name, column in fetched.items()}
    place, revenue, units = known["place"], known["revenue_minor"], known["units"]
    if place is None or revenue is None or units is None or not len(place):
        return None
    del fetched, known
    return _sorted(
        place, revenue, units, width=width, history_start=history_start, found=found, engine=engine
    )


def _sorted(
    place: Array,
    revenue: Array,
    units: Array,
    *,
    width: int,
    history_start: int,
    found: numbers.Numbers,
    engine: Engine,
) -> Stretches:
    import numpy as np

    count = len(place)
    digits = count.bit_length()
    place <<= digits
    place |= np.arange(count)
    cores.sort(place, cores=engine.threads)
    day = np.empty(count, dtype=np.int32)
    laid_revenue, laid_units = np.empty_like(revenue), np.empty_like(units)

    def laid(begin: int) -> tuple[Array, Array]:
        piece = slice(begin, begin + cores.PIECE)
        order = place[piece] & ((1 << digits) - 1)
        # No place is beyond the end: the mode only spares a copy.
        np.take(revenue, order, out=laid_revenue[piece], mode="clip")
        np.take(units, order, out=laid_units[piece], mode="clip")
        at = place[piece] >> digits
        day[piece] = (at & ((1 << width) - 1)) + history_start
        customer = (at >> width).astype(np.int32)
        before = place[begin - 1] >> (digits + width) if begin else -1
        starts = np.flatnonzero(np.diff(customer, prepend=np.int32(before)))
        return starts + begin, customer[starts]

    stretches = cores.each(laid, range(0, count, cores.PIECE), cores=engine.threads)
    return Stretches(
        low=found.low,
        size=found.size,
        who=np.concatenate([who for _, who in stretches]),
        starts=np.concatenate([*(starts for starts, _ in stretches), [count]]),
        day=day,
        revenue_minor=laid_revenue,
        units=laid_units,
        cores=engine.threads,
    )
