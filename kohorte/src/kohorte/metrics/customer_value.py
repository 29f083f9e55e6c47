"""Customer value: what a buyer is worth in a period."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, mean

METRIC = Metric(
    slug="customer_value",
    rank=110,
    chapter="value",
    name=Text(de="Kundenwert", en="Customer value"),
    sentence=Text(
        de="So viel gibt ein Käufer im Zeitraum aus.", en="What a buyer spends in the period."
    ),
    formula=Text(
        de="durchschnittlicher Bestellwert × Kaufhäufigkeit = Umsatz / Kunden, im Zeitraum",
        en="average order value × purchase frequency = revenue / customers, in the period",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="money",
    direction="up",
    censoring=Text(
        de="Ein unfertiger Zeitraum zählt nur, was bisher geschah.",
        en="An unfinished period counts only what has happened so far.",
    ),
    source=Text(
        de="Bestellwert × Kaufhäufigkeit über denselben Zeitraum und dieselben Kunden",
        en="Average order value × purchase frequency over the same period and customers",
    ),
    needs=frozenset({"amounts"}),
    select="""
SELECT period, segment, customers AS n, revenue_minor, revenue_squared
FROM period_totals
WHERE segment = 'all'
""",
    estimate=mean("revenue_minor", squares="revenue_squared"),
    behind="""
SELECT customer_id, SUM(revenue_minor) AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
