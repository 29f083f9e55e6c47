"""What becomes of open units: redeemed, lapsed or taken back, with the range of what is redeemed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from stammkunde.ledger.liability import ranges
from stammkunde.ledger.liability.hazards import LifeTable, life_table
from stammkunde.ledger.liability.lots import Cohort, LotTable

# Units without an end are followed for so many months; what is open then counts as redeemed.
MONTHS_MAX = 120


@dataclass(frozen=True)
class Fate:
    """What is expected of one cohort's open units."""

    cohort: Cohort
    open: int
    redeemed: float
    expired: float
    removed: float
    still_open: float

    @property
    def value(self) -> Decimal | None:
        """Return the expected redemption in minor units of money; None without a unit value."""
        worth = self.cohort.unit_value
        return None if worth is None else Decimal(repr(self.redeemed)) * worth


@dataclass(frozen=True)
class Outlook:
    """What is expected of all open units at the end of a month.

    Parameters
    ----------
    month
        Number of the month at whose end the units were open.
    expected
        Units that will be redeemed.
    low, high
        Range around `expected` of the asked confidence; None with too little history.
    fates
        Cohort by cohort, oldest first.
    table
        The hazards behind it.
    """

    month: int
    open: int
    expected: float
    low: float | None
    high: float | None
    fates: Sequence[Fate]
    table: LifeTable


def outlook(
    lots: LotTable, month: int, *, months: int = MONTHS_MAX, confidence_percent: float = 80.0
) -> Outlook:
    """Return what becomes of the units that are open at the end of a month.

    A cohort goes through the ages to come with the hazards of the life table up to its own end;
    what is open then lapses. Only what happened up to that month is used. The range adds up three
    parts: the chance of the open units themselves, φ Σ n p (1 − p); the hazards being estimates,
    φ Σ (∂E/∂h)² h (1 − h) / n; and whole months being better or worse than their hazards, from the
    autocovariances of observed over expected redemption by calendar month (weights of Bartlett). It
    is laid around the log odds and so stays between nothing and everything open.

    Parameters
    ----------
    lots
        Everything that happened.
    month
        Number of the last complete month to use.
    months
        How far to look; what is open after that is `still_open`, and for `MONTHS_MAX` redeemed.
    confidence_percent
        Of the range.

    Examples
    --------
    >>> from stammkunde.ledger.liability.lots import Movement
    >>> old, new = Cohort(0, 2), Cohort(2, 4)
    >>> seen = [Movement(old, 0, "issued", 100), Movement(old, 1, "redeemed", 40)]
    >>> seen += [Movement(old, 2, "expired", 60), Movement(new, 2, "issued", 200)]
    >>> found = outlook(LotTable.of(seen), 2)
    >>> found.open, found.expected, found.fates[0].expired
    (200, 80.0, 120.0)
    """
    exposures = list(lots.exposures(month))
    table = life_table(exposures)
    fates, slopes, by_month = [], defaultdict[int, float](float), defaultdict[int, float](float)
    for cohort, amount in sorted(lots.open_at(month).items(), key=_in_order):
        fates.append(_fate(cohort, amount, month, months, table, slopes, by_month))
    whole = sum(fate.open for fate in fates)
    expected = sum(fate.redeemed for fate in fates)
    low, high = None, None
    if table.dispersion is not None and len({each.month for each in exposures}) >= (
        ranges.MONTHS_FOR_A_RANGE
    ):
        variance = (
            ranges.of_chance(
                [(fate.open, fate.redeemed / fate.open) for fate in fates if fate.open > 0],
                table.dispersion,
            )
            + ranges.of_hazards(slopes, table)
            + ranges.of_months(exposures, table, by_month)
        )
        low, high = ranges.around(expected, whole, variance, confidence_percent)
    return Outlook(month, whole, expected, low, high, tuple(fates), table)


def _in_order(item: tuple[Cohort, int]) -> tuple[int, int, Decimal]:
    cohort = item[0]
    return cohort.earned, cohort.expires or 0, cohort.unit_value or Decimal(0)


def _fate(
    cohort: Cohort,
    amount: int,
    month: int,
    months: int,
    table: LifeTable,
    slopes: defaultdict[int, float],
    by_month: defaultdict[int, float],
) -> Fate:
    """Return what becomes of one cohort; add to the slopes by age and to redemption by month."""
    last = months if cohort.expires is None else min(months, cohort.expires - month)
    ends = cohort.expires is not None and cohort.expires - month <= months
    age = month - cohort.earned
    steps = [table.hazards(age + step) for step in range(1, max(last, 0) + 1)]
    survival, redeemed, removed = 1.0, 0.0, 0.0
    survivals = []
    for step, (use, away) in enumerate(steps, start=1):
        away = min(away, 1 - use)
        survivals.append(survival)
        by_month[step] += amount * survival * use
        redeemed += survival * use
        removed += survival * away
        survival *= 1 - use - away
    # What a unit that is open after the last step comes to: prudence counts it as redeemed.
    final = 1.0 if cohort.expires is None and months >= MONTHS_MAX else 0.0
    value = final
    for step in range(len(steps), 0, -1):
        use, away = steps[step - 1]
        slopes[min(age + step, len(table.ages))] += amount * survivals[step - 1] * (1 - value)
        value = use + (1 - use - min(away, 1 - use)) * value
    return Fate(
        cohort,
        amount,
        amount * (redeemed + survival * final),
        amount * survival if ends else 0.0,
        amount * removed,
        0.0 if ends or final else amount * survival,
    )
