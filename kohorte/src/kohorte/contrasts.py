"""Whether groups that are looked at side by side differ by more than chance.

Every group's value is one estimate with an interval, whose half width is z standard errors. If all
groups had one value, Q = Σ wᵢ (xᵢ − x̄)² with wᵢ = 1 / seᵢ² and x̄ = Σ wᵢ xᵢ / Σ wᵢ would be
chi-square distributed with one degree of freedom less than there are groups (Cochran, Biometrics
10, 1954). Groups without an interval have no say. Where many metrics are looked at, the
probabilities are corrected for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kohorte.chi_square import upper_tail
from kohorte.conditions.customers import COHORT, RFM_GROUP
from kohorte.differences import Estimated, together
from kohorte.intervals import quantile
from kohorte.language import Sentence
from kohorte.results import Side

# Dimensions by which groups differ of themselves, so that a test would say nothing, and why.
UNTESTED: Mapping[str, Sentence] = {
    RFM_GROUP: Sentence(
        "These groups are made by what their customers did; that they differ in it goes without "
        "saying."
    ),
    COHORT: Sentence(
        "Earlier months have had more time to come back; only numbers with a fixed window, such as "
        "the repeat rate after 90 days, are fair between them."
    ),
}


def apart(sides: Sequence[Side], *, confidence_percent: float) -> dict[str, float]:
    """Return how likely chance alone makes groups differ as they do, for each metric over all time.

    Metrics that fewer than two groups have with an interval are left out.
    """
    found: dict[str, float] = {}
    for slug in dict.fromkeys(row.metric for side in sides for row in side.rows):
        rows = [
            row for side in sides for row in side.rows if row.metric == slug and row.grain == "all"
        ]
        p = homogeneity(rows, confidence_percent=confidence_percent)
        if p is not None:
            found[slug] = p
    return together(found)


def homogeneity(rows: Sequence[Estimated], *, confidence_percent: float) -> float | None:
    """Return how likely chance alone makes values differ as they do; None with fewer than two.

    Parameters
    ----------
    rows
        One metric of several groups that have no customer in common.
    confidence_percent
        Coverage of their intervals.
    """
    found = statistic(rows, confidence_percent=confidence_percent)
    return None if found is None else upper_tail(*found)


def statistic(rows: Sequence[Estimated], *, confidence_percent: float) -> tuple[float, int] | None:
    """Return Q and its degrees of freedom; None with fewer than two values that have an interval."""
    z = quantile(confidence_percent)
    known = [
        (row.value, 1 / error**2)
        for row in rows
        if row.value is not None and row.low is not None and row.high is not None
        if (error := (row.high - row.low) / (2 * z)) > 0
    ]
    if len(known) < 2:
        return None
    middle = sum(value * weight for value, weight in known) / sum(weight for _, weight in known)
    return sum(weight * (value - middle) ** 2 for value, weight in known), len(known) - 1
