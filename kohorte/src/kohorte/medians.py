"""Medians of values that come with how often they occur."""

from __future__ import annotations

from collections.abc import Iterable


def median(counted: Iterable[tuple[float, int]]) -> float | None:
    """Return the median of (value, count) pairs; of two middle values the one between them.

    >>> median([(10, 1), (30, 2), (50, 1)]), median([(1, 1), (2, 1)]), median([])
    (30.0, 1.5, None)
    """
    ordered = sorted(counted)
    total = sum(count for _, count in ordered)
    if total == 0:
        return None
    return (_ranked(ordered, (total + 1) // 2) + _ranked(ordered, total // 2 + 1)) / 2


def _ranked(ordered: list[tuple[float, int]], rank: int) -> float:
    seen = 0
    for value, count in ordered:
        seen += count
        if seen >= rank:
            return value
    return ordered[-1][0]
