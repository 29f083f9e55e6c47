"""How well the outlook did on the program's own past: forecasts of then against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stammkunde.ledger.liability.lots import LotTable
from stammkunde.ledger.liability.outlook import outlook
from stammkunde.ledger.liability.ranges import MONTHS_FOR_A_RANGE


@dataclass(frozen=True)
class Trial:
    """One forecast of then.

    Parameters
    ----------
    month
        Number of the month at whose end it was made.
    expected, low, high
        What was expected to be redeemed of the units open then, and the range.
    actual
        What was redeemed of them.
    """

    month: int
    open: int
    expected: float
    low: float
    high: float
    actual: int

    @property
    def inside(self) -> bool:
        """Return whether the range held what came."""
        return self.low <= self.actual <= self.high


@dataclass(frozen=True)
class BackTest:
    """All forecasts of then."""

    months: int
    trials: Sequence[Trial]

    @property
    def inside(self) -> int:
        """Return how many ranges held what came."""
        return sum(trial.inside for trial in self.trials)

    @property
    def bias(self) -> float | None:
        """Return by which share the forecasts were too high; below zero, too low."""
        actual = sum(trial.actual for trial in self.trials)
        expected = sum(trial.expected for trial in self.trials)
        return expected / actual - 1 if actual > 0 else None


def back_test(
    lots: LotTable,
    month: int,
    *,
    months: int = 3,
    trials_max: int = 12,
    confidence_percent: float = 80.0,
) -> BackTest:
    """Return what the outlook would have said, month after month, and whether it held.

    Each forecast knows only what had happened by then and looks `months` ahead. Forecasts of
    neighboring months share most of what they foretell: twelve of them are less than twelve
    independent trials, and are told as they are counted.

    Parameters
    ----------
    lots
        Everything that happened.
    month
        Number of the last complete month.
    months
        How far each forecast looks.
    trials_max
        The most recent so many forecasts.

    Examples
    --------
    >>> from stammkunde.ledger.liability.lots import Cohort, Movement
    >>> seen = [Movement(Cohort(at), at, "issued", 1000) for at in range(24)]
    >>> seen += [Movement(Cohort(at), at + 1, "redeemed", 400 + 10 * (at % 3)) for at in range(23)]
    >>> found = back_test(LotTable.of(seen), 23)
    >>> len(found.trials), found.inside >= 8
    (10, True)
    """
    first = min((cohort.earned for cohort in lots.cells), default=month)
    trials: list[Trial] = []
    for origin in range(month - months, first + 2 * MONTHS_FOR_A_RANGE - 2, -1):
        if len(trials) == trials_max:
            break
        said = outlook(lots, origin, months=months, confidence_percent=confidence_percent)
        if said.low is None or said.high is None or not said.open:
            continue
        actual = lots.redeemed_between(origin, origin + months, earned_by=origin)
        trials.append(Trial(origin, said.open, said.expected, said.low, said.high, actual))
    return BackTest(months, tuple(reversed(trials)))
