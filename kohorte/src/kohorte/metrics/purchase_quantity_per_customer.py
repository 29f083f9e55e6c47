"""Purchase quantity per customer: units per buyer."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, mean

METRIC = Metric(
    slug="purchase_quantity_per_customer",
    rank=90,
    chapter="orders",
    name=Text(de="Kaufmenge je Kunde", en="Purchase quantity per customer"),
    sentence=Text(
        de="So viele Stück kauft ein Käufer im Zeitraum.",
        en="How many units a buyer buys in the period.",
    ),
    formula=Text(
        de="Stück / Kunden mit mindestens einer Bestellung, im Zeitraum",
        en="units / customers with at least one order, in the period",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="ratio",
    direction="none",
    censoring=Text(
        de="Leer, wenn die Datei keine Mengen nennt.",
        en="Empty where the file gives no quantities.",
    ),
    source=Text(
        de="Stück durch verschiedene Kunden",
        en="Units over distinct customers",
    ),
    needs=frozenset({"units"}),
    select="""
SELECT period, segment, customers AS n, units, units_squared
FROM period_totals
WHERE segment = 'all'
""",
    estimate=mean("units", squares="units_squared"),
    behind="""
SELECT customer_id, SUM(units) AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
