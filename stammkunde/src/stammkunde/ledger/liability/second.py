"""The same question asked of chain-ladder: what will the cohorts still redeem?"""

from __future__ import annotations

from dataclasses import dataclass

from stammkunde.ledger.liability.chain_ladder import chain_ladder
from stammkunde.ledger.liability.lots import LotTable


@dataclass(frozen=True)
class SecondOpinion:
    """What chain-ladder expects of the open units, up to the oldest age that was seen."""

    reserve: float
    error: float


def second_opinion(lots: LotTable, month: int) -> SecondOpinion | None:
    """Return what chain-ladder makes of redemption by age; None where it cannot be asked.

    It knows neither open units nor their ends: it takes the sums redeemed by age, and lets each
    month of earning grow as older ones did. Months in which nothing was earned break the triangle,
    and so does an age by which nobody had ever redeemed anything: the triangle begins after it.

    Examples
    --------
    >>> from stammkunde.ledger.liability.lots import Cohort, Movement
    >>> seen = [Movement(Cohort(at), at, "issued", 100) for at in range(3)]
    >>> seen += [Movement(Cohort(at), at, "redeemed", 10) for at in range(3)]
    >>> seen += [Movement(Cohort(at), at + 1, "redeemed", 20) for at in range(2)]
    >>> seen += [Movement(Cohort(0), 2, "redeemed", 30)]
    >>> second_opinion(LotTable.of(seen), 2).reserve
    80.0
    """
    rows: dict[int, list[float]] = {}
    for each in lots.exposures(month):
        row = rows.setdefault(each.earned, [])
        row.append((row[-1] if row else 0.0) + each.redeemed)
    if not rows or sorted(rows) != list(range(min(rows), month + 1)):
        return None
    triangle = [rows[earned] for earned in sorted(rows)]
    size = len(triangle)
    start = next(
        (age for age in range(size - 1) if sum(row[age] for row in triangle[: size - 1 - age]) > 0),
        None,
    )
    if start is None or size - start < 2:
        return None
    # Cohorts younger than the first age with redemption have no sum to grow from.
    found = chain_ladder([row[start:] for row in triangle[: size - start]])
    return SecondOpinion(found.reserve, found.error)
