"""Who bought in which period: a table with a row for every customer and a cell for every period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays import numbers
from kohorte.engine import Engine

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# With fewer masks SQL takes less time than loading arrays does.
MASKS_AT_LEAST = 20_000
# Cells, and so bytes, that the table may have: with up to 62 periods enough for 24 million numbers.
CELLS_AT_MOST = 1_500_000_000

_LAST = "SELECT MAX(period) AS last FROM periods"
_CELLS = """
SELECT CAST((o.customer_id - $low) * $width + c.period AS UINTEGER) AS cell
FROM counted_orders AS o
JOIN calendar AS c ON c.day = o.day
WHERE o.customer_id IS NOT NULL
"""
_COUNTS = """
SELECT mask, COUNT(*) AS customers, COUNT(*) FILTER (WHERE is_repeater) AS repeaters
FROM given
WHERE mask <> 0
GROUP BY mask
"""
# Orders looked at together, so that what is reckoned on the way stays small.
_PIECE = 1 << 22


def mask_counts(engine: Engine) -> tuple[str, ...]:
    """Write `mask_counts`, or nothing where customers are no rows of a table."""
    found = numbers.of(engine)
    width = 8 * (engine.rows(_LAST)[0]["last"] // 8 + 1)
    if found is None or found.size * width > CELLS_AT_MOST:
        return ()
    cells = engine.cursor(_CELLS, {"low": found.low, "width": width}).fetchnumpy()["cell"]
    masks, repeaters = _masks(cells, size=found.size, width=width)
    engine.write_arrays("mask_counts", _COUNTS, {"mask": masks, "is_repeater": repeaters})
    return ("mask_counts",)


def _masks(cells: Array, *, size: int, width: int) -> tuple[Array, Array]:
    """Return the periods of every customer as bits, and whether they have two orders or more."""
    import numpy as np

    bought = np.zeros(size * width, dtype=np.uint8)
    once = np.zeros(size, dtype=bool)
    repeaters = np.zeros(size, dtype=bool)
    for start in range(0, len(cells), _PIECE):
        piece = cells[start : start + _PIECE]
        bought[piece] = 1
        orders = np.bincount(piece // np.uint32(width), minlength=size)
        repeaters |= (orders > 1) | (once & (orders > 0))
        once |= orders > 0
    masks = np.zeros((size, 8), dtype=np.uint8)
    masks[:, : width // 8] = np.packbits(bought, bitorder="little").reshape(size, width // 8)
    return masks.view("<i8").reshape(size), repeaters


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
    masks = found["mask"].astype("<i8").view(np.uint8).reshape(-1, 8).T.astype(np.int64)
    customers = found["customers"].astype(np.float64)
    bits = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(np.float64)
    together = np.zeros((64, 64))
    for a in range(8):
        for b in range(a, 8):
            if not masks[a].any() or not masks[b].any():
                continue
            cases = np.bincount(masks[a] << 8 | masks[b], weights=customers, minlength=1 << 16)
            together[8 * a : 8 * a + 8, 8 * b : 8 * b + 8] = bits.T @ cases.reshape(256, 256) @ bits
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
