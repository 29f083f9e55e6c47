"""What a survey says, as plain records: numbers of each question, groups, weights, trend, drivers, plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from kohorte.intervals import Estimate
from kohorte.language import Sentence
from kohorte.results import Grain
from kohorte.surveys.drivers import Drivers
from kohorte.surveys.foretelling import Foretelling
from kohorte.surveys.planning import Quota
from kohorte.surveys.scales import Variant
from kohorte.surveys.scores import Question, Score
from kohorte.surveys.silence import Silence
from kohorte.surveys.trend import Trend
from kohorte.surveys.written import Written

Way = Literal["file", "silence", "groups", "rfm"]
RFM = "rfm_group"
# The score ± so many points: what a plan is asked for.
WIDTHS = (10, 5, 3)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a survey is to be read.

    Parameters
    ----------
    variant
        Of effort: the number that is the headline.
    top
        Of satisfaction: how many of the best scores count.
    by
        Columns by which answers are told apart.
    weigh_by, population
        The column whose groups have the sizes of a population, or `rfm_group` for those of the orders.
    drivers
        The columns that may go with the score; without them those that look like ratings.
    comments
        Whether to read what customers wrote.
    grain
        Of the trend.
    """

    variant: Variant = "index"
    top: int | None = None
    by: Sequence[str] = ()
    weigh_by: str | None = None
    population: Mapping[str, float] = field(default_factory=dict)
    drivers: Sequence[str] = ()
    comments: bool = False
    grain: Grain | None = None
    week_start: int = 1
    confidence_percent: float = 95


@dataclass(frozen=True)
class Numbers:
    """A question with its numbers, the headline first.

    Parameters
    ----------
    counts
        How many chose each score, from the lowest of the scale.
    effective
        As many answers of equal weight would be as sure; None without weights.
    """

    question: Question
    text: str
    lowest: int
    highest: int
    good: str
    n: int
    counts: tuple[int, ...]
    off_scale: int
    effective: float | None
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Part:
    """The headline of a group of answers."""

    name: str
    n: int
    plain: Estimate
    weighted: Estimate | None


@dataclass(frozen=True)
class Parts:
    """Groups of answers side by side; `p` is how likely chance alone makes them differ so."""

    by: str
    parts: tuple[Part, ...]
    p: float | None


@dataclass(frozen=True)
class Planned:
    """How many answers the headline takes to be sure to ± so many points, at the spread it has now.

    Parameters
    ----------
    now
        ± how many points it is sure to.
    answers, invitations
        By width; invitations where it is known how many answer.
    quota
        How many to ask a day for ±10 points in each time of rest, where the customers are known too.
    """

    question: Question
    now: float
    answers: Mapping[int, int]
    invitations: Mapping[int, int]
    rest_days: int
    family_rest_days: int
    quota: Quota | None = None


@dataclass(frozen=True)
class Survey:
    """What a survey says.

    Parameters
    ----------
    numbers
        Of every question, the one that the rest is about first.
    rate
        How many of those asked answered, in percent; None where nobody knows.
    way, weighed
        By what the answers were weighed, and how those who answered differ from the others before and after.
    silent
        Why a part is missing, by its name.
    """

    name: str
    numbers: tuple[Numbers, ...]
    asked: int | None
    rate: Estimate | None
    way: Way | None
    weighed: Silence | None
    trend: Trend | None
    groups: tuple[Parts, ...]
    drivers: Drivers | None
    foretelling: Foretelling | None
    days: int | None
    written: Written | None
    comments: int
    plan: Planned
    silent: Mapping[str, Sentence]

    @property
    def first(self) -> Numbers:
        """The question that the reading is about."""
        return self.numbers[0]
