"""Purchase quantity: units per order."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, ratio

METRIC = Metric(
    slug="purchase_quantity",
    rank=80,
    chapter="orders",
    name=Text(de="Kaufmenge", en="Purchase quantity"),
    sentence=Text(
        de="So viele Stück liegen in einer Bestellung.", en="How many units an order holds."
    ),
    formula=Text(de="Stück / Bestellungen, im Zeitraum", en="units / orders, in the period"),
    denominator=Text(
        de="Bestellungen bekannter Kunden im Zeitraum", en="orders of known customers in the period"
    ),
    unit="ratio",
    direction="none",
    censoring=Text(
        de="Leer, wenn die Datei keine Mengen nennt.",
        en="Empty where the file gives no quantities.",
    ),
    source=Text(
        de="Stück durch Bestellungen; Spanne nach der Delta-Methode mit Kunden als Klumpen",
        en="Units over orders; interval by the delta method with customers as clusters",
    ),
    needs=frozenset({"units"}),
    select="""
SELECT
  period, segment, orders AS n, customers, units, orders,
  units_squared, units_times_orders, orders_squared
FROM period_totals
WHERE segment = 'all'
""",
    estimate=ratio(
        "units",
        "orders",
        yy="units_squared",
        xy="units_times_orders",
        xx="orders_squared",
        of="customers",
    ),
    behind="""
SELECT customer_id, SUM(units) AS numerator, SUM(orders) AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
