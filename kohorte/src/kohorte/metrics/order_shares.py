"""Shares of orders: what happened to how many of them, with customers as clusters."""

from __future__ import annotations

from kohorte import intervals
from kohorte.intervals import Estimate
from kohorte.metrics.metric import Estimator, Sums
from kohorte.settings import Settings


def select(relation: str) -> str:
    """Return the sums per period of a relation with one row per order: `happened`, `matured`.

    `begun` is true from the first period on in which it happened: before, the data may be silent.
    """
    return f"""
SELECT
  period,
  'all' AS segment,
  SUM(orders) AS n,
  SUM(happened) AS happened,
  COUNT(CASE WHEN orders > 0 THEN 1 END) AS customers,
  SUM(happened * happened) AS happened_squared,
  SUM(happened * orders) AS happened_times_orders,
  SUM(orders * orders) AS orders_squared,
  SUM(SUM(seen)) OVER (ORDER BY period) > 0 AS begun,
  MIN(matured) = 1 AS complete
FROM (
  SELECT
    c.period,
    COALESCE(o.customer_id, 'order ' || o.order_id) AS customer,
    SUM(o.matured) AS orders,
    SUM(o.matured * o.happened) AS happened,
    SUM(o.happened) AS seen,
    MIN(o.matured) AS matured
  FROM {relation} AS o
  JOIN calendar AS c ON c.day = o.day
  GROUP BY c.period, COALESCE(o.customer_id, 'order ' || o.order_id)
) AS each_customer
GROUP BY period
"""


def behind(relation: str) -> str:
    """Return the customers of these orders with how many there were and to how many it happened."""
    return f"""
SELECT customer_id, SUM(happened) AS numerator, COUNT(*) AS denominator
FROM {relation}
WHERE day >= $starts_day AND day < $ends_day AND matured = 1
GROUP BY customer_id
"""


def share(*, before: str) -> Estimator:
    """Return the estimator of the share in percent; `before` is why there is none at first."""

    def estimate(sums: Sums, settings: Settings) -> Estimate:
        row = sums[0]
        if not row["begun"]:
            return Estimate(None, why=before)
        found = intervals.share_in_clusters(
            int(row["happened"]),
            int(row["n"]),
            kk=int(row["happened_squared"]),
            kn=int(row["happened_times_orders"]),
            nn=int(row["orders_squared"]),
            of=int(row["customers"]),
            z=intervals.quantile(settings.confidence_percent),
        )
        return found.times(100)

    return estimate
