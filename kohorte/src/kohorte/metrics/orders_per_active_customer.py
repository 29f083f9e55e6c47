"""Orders per active customer: how much of the active base orders in a period."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, mean

METRIC = Metric(
    slug="orders_per_active_customer",
    rank=75,
    chapter="orders",
    name=Text(de="Bestellungen pro aktivem Kunden", en="Orders per active customer"),
    sentence=Text(
        de="So viele Bestellungen kamen auf jeden aktiven Kunden, auch wenn er diesmal nichts "
        "kaufte.",
        en="How many orders there were for each active customer, even those who bought nothing "
        "this time.",
    ),
    formula=Text(
        de="Bestellungen der aktiven Kunden im Zeitraum / aktive Kunden am Ende des Zeitraums; "
        "aktiv ist, wer in den letzten w Tagen bestellt hat",
        en="orders of active customers in the period / customers active at its end; "
        "active means an order in the last w days",
    ),
    denominator=Text(
        de="aktive Kunden am Ende des Zeitraums", en="customers active at the end of the period"
    ),
    unit="ratio",
    direction="up",
    censoring=Text(
        de="Leer, solange vor dem Ende keine w Tage Daten liegen.",
        en="Empty until there are w days of data before the end.",
    ),
    source=Text(
        de="Anders als die Kaufhäufigkeit, die nur durch die Käufer des Zeitraums teilt",
        en="Differs from purchase frequency, which divides by the buyers of the period only",
    ),
    select="""
SELECT period, 'all' AS segment, customers AS n, orders, orders_squared
FROM active_orders
""",
    estimate=mean("orders", squares="orders_squared"),
    behind="""
SELECT
  customer_id,
  SUM(CASE WHEN day >= $starts_day THEN orders ELSE 0 END) AS numerator,
  1 AS denominator
FROM purchase_days
WHERE day < $at_day
GROUP BY customer_id
HAVING MAX(day) >= $at_day - $active_days
""",
    orders_from="period",
    absent="active_history",
    undefined="nobody_active",
)
