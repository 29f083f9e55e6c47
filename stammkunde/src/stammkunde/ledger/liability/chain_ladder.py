"""Chain-ladder with Mack's standard error: the second opinion on what will still be redeemed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ChainLadder:
    """What a triangle grows to.

    Parameters
    ----------
    factors
        f_k: by how much the sums grow from age k to k + 1.
    spreads
        σ²_k: variance of that growth for one unit.
    ultimates, reserves, errors
        For each cohort: the sum at the last age, what is still to come, and its standard error.
    reserve, error
        Of all cohorts together; cohorts share their factors, so errors do not simply add.
    """

    factors: tuple[float, ...]
    spreads: tuple[float, ...]
    ultimates: tuple[float, ...]
    reserves: tuple[float, ...]
    errors: tuple[float, ...]
    reserve: float
    error: float


def chain_ladder(triangle: Sequence[Sequence[float]]) -> ChainLadder:
    """Return what the cohorts of a cumulative triangle grow to, without assuming a distribution.

    f_k = Σ C_{i,k+1} / Σ C_{i,k} over the cohorts that reached age k + 1;
    σ²_k = Σ C_{i,k} (C_{i,k+1} / C_{i,k} − f_k)² / (n_k − 1), the last one by Mack's
    min(σ⁴_{K−2} / σ²_{K−3}, σ²_{K−3}, σ²_{K−2}).

    Parameters
    ----------
    triangle
        Sums so far by age, oldest cohort first; each cohort one age shorter than the one before.

    Raises
    ------
    ValueError
        When the rows are no triangle, or no cohort had anything at an age that has to grow.

    Notes
    -----
    Source: Th. Mack: Distribution-free Calculation of the Standard Error of Chain Ladder Reserve
    Estimates, ASTIN Bulletin 23 (1993), pages 213–225.

    Examples
    --------
    >>> found = chain_ladder([[100, 150, 165], [110, 165], [120]])
    >>> [round(factor, 3) for factor in found.factors], round(found.reserve, 1)
    ([1.5, 1.1], 94.5)
    """
    size = len(triangle)
    if size < 2 or any(len(row) != size - at for at, row in enumerate(triangle)):
        raise ValueError("A triangle has as many ages as cohorts, each cohort one age less.")
    factors, spreads = _growth(triangle)
    ultimates, reserves, errors = [], [], []
    for row in triangle:
        at = len(row) - 1
        ultimate = row[-1] * math.prod(factors[at:])
        ultimates.append(ultimate)
        reserves.append(ultimate - row[-1])
        errors.append(math.sqrt(_row_variance(triangle, row[-1], at, factors, spreads)))
    variance = sum(error**2 for error in errors) + _shared(triangle, ultimates, factors, spreads)
    return ChainLadder(
        tuple(factors),
        tuple(spreads),
        tuple(ultimates),
        tuple(reserves),
        tuple(errors),
        sum(reserves),
        math.sqrt(max(variance, 0.0)),
    )


def _growth(triangle: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """Return the factors and their spreads."""
    factors: list[float] = []
    spreads: list[float] = []
    size = len(triangle)
    for age in range(size - 1):
        rows = triangle[: size - 1 - age]
        before = sum(row[age] for row in rows)
        if before <= 0:
            raise ValueError("At an age that has to grow, no cohort had anything.")
        factor = sum(row[age + 1] for row in rows) / before
        factors.append(factor)
        grown = [row for row in rows if row[age] > 0]
        if len(grown) > 1:
            squares = sum(row[age] * (row[age + 1] / row[age] - factor) ** 2 for row in grown)
            spreads.append(squares / (len(grown) - 1))
        else:
            spreads.append(_last_spread(spreads))
    return factors, spreads


def _last_spread(spreads: list[float]) -> float:
    """Return Mack's guess where one cohort alone cannot tell."""
    if len(spreads) < 2:
        return spreads[-1] if spreads else 0.0
    earlier, later = spreads[-2:]
    return min(later**2 / earlier, earlier, later) if earlier > 0 else 0.0


def _row_variance(
    triangle: Sequence[Sequence[float]],
    current: float,
    at: int,
    factors: Sequence[float],
    spreads: Sequence[float],
) -> float:
    """Return the squared standard error of one cohort: its own chance, and that of the factors."""
    size = len(triangle)
    ultimate = current * math.prod(factors[at:])
    reached, found = current, 0.0
    for age in range(at, size - 1):
        rest = sum(row[age] for row in triangle[: size - 1 - age])
        if reached > 0 and factors[age] > 0:
            found += spreads[age] / factors[age] ** 2 * (1 / reached + 1 / rest)
        reached *= factors[age]
    return ultimate**2 * found


def _shared(
    triangle: Sequence[Sequence[float]],
    ultimates: Sequence[float],
    factors: Sequence[float],
    spreads: Sequence[float],
) -> float:
    """Return what the cohorts' errors have in common, because they use the same factors."""
    size, found = len(triangle), 0.0
    for at, row in enumerate(triangle):
        later = sum(ultimates[at + 1 :])
        for age in range(len(row) - 1, size - 1):
            rest = sum(each[age] for each in triangle[: size - 1 - age])
            if factors[age] > 0:
                found += ultimates[at] * later * 2 * spreads[age] / factors[age] ** 2 / rest
    return found
