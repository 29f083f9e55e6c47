"""What a number is held against: a target, a published figure, another tool, an earlier report.

Values are in the unit of their metric: percent from 0 to 100, money in major units.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kohorte.language import Sentence, Text
    from kohorte.results import Grain, Row


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the shop wants a metric to be, in the periods that lie in a range of days.

    `grain` None is every grain. `since` and `until` are the first and the last day of the range;
    None is open.
    """

    metric: str
    value: float
    grain: Grain | None = None
    segment: str = "all"
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True)
class Verdict:
    """How a number stands to its target.

    `distance` is the value less the target. `is_reached` is None for a metric of which neither more
    nor less is better; `is_within_chance` is None where the number has no interval.
    """

    target: Target
    grain: Grain
    period: str
    value: float
    distance: float
    is_reached: bool | None
    is_within_chance: bool | None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A published figure with its source; `low` and `high` are equal unless it is a range.

    `published_on` is a day, empty where only the year of the figure is known. `requires` holds the
    settings with which our metric means the same. A figure that never means the same has a
    `difference` that says why.
    """

    metric: str
    segment: str = "all"
    low: float
    high: float
    grains: tuple[Grain, ...]
    whose: Text
    region: Text
    year: int
    means: Text
    source: str
    address: str
    published_on: str = ""
    requires: dict[str, int] = field(default_factory=dict)
    difference: Text | None = None


@dataclass(frozen=True)
class Beside:
    """A published figure with the shop's own number beside it."""

    figure: Figure
    row: Row


@dataclass(frozen=True)
class Step:
    """One step from one number to another: what changed, by how much, and the value after it."""

    slug: str
    name: Sentence
    amount: float
    value: float


@dataclass(frozen=True)
class Bridge:
    """The way from another tool's number to ours.

    `told` is what the user read in the other tool, `theirs` what its definition gives on these
    data; what lies between them no step explains. `theirs` and all steps add up to `ours`.
    """

    metric: str
    tool: Text
    formula: Text
    source: Text
    first_on: dt.date
    last_on: dt.date
    told: float | None
    theirs: float
    steps: tuple[Step, ...]
    ours: float
    notes: tuple[Sentence, ...] = ()

    @property
    def unexplained(self) -> float | None:
        """What is between the number that was read and the definition's on these data."""
        return None if self.told is None else self.theirs - self.told


@dataclass(frozen=True)
class Restated:
    """One number of an earlier report that is another one now: `before` and all steps are `after`."""

    metric: str
    grain: Grain
    period: str
    starts_on: dt.date
    before: float
    after: float
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Restatement:
    """How the numbers that an earlier report gave have changed since.

    `checked` numbers were compared, `changed` of them are others now; `numbers` explains the last
    changed month of each metric. `refused` says why nothing could be compared.
    """

    made_on: dt.date | None
    last_on: dt.date | None
    checked: int = 0
    changed: int = 0
    numbers: tuple[Restated, ...] = ()
    refused: Sentence | None = None
