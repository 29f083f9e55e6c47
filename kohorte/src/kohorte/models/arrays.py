"""Arrays as the models take them: 64-bit floats, one number per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

# So many rows at a time stay in the processor's cache while they are worked on. Of more than 10,000 numbers
# OpenBLAS lets all threads add up a part: on a busy machine they wait for each other longer than they add.
BLOCK = 1 << 13
# A table by key is faster than sorting as long as it is not much larger than what it serves.
_LARGEST_TABLE = 1 << 22


def column(values: object) -> Array:
    """Return one column of numbers as a flat array of floats."""
    if isinstance(values, Iterable) and not isinstance(values, np.ndarray):
        values = list(values)
    return np.ascontiguousarray(np.atleast_1d(np.asarray(values, dtype=np.float64)).ravel())


def blocks(rows: int, *, size: int = BLOCK) -> Iterator[slice]:
    """Return slices that cover so many rows, each small enough for the cache."""
    for start in range(0, rows, size):
        yield slice(start, min(start + size, rows))


def are_whole(*columns: Array) -> bool:
    """Return whether all numbers are whole and small enough to be keys."""
    return all(
        bool(np.all((each >= 0) & (each < 1 << 20) & (each == np.floor(each)))) for each in columns
    )


def distinct(*columns: Array) -> tuple[tuple[Array, ...], Whole]:
    """Return the distinct rows of several columns, and for each row which of them it is.

    Examples
    --------
    >>> (first, second), place = distinct(np.array([3.0, 1.0, 3.0]), np.array([0.0, 0.0, 0.0]))
    >>> first[place].tolist()
    [3.0, 1.0, 3.0]
    """
    if not len(columns[0]):
        return columns, np.zeros(0, dtype=np.int64)
    if are_whole(*columns):
        key, sizes = _keys(columns)
        size = int(np.prod([float(each) for each in sizes]))
        if size <= _LARGEST_TABLE:
            present = np.zeros(size, dtype=bool)
            present[key] = True
            found = np.flatnonzero(present)
            place = np.zeros(size, dtype=np.int64)
            place[found] = np.arange(len(found))
            return _columns(found, sizes), place[key]
        found, inverse = np.unique(key, return_inverse=True)
        return _columns(found, sizes), inverse.reshape(-1)
    rows, inverse = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    return tuple(np.ascontiguousarray(each) for each in rows.T), inverse.reshape(-1)


def by_level(function: Callable[[Array], Array], values: Array) -> Array:
    """Return a function of every value, computed once for each distinct one.

    Examples
    --------
    >>> by_level(np.sqrt, np.array([4.0, 9.0, 4.0])).tolist()
    [2.0, 3.0, 2.0]
    """
    (levels,), place = distinct(values)
    return np.asarray(function(levels)[place])


def counted(*columns: Array, weights: Array | None = None) -> tuple[tuple[Array, ...], Array]:
    """Return the distinct rows of several columns with how much each of them weighs.

    Examples
    --------
    >>> (values,), weights = counted(np.array([3.0, 1.0, 3.0]))
    >>> values.tolist(), weights.tolist()
    ([1.0, 3.0], [1.0, 2.0])
    """
    if not len(columns[0]):
        return columns, np.zeros(0)
    if weights is None and are_whole(*columns):
        key, sizes = _keys(columns)
        found, counts = np.unique(key, return_counts=True)
        return _columns(found, sizes), counts.astype(np.float64)
    rows, place = distinct(*columns)
    return rows, np.bincount(place, weights=weights, minlength=len(rows[0])).astype(np.float64)


def _keys(columns: tuple[Array, ...]) -> tuple[Whole, list[int]]:
    """Return one whole number for each row that tells it from all different ones."""
    sizes = [int(each.max()) + 1 for each in columns]
    key = columns[0].astype(np.int64)
    for each, size in zip(columns[1:], sizes[1:], strict=True):
        key = key * size + each.astype(np.int64)
    return key, sizes


def _columns(keys: Whole, sizes: list[int]) -> tuple[Array, ...]:
    found = []
    for size in reversed(sizes[1:]):
        keys, rest = np.divmod(keys, size)
        found.append(rest.astype(np.float64))
    return (keys.astype(np.float64), *reversed(found))
