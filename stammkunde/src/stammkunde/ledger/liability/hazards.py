"""How units leave by age: discrete hazards with competing risks, estimated on the program's own lots."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stammkunde.ledger.liability.lots import Exposure

# Beyond the oldest age seen, hazards stay at what the last ages had together: a third, twelve at most.
TAIL_AGES = 12


@dataclass(frozen=True)
class Age:
    """One row of the life table.

    Parameters
    ----------
    age
        Full months since the month of earning.
    at_risk
        Units open when the age began, over all cohorts that reached it.
    redeemed, expired, removed
        Units that left at this age, by door.
    survival
        Share of what was issued that is still open after this age: Π (1 − h).
    ever_redeemed, ever_expired
        Share of what was issued that has been redeemed, or lapsed, by the end of this age.
    survival_error
        Greenwood's standard error of the survival, times the square root of the dispersion.
    """

    age: int
    at_risk: int
    redeemed: int
    expired: int
    removed: int
    survival: float
    ever_redeemed: float
    ever_expired: float
    survival_error: float

    @property
    def redemption(self) -> float:
        """Return the hazard of being redeemed at this age."""
        return _share(self.redeemed, self.at_risk)

    @property
    def removal(self) -> float:
        """Return the hazard of being taken back, corrected or moved at this age."""
        return _share(self.removed, self.at_risk)

    @property
    def breakage(self) -> float:
        """Return the hazard of lapsing at this age."""
        return _share(self.expired, self.at_risk)


@dataclass(frozen=True)
class LifeTable:
    """Hazards by age: Kaplan–Meier for units, with redemption, breakage and removal competing.

    h_j(a) = d_j(a) / n(a): of the n units open at age a, d left by door j. The share redeemed by
    age a is Σ S(u − 1) h_redeemed(u), the estimator of Aalen and Johansen; units that are still
    open are censored. Units of one customer leave together, hence chance is larger than for
    independent ones by the factor `dispersion`: Pearson's statistic of the cells over its degrees
    of freedom.

    Sources: E. L. Kaplan, P. Meier: Nonparametric Estimation from Incomplete Observations, JASA 53
    (1958); O. Aalen, S. Johansen: An Empirical Transition Matrix, Scand. J. Statist. 5 (1978).

    Examples
    --------
    >>> seen = [Exposure(0, 0, 100, 20, 0, 0), Exposure(0, 1, 80, 8, 0, 8), Exposure(1, 0, 50, 10, 0, 0)]
    >>> table = life_table(seen)
    >>> [(row.age, row.redemption, round(row.ever_redeemed, 3)) for row in table.ages]
    [(0, 0.2, 0.2), (1, 0.1, 0.28)]
    """

    ages: Sequence[Age]
    dispersion: float | None
    freedom: int

    def hazards(self, age: int) -> tuple[float, float]:
        """Return the hazards of redemption and of removal at an age, also beyond those seen."""
        if age < len(self.ages):
            row = self.ages[age]
            return row.redemption, row.removal
        last = self._tail()
        at_risk = sum(row.at_risk for row in last)
        return (
            _share(sum(row.redeemed for row in last), at_risk),
            _share(sum(row.removed for row in last), at_risk),
        )

    def at_risk(self, age: int) -> int:
        """Return how many units the hazards of an age rest on."""
        if age < len(self.ages):
            return self.ages[age].at_risk
        return sum(row.at_risk for row in self._tail())

    def _tail(self) -> Sequence[Age]:
        return self.ages[-max(1, min(TAIL_AGES, len(self.ages) // 3)) :]


def life_table(exposures: Iterable[Exposure]) -> LifeTable:
    """Return the hazards by age of everything seen.

    Ages are those from 0 up to the oldest at which anything could still leave.
    """
    seen = [each for each in exposures if each.at_risk > 0]
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for each in seen:
        row = sums[each.age]
        row[0] += each.at_risk
        row[1] += each.redeemed
        row[2] += each.expired
        row[3] += each.removed
    dispersion, freedom = _dispersion(seen, sums)
    ages, survival, redeemed, expired, greenwood = [], 1.0, 0.0, 0.0, 0.0
    for age in range(max(sums, default=-1) + 1):
        at_risk, used, lapsed, removed = sums.get(age, [0, 0, 0, 0])
        redeemed += survival * _share(used, at_risk)
        expired += survival * _share(lapsed, at_risk)
        left = used + lapsed + removed
        survival *= 1 - _share(left, at_risk)
        if 0 < left < at_risk:
            greenwood += left / (at_risk * (at_risk - left))
        error = survival * math.sqrt(greenwood * (dispersion or 1.0))
        ages.append(Age(age, at_risk, used, lapsed, removed, survival, redeemed, expired, error))
    return LifeTable(tuple(ages), dispersion, freedom)


def _dispersion(
    seen: Sequence[Exposure], sums: defaultdict[int, list[int]]
) -> tuple[float | None, int]:
    """Return Pearson's X² of redemption over its degrees of freedom, and those; at least 1."""
    statistic, cells, ages = 0.0, 0, set()
    for each in seen:
        hazard = _share(sums[each.age][1], sums[each.age][0])
        if 0 < hazard < 1:
            expected = each.at_risk * hazard
            statistic += (each.redeemed - expected) ** 2 / (expected * (1 - hazard))
            cells += 1
            ages.add(each.age)
    freedom = cells - len(ages)
    return (max(statistic / freedom, 1.0) if freedom > 0 else None), freedom


def _share(part: int, whole: int) -> float:
    return part / whole if whole > 0 else 0.0
