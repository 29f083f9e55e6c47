"""How long customers waited after each day, counted by laying equal waits side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kohorte.arrays.stretches import NO_DAY

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

# The first purchase day of a customer, the second, the third, and all later ones stand apart.
_LAST_NTH = 4


def encoded(day: Array, nth: Array, pause: Array, *, history_start: int, span: int) -> Array:
    """Return each wait as a whole number: the day, which purchase day it was, and the days to the next.

    No days stand for those who wait still. Where the next order is of the same day, nobody waits:
    there the number is negative. Days are fewer than 2¹⁴, so that all this takes 30 bits.
    """
    import numpy as np

    found = (day - history_start) * _LAST_NTH
    found += np.minimum(nth, _LAST_NTH) - 1
    found *= span
    found[pause == 0] = NO_DAY
    found += np.where(pause == -NO_DAY, 0, pause)
    return found


def counted(codes: Array, *, history_start: int, history_end: int, span: int) -> dict[str, Array]:
    """Return the columns of `wait_counts` from rising numbers."""
    import numpy as np

    codes = codes[np.searchsorted(codes, 0) :]
    starts = np.flatnonzero(np.diff(codes, prepend=np.int32(-1)))
    count = np.diff(starts, append=len(codes))
    row, pause = np.divmod(codes[starts], span)
    day = history_start + row // _LAST_NTH
    has_come = pause > 0
    return {
        "day": day,
        "nth": 1 + row % _LAST_NTH,
        "days": np.where(has_come, pause, history_end - 1 - day),
        "came": np.where(has_come, count, 0),
        "waiting": np.where(has_come, 0, count),
    }
