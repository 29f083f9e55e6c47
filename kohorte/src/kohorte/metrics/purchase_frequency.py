"""Purchase frequency: orders per buyer."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, mean

METRIC = Metric(
    slug="purchase_frequency",
    rank=70,
    chapter="orders",
    name=Text(de="Kaufhäufigkeit", en="Purchase frequency"),
    sentence=Text(
        de="So oft bestellt ein Käufer im Zeitraum.", en="How often a buyer orders in the period."
    ),
    formula=Text(
        de="Bestellungen / Kunden mit mindestens einer Bestellung, im Zeitraum",
        en="orders / customers with at least one order, in the period",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="ratio",
    direction="up",
    censoring=Text(
        de="Ein unfertiger Zeitraum zählt nur, was bisher geschah.",
        en="An unfinished period counts only what has happened so far.",
    ),
    source=Text(
        de="Käufe durch verschiedene Kunden",
        en="Purchases over distinct customers",
    ),
    select="""
SELECT period, segment, customers AS n, orders, orders_squared
FROM period_totals
WHERE segment = 'all'
""",
    floor=1.0,
    estimate=mean("orders", squares="orders_squared"),
    behind="""
SELECT customer_id, SUM(orders) AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
