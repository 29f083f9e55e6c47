"""Customers of a period, new and existing."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, census

METRIC = Metric(
    slug="customers",
    rank=160,
    chapter="totals",
    name=Text(de="Käufer", en="Buyers"),
    sentence=Text(
        de="So viele Kunden haben im Zeitraum bestellt.",
        en="How many customers ordered in the period.",
    ),
    formula=Text(
        de="Kunden mit mindestens einer Bestellung im Zeitraum. Wer darin zum ersten Mal und noch "
        "einmal kommt, steht in beiden Segmenten, aber nur einmal in der Summe.",
        en="customers with at least one order in the period. Who comes for the first time and "
        "again in it stands in both segments, but only once in the total.",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="count",
    direction="up",
    censoring=Text(
        de="Bestellungen ohne bekannten Kunden zählen nicht.",
        en="Orders without a known customer are not counted.",
    ),
    source=Text(
        de="Verschiedene Kunden mit einer gezählten Bestellung",
        en="Distinct customers with a counted order",
    ),
    select="""
SELECT period, segment, customers AS n, customers
FROM period_totals
""",
    estimate=census("customers"),
    behind="""
SELECT customer_id, 1 AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    segments=("all", "new", "existing"),
    absent="zero",
)
