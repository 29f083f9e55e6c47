"""How far redemption may depart from what is expected: chance, hazards that are estimates, months."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import NormalDist

from stammkunde.ledger.liability.hazards import LifeTable
from stammkunde.ledger.liability.lots import Exposure

# Fewer months than these say nothing about the chance of whole months, and no range is given.
MONTHS_FOR_A_RANGE = 6


def of_chance(shares: Iterable[tuple[int, float]], dispersion: float) -> float:
    """Return the variance of open units themselves, each with its share that will be redeemed."""
    return dispersion * sum(amount * share * (1 - share) for amount, share in shares)


def of_hazards(slopes: Mapping[int, float], table: LifeTable) -> float:
    """Return the variance that comes of not knowing the hazards."""
    found = 0.0
    for age, slope in slopes.items():
        hazard, at_risk = table.hazards(age)[0], table.at_risk(age)
        if at_risk:
            found += slope**2 * max(hazard * (1 - hazard), 0.0) / at_risk
    return (table.dispersion or 1.0) * found


def of_months(
    exposures: Iterable[Exposure], table: LifeTable, by_month: Mapping[int, float]
) -> float:
    """Return the variance that comes of good and bad months, which all cohorts share."""
    observed, expected, noise = (defaultdict[int, float](float) for _ in range(3))
    for each in exposures:
        hazard = table.hazards(each.age)[0]
        observed[each.month] += each.redeemed
        expected[each.month] += each.at_risk * hazard
        noise[each.month] += each.at_risk * max(hazard * (1 - hazard), 0.0)
    months = [month for month in sorted(expected) if expected[month] > 0]
    if len(months) < MONTHS_FOR_A_RANGE:
        return 0.0
    # Months weigh as much as was expected of them: the first ones rest on very few units.
    weights = [expected[month] for month in months]
    departures = [observed[month] / expected[month] - 1 for month in months]
    whole = sum(weights)
    chance = (table.dispersion or 1.0) * sum(noise[month] / expected[month] for month in months)
    lags = max(1, math.floor(4 * (len(months) / 100) ** (2 / 9)))
    covariances = [
        sum(
            math.sqrt(weights[at] * weights[at + lag]) * departures[at] * departures[at + lag]
            for at in range(len(months) - lag)
        )
        / whole
        * (1 - lag / (lags + 1))
        for lag in range(lags + 1)
    ]
    # The dispersion holds part of what months share already, so only half of chance is taken off: in
    # simulated programs the range of 80 % then holds 76 to 84 % of what comes.
    covariances[0] = max(covariances[0] - 0.5 * chance / whole, 0.0)
    if not covariances[0]:
        return 0.0
    steps = sorted(by_month)
    found = sum(
        by_month[one] * by_month[other] * covariances[abs(one - other)]
        for one in steps
        for other in steps
        if abs(one - other) <= lags
    )
    return max(float(found), 0.0)


def around(
    expected: float, whole: int, variance: float, confidence_percent: float
) -> tuple[float, float]:
    """Return the range around the log odds."""
    share = expected / whole if whole > 0 else 0.0
    if not 0 < share < 1 or variance <= 0:
        return expected, expected
    deviation = math.sqrt(variance) / (whole * share * (1 - share))
    away = NormalDist().inv_cdf(0.5 + confidence_percent / 200) * deviation
    middle = math.log(share / (1 - share))
    low, high = (1 / (1 + math.exp(-(middle + side * min(away, 500)))) for side in (-1, 1))
    return whole * low, whole * high
