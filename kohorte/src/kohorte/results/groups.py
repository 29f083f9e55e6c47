"""Groups of customers side by side, and the reasons that customers gave."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.language import Text
from kohorte.results.numbers import Row


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
class Portion:
    """A share of one of many things, in percent with its interval.

    `times` of `n` did it. `p` is how likely chance alone sets it so far apart from all others,
    corrected for all that were looked at; None where that cannot be told, as of few cases. `reason` is the commonest
    one that was stated.
    """

    name: str
    times: int
    n: int
    value: float
    low: float | None
    high: float | None
    p: float | None
    reason: str | None = None


@dataclass(frozen=True)
class Portions:
    """The largest of many things, and the share of all of them together, None without any.

    `unnamed` counts what happened to something that nobody named.
    """

    each: tuple[Portion, ...]
    together: float | None
    unnamed: int


@dataclass(frozen=True)
class ChannelWorth:
    """What a channel costs and brings over all time.

    `earned` is the gross profit of a customer up to the end of each step since the first order, as
    far as it is known; `payback_days` when it reaches what a new customer cost, None if it does not.
    """

    group: Group
    rows: tuple[Row, ...]
    payback_days: int | None
    earned: tuple[float, ...]


@dataclass(frozen=True)
class Channels:
    """Channels side by side, and by purpose the expenses that name none."""

    each: tuple[ChannelWorth, ...]
    unassigned: dict[str, float]
