"""Customer acquisition cost: spend for each new customer."""

from kohorte.language import Text
from kohorte.metrics.costs import ACQUISITION, each_part, per_head
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="customer_acquisition_cost",
    rank=420,
    chapter="growth",
    name=Text(
        de="Kundengewinnungskosten (CAC)",
        en="Customer acquisition cost (CAC)",
    ),
    sentence=Text(
        de="So viel kostet ein neuer Kunde.",
        en="What a new customer costs.",
    ),
    formula=Text(
        de="Ausgaben für Gewinnung / neue Kunden; was für mehrere Tage gilt, verteilt sich gleichmäßig auf sie",
        en="acquisition spend / new customers; what is for several days spreads evenly over them",
    ),
    denominator=Text(
        de="neue Kunden",
        en="new customers",
    ),
    unit="money",
    direction="down",
    by_channel=("all",),
    needs=frozenset({"spend"}),
    censoring=Text(
        de="Leer ohne Ausgaben oder neue Kunden. Wer zurückkommt, ist nicht neu. Am Anfang der Daten zu niedrig: Frühere Käufe sind dort nicht bekannt.",
        en="Empty without expenses or new customers. Who comes back is not new. Too low where the data begin: earlier purchases are not known there.",
    ),
    source=Text(
        de="Alles gezählt, darum ohne Spanne",
        en="Everything is counted, hence no range",
    ),
    select="""
SELECT s.period, 'all' AS segment, COALESCE(t.customers, 0) AS n, s.spent
FROM (
  SELECT period, SUM(amount_minor) AS spent
  FROM period_spend
  WHERE purpose = 'acquisition'
  GROUP BY period
) AS s
LEFT JOIN period_totals AS t ON t.period = s.period AND t.segment = 'new'
""",
    estimate=per_head("spent"),
    behind=each_part(
        """SELECT customer_id FROM purchases
  WHERE previous_day IS NULL AND day >= $starts_day AND day < $ends_day""",
        of=ACQUISITION,
    ),
    orders_from="period",
    absent="no_spend",
    undefined="nobody_new",
)
