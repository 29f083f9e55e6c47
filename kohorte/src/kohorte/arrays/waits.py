"""How long customers waited after each day, counted in a table with a row for each day and a cell for each pause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# Each day has a row for the first purchase day of a customer, the second, the third, and all later ones.
_ROWS = 4
# Cells that the table may have: enough for eleven years.
CELLS_AT_MOST = 64_000_000


def counted(purchases: Mapping[str, Array], *, no_day: int, history_end: int) -> dict[str, Array]:
    """Return the columns of `wait_counts`; none where the history is too long for a table.

    Parameters
    ----------
    purchases
        Columns of `purchases`; a `next_day` that is `no_day` is missing.
    """
    import numpy as np

    day, next_day = purchases["day"], purchases["next_day"]
    start = int(day.min())
    span = int(day.max()) - start + 1
    if _ROWS * span * span > CELLS_AT_MOST:
        return {}
    row = (day - start) * _ROWS + np.minimum(purchases["nth"], _ROWS) - 1
    has_come = next_day > day
    cells = np.bincount(row[has_come] * span + (next_day - day)[has_come])
    waiting = np.bincount(row[next_day == no_day])
    found, left = np.flatnonzero(cells), np.flatnonzero(waiting)
    rows = np.concatenate([found // span, left])
    days = start + rows // _ROWS
    return {
        "day": days,
        "nth": 1 + rows % _ROWS,
        "days": np.concatenate([found % span, history_end - 1 - days[len(found) :]]),
        "came": np.concatenate([cells[found], np.zeros_like(left)]),
        "waiting": np.concatenate([np.zeros_like(found), waiting[left]]),
    }
