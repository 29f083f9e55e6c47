"""Repeat purchase rate: who bought more than once in a period."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="repeat_purchase_rate",
    rank=50,
    chapter="repeat",
    name=Text(de="Wiederholungskaufrate", en="Repeat purchase rate"),
    sentence=Text(
        de="So viele Käufer eines Zeitraums haben darin mehr als einmal bestellt.",
        en="How many buyers of a period ordered more than once in it.",
    ),
    formula=Text(
        de="Kunden mit mindestens 2 Bestellungen im Zeitraum / Kunden mit mindestens 1 × 100",
        en="customers with at least 2 orders in the period / customers with at least 1 × 100",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="percent",
    direction="up",
    censoring=Text(
        de="Über die ganze Zeit sinkt sie für junge Kunden, die noch keine Zeit für einen zweiten "
        "Kauf hatten; vergleichbar ist die Wiederkaufrate nach 90 Tagen.",
        en="Over all it sinks with young customers who have had no time for a second order; "
        "the 90-day repeat rate is the comparable one.",
    ),
    source=Text(
        de="Kunden mit mehr als einem Kauf durch Kunden, in einem Zeitraum",
        en="Customers with more than one purchase over customers, in a period",
    ),
    select="""
SELECT period, segment, customers AS n, repeaters
FROM period_totals
WHERE segment = 'all'
""",
    estimate=share("repeaters"),
    behind="""
SELECT
  customer_id,
  CASE WHEN SUM(orders) >= 2 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
