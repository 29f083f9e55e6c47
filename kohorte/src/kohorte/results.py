"""What comes out: plain frozen records that the report, the command line and notebooks share.

Money is in major units of the shop's currency here (`value`, `revenue`), in integer minor units
everywhere before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from kohorte.language import Sentence, Text
from kohorte.yardsticks import Beside, Restatement, Target, Verdict

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


@dataclass(frozen=True)
class Group:
    """Customers who share a value; None is unknown, and `rest` are all smaller groups together."""

    value: str | None
    customers: int
    rest: bool = False


@dataclass(frozen=True)
class Stay:
    """How many of the customers who are old enough ordered at one age; shares in percent.

    `n` are the customers of all cohorts that have lived through the age, `back` those of them who
    ordered in it; `orders` and `revenue` are what they did, None where it is not known.
    """

    age: int
    n: int
    back: int
    percent: float
    low: float | None
    high: float | None
    orders: int | None
    revenue: float | None


@dataclass(frozen=True)
class Side:
    """One group of a breakdown: its metrics, and how its customers stay."""

    group: Group
    rows: tuple[Row, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class Breakdown:
    """Groups side by side, the largest first, what is not known last.

    `apart` maps metrics to how likely chance alone would make groups differ as they do, corrected
    for all metrics that were looked at.
    """

    dimension: str
    name: Text
    sides: tuple[Side, ...]
    apart: dict[str, float]


@dataclass(frozen=True)
class Reason:
    """A reason in the words of those who stated it: how often, and its share of all stated ones."""

    words: str
    times: int
    percent: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Reasons:
    """Why customers do something, the commonest reason first.

    `kind` is one of `reasons.KINDS`. `given` counts the reasons stated, `silent` the occasions on
    which none was.
    """

    kind: str
    name: Text
    given: int
    silent: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Listing:
    """A table of rows behind a number: customers, orders, or rows left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Guess:
    """What a column was taken for, and why. `score` runs from 0 to 1; a given one has 1."""

    meaning: str
    column: str
    score: float
    reason: Sentence


@dataclass(frozen=True)
class Choice:
    """One answer to a question: what is stored, and what it says."""

    value: str
    says: Sentence | Text


@dataclass(frozen=True)
class Question:
    """What a file leaves open, asked once; the answer is kept in the mapping file.

    `option` names where the answer goes: an option such as `taxes`, or an entry of one of its
    tables, such as `states.Zurückgestellt`. Without choices the answer is free. `assumed` is what
    holds until it is answered, None where nothing can be assumed. `ADVICE` says how to answer.
    """

    ADVICE: ClassVar = Sentence(
        "`kohorte mapping` with the same files asks this once and keeps the answers."
    )

    option: str
    asks: Sentence
    choices: tuple[Choice, ...] = ()
    assumed: str | None = None


@dataclass(frozen=True)
class FileReading:
    """How one file was understood, and what it leaves open."""

    path: str
    layout: str
    layout_name: Text
    rows: int
    encoding: str | None
    delimiter: str | None
    guesses: tuple[Guess, ...]
    remarks: tuple[Sentence, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Exclusion:
    """Rows left out for one reason. `scope` says of what: everything, customer metrics, or revenue.

    `amount` is in major units with the sign of the source; None if amounts are unknown.
    """

    reason: str
    name: Text
    meaning: Text
    scope: Literal["everything", "customer metrics", "revenue"]
    rows: int
    orders: int
    amount: float | None


@dataclass(frozen=True)
class Finding:
    """Something in the data worth knowing: what it is, what it bends, what to do.

    `metrics` are the slugs of the metrics that it bends.
    """

    slug: str
    severity: Literal["note", "warning"]
    what: Sentence
    effect: Sentence
    remedy: Sentence
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScorePart:
    """One part of the score: how much of the data is affected, and the points that this costs."""

    slug: str
    name: Text
    affected_percent: float
    points_lost: float

    @property
    def is_shown(self) -> bool:
        """Whether the loss is more than nothing when written with one decimal."""
        return self.points_lost >= 0.05


@dataclass(frozen=True)
class Score:
    """The quality of the data from 0 to 100: 100 less the points that the parts lose."""

    value: int
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True)
class Counts:
    """The size of what is counted, and the raw sum before anything was left out."""

    rows_read: int
    raw_amount: float | None
    lines: int
    orders: int
    customers: int
    revenue: float | None
    unidentified_orders: int
    unidentified_revenue: float | None
    refunds_without_order: int
    refunds_without_order_amount: float | None


@dataclass(frozen=True)
class Report:
    """Everything the report shows, in no language yet.

    `only` says which customers it is about, where it is not about all of them; `note` is what its
    readers have to know first, such as that some of the data are made up. `unmeasured` are the
    tables beside the orders that are missing, each with the slugs of the metrics that take it.
    `moves` holds every metric whose last whole month was compared, whether it moved or not.
    `verdicts` says how the last whole periods stand to the `targets`, `industry` puts published
    figures beside the shop's own, `restatement` tells what changed since an earlier report.
    `survival` holds the curves to the second, third and fourth order, `reasons` what customers said.
    """

    title: str
    currency: str | None
    first_on: dt.date
    last_on: dt.date
    created_on: dt.date | None
    settings: dict[str, object]
    counts: Counts
    rows: tuple[Row, ...]
    movements: tuple[Movement, ...]
    calendar_cohorts: CohortGrid
    rolling_cohorts: CohortGrid
    rfm: Rfm
    files: tuple[FileReading, ...]
    exclusions: tuple[Exclusion, ...]
    findings: tuple[Finding, ...]
    version: str = field(default="")
    score: Score | None = None
    only: tuple[Text, ...] = ()
    unmeasured: dict[str, tuple[str, ...]] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    targets: tuple[Target, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    industry: tuple[Beside, ...] = ()
    restatement: Restatement | None = None
    survival: tuple[Survival, ...] = ()
    reasons: tuple[Reasons, ...] = ()
    note: Text | None = None
