"""Money spent against what it brought: plain divisions of totals, without a range."""

from __future__ import annotations

from kohorte import intervals
from kohorte.intervals import NOTHING, Estimate
from kohorte.metrics.metric import Estimator, Sums
from kohorte.settings import Settings

ACQUISITION = "purpose = 'acquisition'"
RETENTION = "purpose IN ('retention', 'sales', 'service')"


def each_part(customers: str, *, of: str) -> str:
    """Return the select of customers who bear equal parts of the spend for a purpose."""
    return f"""
SELECT c.customer_id, s.spent / COUNT(*) OVER () AS numerator, 1 AS denominator
FROM (
  {customers}
) AS c
CROSS JOIN (
  SELECT
    SUM(
      CAST(amount_minor AS DOUBLE)
      * (LEAST(ends_day + 1, $ends_day) - GREATEST(starts_day, $starts_day))
      / (ends_day + 1 - starts_day)
    ) AS spent
  FROM dated_spend
  WHERE {of} AND starts_day < $ends_day AND ends_day >= $starts_day
) AS s
"""


def per_head(total: str) -> Estimator:
    """Return the estimator of a total divided by n people; nothing without any.

    `known` in the sums says whether the people could be counted at all.
    """

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        if not sums[0].get("known", True):
            return Estimate(None, why="active_history")
        n = int(sums[0]["n"])
        return Estimate(float(sums[0][total]) / n) if n else NOTHING

    return estimate


def mean_of_known(total: str, *, squares: str) -> Estimator:
    """Return the estimator of a mean over n customers; nothing where some cost is not known."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        if row["unknown"]:
            return NOTHING
        return intervals.mean(
            int(row["n"]),
            total=float(row[total]),
            squares=float(row[squares]),
            z=intervals.quantile(settings.confidence_percent),
        )

    return estimate


def return_on(spent: str) -> Estimator:
    """Return the estimator of (profit − spend) / spend in percent."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        cost = float(row[spent])
        if cost <= 0:
            return Estimate(None, why="no_spend")
        if row["unknown"]:
            return NOTHING
        return Estimate((float(row["profit"]) - cost) / cost * 100)

    return estimate
