"""Median orders per customer: how often the buyer in the middle orders."""

from kohorte.language import Text
from kohorte.metrics import quantiles
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="median_orders_per_customer",
    rank=72,
    chapter="orders",
    name=Text(de="Median der Bestellungen je Kunde", en="Median orders per customer"),
    sentence=Text(
        de="So oft bestellt der Käufer in der Mitte: die Hälfte höchstens so oft, die Hälfte mindestens so oft.",
        en="How often the buyer in the middle orders: half at most so often, half at least so often.",
    ),
    formula=Text(
        de="mittlere Zahl der Bestellungen der Kunden mit mindestens einer Bestellung im Zeitraum, zwischen zwei mittleren die Mitte",
        en="middle number of orders of customers with at least one order in the period, of two middle ones the one between",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="ratio",
    direction="up",
    censoring=Text(
        de="Ein unfertiger Zeitraum zählt nur, was bisher geschah.",
        en="An unfinished period counts only what has happened so far.",
    ),
    source=Text(
        de="Neben dem Mittelwert, den wenige Vielkäufer heben; Spanne aus Rangwerten mit Stetigkeitskorrektur (Conover 1999)",
        en="Beside the mean, which a few frequent buyers lift; interval from order statistics with continuity correction (Conover 1999)",
    ),
    select="""
WITH ranked AS (
  SELECT
    period,
    orders,
    CAST(SUM(customers) OVER (PARTITION BY period ORDER BY orders) - customers AS DOUBLE) AS before,
    CAST(SUM(customers) OVER (PARTITION BY period ORDER BY orders) AS DOUBLE) AS until,
    CAST(SUM(customers) OVER (PARTITION BY period) AS DOUBLE) AS n
  FROM period_frequencies
)
SELECT
  period,
  'all' AS segment,
  n,
  CAST(
    MAX(CASE WHEN before < CEIL(n / 2) AND until >= CEIL(n / 2) THEN orders END)
    + MAX(CASE WHEN before < FLOOR(n / 2) + 1 AND until >= FLOOR(n / 2) + 1 THEN orders END)
    AS DOUBLE
  ) / 2 AS orders,
  MAX(
    CASE
      WHEN before < FLOOR(n / 2 - $z * SQRT(n) / 2 + 0.5) AND until >= FLOOR(n / 2 - $z * SQRT(n) / 2 + 0.5)
      THEN orders
    END
  ) AS low,
  MAX(
    CASE
      WHEN
        before < FLOOR(n / 2 + $z * SQRT(n) / 2 + 0.5) + 1
        AND until >= FLOOR(n / 2 + $z * SQRT(n) / 2 + 0.5) + 1
      THEN orders
    END
  ) AS high
FROM ranked
GROUP BY period, n
""",
    floor=1.0,
    estimate=quantiles.found("orders"),
    behind="""
SELECT customer_id, SUM(orders) AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
