"""How customers stay: cohorts, the RFM map, the curves until they come again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from kohorte.language import Text
from kohorte.results.numbers import Grain


@dataclass(frozen=True)
class Cohort:
    """Customers by the period of their first counted order and what they did at each age.

    The tuples run over age 0, 1, 2 …; None is *not observed yet*, never 0. `complete[age]` is
    False where only part of the age has been observed.
    """

    period: str
    starts_on: dt.date
    size: int
    customers: tuple[int | None, ...]
    orders: tuple[int | None, ...]
    revenue: tuple[float | None, ...]
    complete: tuple[bool, ...]
    may_hold_older_customers: bool


@dataclass(frozen=True)
class CohortGrid:
    """All cohorts of one grain. `age` is `calendar` (periods) or `rolling` (blocks of days)."""

    grain: Grain
    age: Literal["calendar", "rolling"]
    age_days: int | None
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True)
class RfmGroup:
    """A named group of customers by recency, frequency and monetary value."""

    slug: str
    name: Text
    meaning: Text
    customers: int
    orders: int
    revenue: float
    median_recency_days: float


@dataclass(frozen=True)
class Rfm:
    """The RFM map: groups, the cells they are made of, and the thresholds kept for next time.

    `cells[(recency_score, frequency_score)]` counts customers; scores run from 1 (worst) to 5.
    `thresholds` maps recency, frequency and monetary to the four upper bounds between the scores.
    """

    as_of: dt.date
    customers: int
    groups: tuple[RfmGroup, ...]
    cells: dict[tuple[int, int], int]
    thresholds: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class SurvivalPoint:
    """One day of a survival curve, counted from the order before.

    `at_risk` had waited so long without the order; of them `came` ordered on this day, and of
    `waiting` nothing is known beyond it. `returned` is the share of all who have ordered by then,
    as if nobody were lost from sight, with its pointwise band.
    """

    day: int
    at_risk: int
    came: int
    waiting: int
    returned: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Survival:
    """How long customers take to order number `to_order` after the one before, by Kaplan–Meier."""

    to_order: int
    customers: int
    points: tuple[SurvivalPoint, ...]

    def by(self, day: int) -> SurvivalPoint | None:
        """Return the last point up to a day; None beyond the longest observation.

        Where everybody has ordered the curve has ended, and nothing beyond is left to observe.
        """
        if not self.points or (day > self.points[-1].day and self.points[-1].returned < 1):
            return None
        nobody_yet = SurvivalPoint(0, self.customers, 0, 0, 0.0, None, None)
        return next((point for point in reversed(self.points) if point.day <= day), nobody_yet)

    def watched(self, day: int) -> int:
        """Return how many had waited until a day without the order, that day included."""
        return sum(point.came + point.waiting for point in self.points if point.day >= day)

    def quantile(self, share: float) -> int | None:
        """Return the day by which a share of the customers has ordered; None if that is not reached."""
        return next((point.day for point in self.points if point.returned >= share - 1e-12), None)


@dataclass(frozen=True)
class LogRank:
    """The test whether groups take equally long to order again."""

    statistic: float
    degrees: int
    p: float
    groups: tuple[str, ...]
