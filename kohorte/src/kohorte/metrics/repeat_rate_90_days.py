"""Repeat rate after 90 days: who came back soon, among those who had the time to."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="repeat_rate_90_days",
    rank=40,
    chapter="repeat",
    name=Text(de="Wiederkaufrate nach 90 Tagen", en="Repeat rate after 90 days"),
    sentence=Text(
        de="So viele neue Kunden bestellen binnen 90 Tagen ein zweites Mal.",
        en="How many new customers order a second time within 90 days.",
    ),
    formula=Text(
        de="Kunden mit zweiter Bestellung binnen d Tagen / Kunden, deren erste Bestellung "
        "mindestens d Tage alt ist, × 100; d = 90, wenn nicht anders eingestellt. "
        "Zeitraum ist der der ersten Bestellung.",
        en="customers with a second order within d days / customers whose first order is at least "
        "d days old × 100; d = 90 unless set. The period is that of the first order.",
    ),
    denominator=Text(
        de="neue Kunden, deren erste Bestellung mindestens 90 Tage alt ist",
        en="new customers whose first order is at least 90 days old",
    ),
    unit="percent",
    direction="up",
    censoring=Text(
        de="Jüngere Kunden zählen nicht mit; ein Zeitraum mit solchen Kunden gilt als unfertig.",
        en="Younger customers are not counted; a period that has some is marked as unfinished.",
    ),
    source=Text(
        de="Feste Frist und nur Kunden, die sie hinter sich haben; so senken junge Kohorten den Wert nicht",
        en="Fixed window with matured customers only, so that young cohorts do not sink it",
    ),
    select="""
SELECT
  period, 'all' AS segment, matured AS n, repeated,
  matured = gained AS complete
FROM second_orders
""",
    estimate=share("repeated"),
    behind="""
SELECT
  customer_id,
  CASE
    WHEN COALESCE(next_day <= day + $repeat_days, FALSE) THEN 1 ELSE 0
  END AS numerator,
  1 AS denominator
FROM purchases
WHERE previous_day IS NULL
  AND day >= $starts_day AND day < $ends_day
  AND day + $repeat_days < $history_end
""",
    orders_from="after",
    absent="nobody_new",
    undefined="too_young",
)
