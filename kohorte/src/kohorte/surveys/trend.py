"""A score period by period, and which of its moves are more than chance."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kohorte import differences, periods
from kohorte.intervals import Estimate
from kohorte.models.arrays import Truth
from kohorte.periods import Span
from kohorte.results import Grain

_MANY = 36


@dataclass(frozen=True)
class Step:
    """The score of one period.

    Parameters
    ----------
    label, starts_on
        The period.
    n
        Answers.
    found
        The score with its range; nothing where nobody answered.
    moved
        Whether it differs from the period before by more than chance, for having looked at all of them
        (Holm); None where either has no range.
    """

    label: str
    starts_on: dt.date
    n: int
    found: Estimate
    moved: bool | None


@dataclass(frozen=True)
class Trend:
    """A score over time; `noise` is the change from one period to the next that chance alone makes."""

    grain: Grain
    steps: tuple[Step, ...]
    noise: float | None

    @property
    def moves(self) -> list[Step]:
        """The periods that differ from the one before by more than chance."""
        return [step for step in self.steps if step.moved]


def grain_of(days: Sequence[dt.date]) -> Grain:
    """Return the finest of month, quarter and year that gives no more than 36 periods.

    >>> grain_of([dt.date(2020, 1, 1), dt.date(2026, 1, 1)])
    'quarter'
    """
    for grain in ("month", "quarter"):
        if len(periods.cut(grain, Span(min(days), max(days) + dt.timedelta(days=1)))) <= _MANY:
            return grain
    return "year"


def of(
    days: Sequence[dt.date | None],
    answered: Truth,
    score: Callable[[Truth], Estimate],
    *,
    grain: Grain | None = None,
    week_start: int = 1,
    confidence_percent: float = 95,
) -> Trend | None:
    """Return the score of each period; None where fewer than two periods have answers.

    Neighbours are compared as `differences.limits` compares ranges, and the probabilities corrected for
    all comparisons, so that in a shop where nothing changes hardly ever a move is told.

    Parameters
    ----------
    days
        When each row was answered.
    answered
        Which rows count.
    score
        Returns the score of some rows.
    """
    told = [day for day, counts in zip(days, answered, strict=False) if counts and day]
    if not told:
        return None
    grain = grain or grain_of(told)
    cut = periods.cut(
        grain, Span(min(told), max(told) + dt.timedelta(days=1)), week_start=week_start
    )
    numbers = np.array([periods.day_number(day) if day else -1 for day in days])
    found: list[tuple[periods.Period, int, Estimate]] = []
    for period in cut:
        first, last = periods.day_number(period.starts_on), periods.day_number(period.ends_on)
        inside = answered & (numbers >= first) & (numbers < last)
        n = int(inside.sum())
        found.append((period, n, score(inside) if n else Estimate(None)))
    if sum(n > 0 for _, n, _ in found) < 2:
        return None
    chances = {
        place: p
        for place in range(1, len(found))
        if (
            p := differences.probability(
                found[place][2], found[place - 1][2], confidence_percent=confidence_percent
            )
        )
        is not None
    }
    sure = differences.together(chances)
    steps = tuple(
        Step(
            period.label,
            period.starts_on,
            n,
            each,
            sure[place] < 1 - confidence_percent / 100 if place in sure else None,
        )
        for place, (period, n, each) in enumerate(found)
    )
    return Trend(grain, steps, _noise(steps))


def _noise(steps: Sequence[Step]) -> float | None:
    """Return how far two neighbouring periods of usual size may lie apart by chance."""
    halves = [
        (step.found.high - step.found.low) / 2
        for step in steps
        if step.found.high is not None and step.found.low is not None
    ]
    return math.sqrt(2) * statistics.median(halves) if len(halves) >= 2 else None
