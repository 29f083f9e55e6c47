"""Returning customer rate: how many buyers of a period had bought before."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="returning_customer_rate",
    rank=60,
    chapter="repeat",
    name=Text(de="Anteil wiederkehrender Kunden", en="Returning customer rate"),
    sentence=Text(
        de="So viele Käufer eines Zeitraums hatten schon früher bei uns gekauft.",
        en="How many buyers of a period had bought from us before.",
    ),
    formula=Text(
        de="Kunden mit einem Kauftag im Zeitraum, vor dem ein früherer Kauftag liegt / "
        "Kunden des Zeitraums × 100; gezählt, wie es an dem Tag bekannt war",
        en="customers with a purchase day in the period that has an earlier purchase day / "
        "customers of the period × 100; as known on that day",
    ),
    denominator=Text(de="Käufer im Zeitraum", en="buyers in the period"),
    unit="percent",
    direction="up",
    censoring=Text(
        de="Am Anfang der Daten zu niedrig: Frühere Käufe sind dort nicht bekannt. "
        "Spätere Käufe ändern den Wert nie.",
        en="Too low where the data begin: earlier purchases are not known there. "
        "Later purchases never change it.",
    ),
    source=Text(
        de="Zum Stichtag; Werkzeuge, die jeden mit irgendeiner zweiten Bestellung zählen, ändern die Vergangenheit",
        en="Point in time; tools that count anyone with a second order ever let history change",
    ),
    select="""
SELECT period, segment, customers AS n, returning_customers
FROM period_totals
WHERE segment = 'all'
""",
    estimate=share("returning_customers"),
    behind="""
SELECT
  customer_id,
  MAX(CASE WHEN day > first_day THEN 1 ELSE 0 END) AS numerator,
  1 AS denominator
FROM purchases
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
)
