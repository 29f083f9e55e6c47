"""One number of a metric, and how numbers move: over time, by cause."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from kohorte.language import Sentence

Grain = Literal["day", "week", "month", "quarter", "year", "all"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year", "all")
Unit = Literal["percent", "count", "money", "ratio", "points", "hours", "days"]


@dataclass(frozen=True)
class Row:
    """One number: a metric in one period and one segment, with its interval.

    `value` is None where it cannot be known; `reason` then says why. `n` counts what the metric's
    denominator counts. `complete` is False for a period that had not ended when the data did, or
    whose customers have not been observed long enough.
    """

    metric: str
    grain: Grain
    period: str
    starts_on: dt.date
    ends_on: dt.date
    segment: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    complete: bool
    reason: Sentence | None = None


@dataclass(frozen=True)
class Movement:
    """Who came and went between the start of the retention period and the end of a period.

    `active_at_start` + `new` + `reactivated` − `lost` = `active_at_end`. None is not known: who
    is active takes w days of data before, who came and went takes p days more. While the data
    reach back less than another w days, `new` may hold customers who came back:
    `new_may_hold_returned` is then True.
    """

    grain: Grain
    period: str
    starts_on: dt.date
    ends_on: dt.date
    active_at_start: int | None
    new: int | None
    reactivated: int | None
    lost: int | None
    active_at_end: int | None
    new_may_hold_returned: bool = False


@dataclass(frozen=True)
class Cause:
    """What one group did to the move of a value: by its weight (`mix`) and by its own value (`rate`).

    Both are in the unit of the value, None where the value is no sum and no mean of the groups.
    """

    group: str | None
    rest: bool
    mix: float | None
    rate: float | None
    before: Row
    after: Row


@dataclass(frozen=True)
class Decomposition:
    """Why a value moved from one period to another, the largest cause first, and the rest.

    `kind` says whether the groups add up to the value (`total`), average to it by their n
    (`mean`), or neither; then nothing is explained and all is the rest.
    """

    before: Row
    after: Row
    kind: Literal["total", "mean", "neither"]
    causes: tuple[Cause, ...]
    rest: float


@dataclass(frozen=True)
class Move:
    """How a metric moved into its last whole period, from the one before or from a year before.

    `p` is how likely chance alone would do that, corrected for all moves that were looked at.
    """

    before: Row
    after: Row
    p: float
