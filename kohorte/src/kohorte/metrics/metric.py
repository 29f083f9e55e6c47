"""What a metric is: its words, its SQL, and how its sums become a value with an interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kohorte import intervals
from kohorte.intervals import NOTHING, Estimate
from kohorte.language import Text
from kohorte.results import Unit
from kohorte.settings import Settings

Sums = Sequence[Mapping[str, Any]]
Estimator = Callable[[Sums, Settings], Estimate]
Chapter = Literal[
    "retention",
    "repeat",
    "orders",
    "value",
    "totals",
    "contracts",
    "voices",
    "service",
    "growth",
    "returns",
]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric: everything that the web, the command line, docs and tests say about it.

    Parameters
    ----------
    slug, name, sentence, formula
        Its identifier, its name, the one sentence a shop owner would say, and the formula.
    denominator
        What `n` counts.
    unit
        `percent` (0 to 100), `count`, `money` (minor units in the sums), `ratio`, `points` (−100 to
        100), `hours` or `days`.
    direction
        Whether more is better (`up`), worse (`down`) or neither (`none`).
    censoring
        What is left empty because it has not been observed, and why.
    source
        Where the definition comes from.
    needs
        Inputs without which it is not computed: `amounts`, `units`, `margin`, `costs`, or a table beside the
        orders, such as `subscriptions`.
    select
        SQL on relations; returns `period`, `segment`, `n` and the sums, no row where unobserved,
        and `complete` where the metric itself knows that not all of a period has been observed.
    estimate
        Turns the sums of one period and segment into a value with an interval.
    behind
        SQL for one period: the customers behind the number, with `numerator` and `denominator`.
        Bound: `$starts_day`, `$ends_day` (exclusive, both cut to the data), `$at_day`, and the
        same period a year before: `$before_starts_day`, `$before_ends_day`.
    orders_from
        Which orders of these customers lie behind it: those of the `period`, of `both` windows
        (w + p days) before its end, of the period and the repeat window `after` it, of the period
        and the `year` after it, of the period and all `since`, of the w days before its start and
        all after them (`around`), or `none`.
    segments
        The segments that `select` can return.
    by_channel
        Of a metric that takes expenses: the segments in which the expenses of a channel are for its
        customers alone.
    floor
        What the value cannot be below; its interval is cut there.
    absent, undefined
        What stands where `select` returns no row (a sentence of `evaluate.MISSING`, or `zero`
        for plain totals), and where it does but the formula has no result.
    """

    slug: str
    rank: int
    chapter: Chapter
    name: Text
    sentence: Text
    formula: Text
    denominator: Text
    unit: Unit
    direction: Literal["up", "down", "none"]
    censoring: Text
    source: Text
    select: str
    estimate: Estimator
    behind: str
    orders_from: Literal["period", "both", "after", "year", "since", "around", "none"] = "period"
    needs: frozenset[str] = frozenset()
    segments: tuple[str, ...] = ("all",)
    by_channel: tuple[str, ...] = ()
    floor: float = 0.0
    absent: str = "nobody"
    undefined: str = "nobody"

    @property
    def sql(self) -> str:
        """The select as it is shown: on relations, without them in front."""
        return self.select.strip()


def is_known(row: Mapping[str, Any], *names: str) -> bool:
    """Return whether sums are known: those over orders of which none tells its amount are not.

    >>> is_known({"revenue": None, "n": 3}, "n"), is_known({"revenue": None, "n": 3}, "revenue")
    (True, False)
    """
    return all(row[name] is not None for name in names)


def share(k: str, *, of: str = "n", unless: str | None = None) -> Estimator:
    """Return an estimator of `k` in `of` as a percentage, Wilson's interval.

    Where `k` is not known, `unless` is the reason.
    """

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        if row[k] is None:
            return Estimate(None, why=unless)
        return intervals.share(int(row[k]), int(row[of]), z=_z(settings)).times(100)

    return estimate


def mean(total: str, *, squares: str, of: str = "n") -> Estimator:
    """Return an estimator of the mean over `of` customers."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        if not row[of] or not is_known(row, total, squares):
            return NOTHING
        return intervals.mean(
            int(row[of]), total=float(row[total]), squares=float(row[squares]), z=_z(settings)
        )

    return estimate


def ratio(y: str, x: str, *, yy: str, xy: str, xx: str, of: str) -> Estimator:
    """Return an estimator of Σy / Σx with `of` customers as clusters."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        if not is_known(sums[0], y, x, yy, xy, xx):
            return NOTHING
        row = {name: float(sums[0][name]) for name in (y, x, yy, xy, xx)}
        return intervals.ratio(
            int(sums[0][of]),
            y=row[y],
            x=row[x],
            yy=row[yy],
            xy=row[xy],
            xx=row[xx],
            z=_z(settings),
        )

    return estimate


def percent_of(y: str, x: str, *, yy: str, xy: str, xx: str, of: str) -> Estimator:
    """Return an estimator of Σy / Σx as a percentage with `of` customers as clusters."""
    estimate = ratio(y, x, yy=yy, xy=xy, xx=xx, of=of)

    def percent(sums: Sums, settings: Settings) -> Estimate:
        return estimate(sums, settings).times(100)

    return percent


def census(total: str) -> Estimator:
    """Return an estimator of a plain total: everything was counted, there is no interval."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        return Estimate(float(sums[0][total])) if is_known(sums[0], total) else NOTHING

    return estimate


def _z(settings: Settings) -> float:
    return intervals.quantile(settings.confidence_percent)
