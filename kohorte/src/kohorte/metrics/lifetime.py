"""Lifetime value from sums over random groups of customers; shared by revenue and profit."""

from __future__ import annotations

from collections.abc import Sequence

from kohorte import intervals
from kohorte.intervals import Estimate
from kohorte.metrics.metric import Estimator, Sums
from kohorte.settings import Settings

SELECT = """
SELECT
  period, 'all' AS segment, active_at_end AS n,
  revenue_minor, active_at_end, active_at_start, retained
FROM group_retention
"""

BEHIND = """
SELECT
  customer_id,
  COALESCE(SUM(CASE WHEN day >= $at_day - $active_days THEN revenue_minor END), 0) AS numerator,
  CASE WHEN MAX(day) >= $at_day - $active_days THEN 1 ELSE 0 END AS denominator,
  CASE WHEN MIN(day) < $at_day - $retention_days THEN 1 ELSE 0 END AS active_at_start,
  CASE
    WHEN MIN(day) < $at_day - $retention_days AND MAX(day) < $at_day - $active_days
    THEN 1 ELSE 0
  END AS lost
FROM purchase_days
WHERE day >= $at_day - $retention_days - $active_days AND day < $at_day
GROUP BY customer_id
"""

_COLUMNS = ("revenue_minor", "active_at_end", "active_at_start", "retained")


def simple_lifetime_value(
    *, value_per_year: float, churn_share: float, years_of_churn: float = 1.0
) -> float:
    """Return value per year × lifetime in years, with lifetime = years of churn / churn.

    Examples
    --------
    100 a year and half of the customers lost each year, so two years of lifetime:

    >>> simple_lifetime_value(value_per_year=100, churn_share=0.5)
    200.0
    """
    return value_per_year * years_of_churn / churn_share


def lifetime_value(*, as_profit: bool = False) -> Estimator:
    """Return the estimator of lifetime value as revenue, or as profit at the set margin."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        def value(totals: Sequence[float]) -> float | None:
            revenue, at_end, at_start, retained = totals
            if at_end <= 0 or at_start <= 0 or at_start <= retained:
                return None
            return simple_lifetime_value(
                value_per_year=revenue / at_end * 365 / settings.active_days,
                churn_share=(at_start - retained) / at_start,
                years_of_churn=settings.retention_days / 365,
            )

        groups = [[float(row[column]) for column in _COLUMNS] for row in sums]
        found = intervals.jackknife(groups, value, confidence_percent=settings.confidence_percent)
        if found.value is None:
            return Estimate(None, why=_why(*(sum(column) for column in zip(*groups, strict=True))))
        return found.times(_share_kept(settings)) if as_profit else found

    return estimate


def _why(revenue: float, at_end: float, at_start: float, retained: float) -> str:
    if at_start <= 0:
        return "nobody_at_start"
    return "nobody_active" if at_end <= 0 else "nobody_lost"


def _share_kept(settings: Settings) -> float:
    return (settings.margin_percent or 0.0) / 100
