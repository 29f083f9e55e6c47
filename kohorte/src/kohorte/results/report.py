"""Everything that a report shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kohorte.language import Text
from kohorte.results.customers import CohortGrid, Rfm, Survival
from kohorte.results.files import Exclusion, FileReading
from kohorte.results.groups import Breakdown, Reasons
from kohorte.results.numbers import Move, Movement, Row
from kohorte.results.outlook import Outlook
from kohorte.results.quality import Finding, Score
from kohorte.results.voices import Proof, Voices
from kohorte.yardsticks import Beside, Restatement, Target, Verdict


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
    `survival` holds the curves to the second, third and fourth order, `reasons` what customers said,
    `outlook` what the present customers will bring, `voices` what surveys say, `trial` what a trial showed.
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
    outlook: Outlook | None = None
    note: Text | None = None
    voices: tuple[Voices, ...] = ()
    trial: Proof | None = None
