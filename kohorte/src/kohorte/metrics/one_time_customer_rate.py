"""One-time customers, and how many order two, three, four, five and more times."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="one_time_customer_rate",
    rank=55,
    chapter="repeat",
    name=Text(de="Anteil der Einmalkäufer", en="One-time customer rate"),
    sentence=Text(
        de="So viele Käufer haben im Zeitraum genau einmal bestellt.",
        en="How many buyers ordered exactly once in the period.",
    ),
    formula=Text(
        de="Kunden mit genau einer Bestellung / Kunden mit mindestens einer Bestellung × 100, im Zeitraum; die anderen Segmente sind "
        "die Kunden mit 2, 3, 4 und mit 5 oder mehr Bestellungen, zusammen 100 %",
        en="customers with exactly one order / customers with at least one order × 100, in the period; the other segments are "
        "the customers with 2, 3, 4 and with 5 or more orders, together 100%",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="percent",
    direction="down",
    censoring=Text(
        de="Ein kurzer Zeitraum lässt weniger Zeit für eine zweite Bestellung. 100 − Wiederholungskaufrate.",
        en="A short period leaves less time for a second order. 100 − repeat purchase rate.",
    ),
    source=Text(
        de="Verteilung der Kaufhäufigkeit; Spanne nach Wilson 1927",
        en="Distribution of purchase frequency; interval by Wilson 1927",
    ),
    select="""
SELECT
  f.period,
  s.segment,
  SUM(f.customers) AS n,
  SUM(CASE WHEN LEAST(f.orders, 5) = s.orders THEN f.customers ELSE 0 END) AS so_often
FROM period_frequencies AS f
CROSS JOIN (
  SELECT 'all' AS segment, 1 AS orders
  UNION ALL SELECT '2_orders', 2
  UNION ALL SELECT '3_orders', 3
  UNION ALL SELECT '4_orders', 4
  UNION ALL SELECT '5_or_more_orders', 5
) AS s
GROUP BY f.period, s.segment
""",
    estimate=share("so_often"),
    behind="""
SELECT customer_id, CASE WHEN SUM(orders) = 1 THEN 1 ELSE 0 END AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    segments=("all", "2_orders", "3_orders", "4_orders", "5_or_more_orders"),
)
