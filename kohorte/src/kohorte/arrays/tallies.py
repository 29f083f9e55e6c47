"""How often each number occurs in an array, and what stands beside it adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]


@dataclass(frozen=True)
class Tally:
    """The numbers that occur, rising, and the sums of what stands beside each; `count` is how often."""

    places: Array
    sums: dict[str, Array]


def count(places: Array, *, size: int) -> Array:
    """Return how many of the places are each of the numbers below `size`."""
    import numpy as np

    return total(np.ones(len(places), dtype=np.int32), places, size=size).astype(np.int64)


def total(values: Array, places: Array, *, size: int) -> Array:
    """Return what the values at each of the places below `size` add up to, in their order.

    A matrix of one column times one, which lets other threads run meanwhile as counting does not.
    """
    import numpy as np
    from scipy.sparse import csc_array

    bounds = np.array([0, len(places)], dtype=places.dtype)
    column = csc_array((values, places, bounds), shape=(size, 1))
    return np.asarray(column @ np.ones(1, dtype=values.dtype))


def grouped(places: Array, *, size: int, **values: Array) -> Tally:
    """Return for each of the places that occur how often it does, and what the values add up to."""
    import numpy as np

    counts = count(places, size=size)
    found = np.flatnonzero(counts)
    sums = {name: total(column, places, size=size)[found] for name, column in values.items()}
    return Tally(found, {"count": counts[found], **sums})


def together(pieces: Sequence[Tally]) -> Tally:
    """Return the sums of the tallies of all pieces, added in their order."""
    import numpy as np

    places, back = np.unique(np.concatenate([one.places for one in pieces]), return_inverse=True)
    return Tally(
        places,
        {
            name: total(np.concatenate([one.sums[name] for one in pieces]), back, size=len(places))
            for name in pieces[0].sums
        },
    )
