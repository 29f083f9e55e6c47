"""New customers: those whose first order lies in the period."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, census

METRIC = Metric(
    slug="new_customers",
    rank=170,
    chapter="totals",
    name=Text(de="Neukunden", en="New customers"),
    sentence=Text(
        de="So viele Kunden haben im Zeitraum zum ersten Mal bestellt.",
        en="How many customers ordered for the first time in the period.",
    ),
    formula=Text(
        de="Kunden, deren erste gezählte Bestellung im Zeitraum liegt",
        en="customers whose first counted order lies in the period",
    ),
    denominator=Text(de="Neukunden im Zeitraum", en="new customers in the period"),
    unit="count",
    direction="up",
    censoring=Text(
        de="Am Anfang der Daten zu hoch: Wer früher schon gekauft hat, gilt dort als neu.",
        en="Too high where the data begin: who had bought earlier counts as new there.",
    ),
    source=Text(
        de="Erste gezählte Bestellung je Kunde",
        en="First counted order per customer",
    ),
    select="""
SELECT period, 'all' AS segment, gained AS n, gained
FROM second_orders
""",
    estimate=census("gained"),
    behind="""
SELECT customer_id, 1 AS numerator, 1 AS denominator
FROM purchases
WHERE previous_day IS NULL AND day >= $starts_day AND day < $ends_day
""",
    absent="zero",
)
