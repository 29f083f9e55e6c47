"""How long customers take to their next order, counting those who are still waiting.

The Kaplan–Meier estimate of the share who has ordered again by each day, its pointwise band
(Greenwood's variance on the complementary log-log scale, so that it stays within 0 and 1), how many
were at risk, and the log-rank test between groups. A mean over completed pauses alone would be too
short: who takes long is not among them yet.

Sources: Kaplan & Meier 1958; Greenwood 1926; Kalbfleisch & Prentice 2002, section 1.4; Mantel 1966.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kohorte import intervals
from kohorte.chi_square import upper_tail
from kohorte.engine import Engine
from kohorte.results import LogRank, Survival, SurvivalPoint

_WAITS = """
SELECT days, SUM(came) AS came, SUM(waiting) AS waiting
FROM wait_counts
WHERE nth = $nth
GROUP BY days
ORDER BY days
"""
# `wait_counts` knows later purchase days than this one only together.
_COUNTED_APART = 3
_LATER_WAITS = """
SELECT days, COUNT(*) FILTER (WHERE came) AS came, COUNT(*) FILTER (WHERE NOT came) AS waiting
FROM order_waits
WHERE nth = $nth
GROUP BY days
ORDER BY days
"""


@dataclass(frozen=True)
class Wait:
    """How many waited so many days: until the order came, or without it so far."""

    days: int
    came: int
    waiting: int


def waits(engine: Engine, *, to_order: int) -> list[Wait]:
    """Return how long customers waited from one order before until order number `to_order`."""
    nth = to_order - 1
    rows = engine.rows(_WAITS if nth <= _COUNTED_APART else _LATER_WAITS, {"nth": nth})
    return [Wait(int(row["days"]), int(row["came"]), int(row["waiting"])) for row in rows]


def estimate(found: Sequence[Wait], *, to_order: int, confidence_percent: float) -> Survival:
    """Return the curve of those who ordered again.

    Parameters
    ----------
    found
        The waits, in order of their days.
    confidence_percent
        Coverage of the pointwise band.

    Examples
    --------
    >>> curve = estimate([Wait(10, 1, 0), Wait(20, 0, 1)], to_order=2, confidence_percent=95)
    >>> [(point.day, point.at_risk, point.returned) for point in curve.points]
    [(10, 2, 0.5), (20, 1, 0.5)]
    """
    z = intervals.quantile(confidence_percent)
    at_risk = customers = sum(wait.came + wait.waiting for wait in found)
    left, variance = 1.0, 0.0
    points = []
    for wait in found:
        if wait.came:
            left *= 1 - wait.came / at_risk
            stay = at_risk - wait.came
            variance += wait.came / (at_risk * stay) if stay else math.inf
        low, high = intervals.log_log(left, variance=variance, z=z)
        points.append(
            SurvivalPoint(wait.days, at_risk, wait.came, wait.waiting, 1 - left, low, high)
        )
        at_risk -= wait.came + wait.waiting
    return Survival(to_order, customers, tuple(points))


def log_rank(groups: Mapping[str, Sequence[Wait]]) -> LogRank | None:
    """Test whether groups take equally long; None where there is nothing to compare.

    The statistic is (O − E)ᵀ V⁻¹ (O − E) over all groups but the last, with the hypergeometric
    variance at each day; under equal waits it is chi-square distributed.
    """
    names = [name for name, found in groups.items() if found]
    if len(names) < 2:
        return None
    size = len(names)
    by_day = {name: {wait.days: wait for wait in groups[name]} for name in names}
    at_risk = [sum(wait.came + wait.waiting for wait in groups[name]) for name in names]
    surplus = [0.0] * size
    spread = [[0.0] * size for _ in names]
    for day in sorted({day for days in by_day.values() for day in days}):
        here = [by_day[name].get(day, Wait(day, 0, 0)) for name in names]
        _add_day(here, at_risk, surplus=surplus, spread=spread)
        at_risk = [n - wait.came - wait.waiting for n, wait in zip(at_risk, here, strict=True)]
    solved = solve([row[:-1] for row in spread[:-1]], surplus[:-1])
    if solved is None:
        return None
    statistic = sum(a * b for a, b in zip(surplus[:-1], solved, strict=True))
    return LogRank(statistic, size - 1, upper_tail(statistic, size - 1), tuple(names))


def _add_day(
    here: Sequence[Wait],
    at_risk: Sequence[int],
    *,
    surplus: list[float],
    spread: list[list[float]],
) -> None:
    """Add one day's observed less expected events, and their covariances."""
    total, came = sum(at_risk), sum(wait.came for wait in here)
    if not came:
        return
    shares = [n / total for n in at_risk]
    factor = came * (total - came) / (total - 1) if total > 1 else 0.0
    for i, share in enumerate(shares):
        surplus[i] += here[i].came - came * share
        for j, other in enumerate(shares):
            spread[i][j] += factor * share * ((i == j) - other)


def solve(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float] | None:
    """Solve a small system of linear equations; None if it has no single solution."""
    rows = [[*map(float, row), float(value)] for row, value in zip(matrix, vector, strict=True)]
    size = len(rows)
    scale = max((abs(row[i]) for i, row in enumerate(rows)), default=0.0)
    for i in range(size):
        best = max(range(i, size), key=lambda place: abs(rows[place][i]))
        if abs(rows[best][i]) <= 1e-12 * scale or not scale:
            return None
        rows[i], rows[best] = rows[best], rows[i]
        for j in range(size):
            if j != i:
                factor = rows[j][i] / rows[i][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [rows[i][-1] / rows[i][i] for i in range(size)]


def together(groups: Iterable[Sequence[Wait]]) -> list[Wait]:
    """Return the waits of several groups as those of one."""
    counts: dict[int, tuple[int, int]] = {}
    for found in groups:
        for wait in found:
            came, waiting = counts.get(wait.days, (0, 0))
            counts[wait.days] = (came + wait.came, waiting + wait.waiting)
    return [Wait(days, *counts[days]) for days in sorted(counts)]
