"""Who bought in which period: a whole number for every order, whose digits are the customer and the period.

Sorted, they show the periods of a customer side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays import cores, numbers, tallies
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# With fewer masks SQL takes less time than loading arrays does.
MASKS_AT_LEAST = 20_000
# A period takes six bits of a number of 32, and a customer all others.
_BITS = 6
NUMBERS_AT_MOST = 1 << (32 - _BITS)

_CELLS = """
SELECT CAST((o.customer_id - $low) * $width + c.period AS UINTEGER) AS cell
FROM counted_orders AS o
JOIN calendar AS c ON c.day = o.day
WHERE o.customer_id IS NOT NULL
"""
_COUNTS = """
SELECT mask, COUNT(*) AS customers, COUNT(*) FILTER (WHERE is_repeater) AS repeaters
FROM given
GROUP BY mask
"""


def mask_counts(engine: Engine) -> tuple[str, ...]:
    """Write `mask_counts`, or nothing where customers are no digits of a number."""
    import numpy as np

    found = numbers.of(engine)
    if found is None or found.size > NUMBERS_AT_MOST:
        return ()
    bound = {"low": found.low, "width": 1 << _BITS}
    cells = engine.cursor(_CELLS, bound).fetchnumpy()["cell"]
    cores.sort(cells, cores=engine.threads)
    masks = cores.each(_masks, _pieces(cells), cores=engine.threads)
    given = {
        "mask": np.concatenate([mask for mask, _ in masks] or [cells]),
        "is_repeater": np.concatenate([is_repeater for _, is_repeater in masks] or [cells]),
    }
    engine.write_arrays("mask_counts", _COUNTS, given)
    return ("mask_counts",)


def _pieces(cells: Array) -> list[Array]:
    """Return the sorted cells in pieces; no customer is in two of them."""
    import numpy as np

    firsts = cells[:: cores.PIECE] >> _BITS << _BITS
    return np.split(cells, np.unique(np.searchsorted(cells, firsts))[1:]) if len(cells) else []


def _masks(cells: Array) -> tuple[Array, Array]:
    """Return the periods of every customer as bits, and whether they have two orders or more."""
    import numpy as np

    customer = cells >> _BITS
    starts = np.flatnonzero(np.concatenate([[True], customer[1:] != customer[:-1]]))
    is_repeater = np.diff(starts, append=len(cells)) > 1
    once = np.flatnonzero(np.concatenate([[True], cells[1:] != cells[:-1]]))
    begins = np.zeros(len(cells), dtype=bool)
    begins[starts] = True
    owner = np.cumsum(begins, dtype=np.int32)[once] - 1
    bits = np.left_shift(1, cells[once] & ((1 << _BITS) - 1), dtype=np.int64)
    return tallies.total(bits, owner, size=len(starts)), is_repeater


def period_overlaps(engine: Engine) -> tuple[str, ...]:
    """Write `period_overlaps`, or nothing where there are few masks.

    Masks are looked at as bytes. Customers are counted by what two bytes hold together, and each
    of the 65,536 cases says which pairs of periods it stands for.
    """
    engine.keep("mask_counts")
    ((count,),) = engine.cursor("SELECT COUNT(*) FROM mask_counts").fetchall()
    if count < MASKS_AT_LEAST:
        return ()
    import numpy as np

    found = engine.cursor("SELECT mask, customers FROM mask_counts").fetchnumpy()
    masks = found["mask"].astype("<i8").view(np.uint8).reshape(-1, 8).T.astype(np.int32)
    customers = found["customers"].astype(np.float64)
    bits = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(np.float64)
    together = np.zeros((64, 64))

    def overlap(pair: tuple[int, int]) -> None:
        a, b = pair
        cases = tallies.total(customers, masks[a] << 8 | masks[b], size=1 << 16)
        together[8 * a : 8 * a + 8, 8 * b : 8 * b + 8] = bits.T @ cases.reshape(256, 256) @ bits

    used = [number for number in range(8) if masks[number].any()]
    pairs = [(a, b) for a in used for b in used if a <= b]
    cores.each(overlap, pairs, cores=engine.threads)
    periods, later = np.nonzero(np.triu(together))
    engine.write_arrays(
        "period_overlaps",
        "SELECT period, lag, CAST(customers AS HUGEINT) AS customers FROM given",
        {
            "period": periods.astype(np.int32),
            "lag": (later - periods).astype(np.int32),
            "customers": together[periods, later].round().astype(np.int64),
        },
    )
    return ("period_overlaps",)
