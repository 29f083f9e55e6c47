"""Short ways to relations for many orders, along arrays.

Where customers are known by whole numbers that lie close together, a number is a place in an array and nobody is
searched for. A relation's SQL says what comes out; a way writes the table of that relation with the same rows, or leaves
it to SQL. Tests hold both to the same rows. A shop is asked the same questions with or without this package.
"""

from __future__ import annotations

from collections.abc import Mapping

from kohorte.arrays import days, neighbors, presence, runs
from kohorte.engine import Way

WAYS: Mapping[str, Way] = {
    "purchases": neighbors.purchases,
    "group_days": days.group_days,
    **dict.fromkeys(runs.WRITTEN, runs.sums),
    "mask_counts": presence.mask_counts,
    "period_overlaps": presence.period_overlaps,
}
