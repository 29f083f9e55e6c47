"""Customer retention cost: what is spent on keeping customers."""

from kohorte.language import Text
from kohorte.metrics.costs import RETENTION, each_part
from kohorte.metrics.metric import Metric, census

METRIC = Metric(
    slug="customer_retention_cost",
    rank=430,
    chapter="growth",
    name=Text(
        de="Kundenbindungskosten (CRC)",
        en="Customer retention cost (CRC)",
    ),
    sentence=Text(
        de="So viel wird für die Bindung von Kunden ausgegeben.",
        en="What is spent on keeping customers.",
    ),
    formula=Text(
        de="Ausgaben für Bindung, Verkauf und Service; was für mehrere Tage gilt, verteilt sich gleichmäßig auf sie",
        en="spend on retention, sales and service; what is for several days spreads evenly over them",
    ),
    denominator=Text(
        de="Ausgaben des Zeitraums",
        en="expenses of the period",
    ),
    unit="money",
    direction="none",
    by_channel=("all",),
    needs=frozenset({"spend"}),
    censoring=Text(
        de="Zeiträume ohne solche Ausgaben sind leer.",
        en="Periods without such expenses are empty.",
    ),
    source=Text(
        de="Alles gezählt, darum ohne Spanne",
        en="Everything is counted, hence no range",
    ),
    select=f"""
SELECT period, 'all' AS segment, SUM(expenses) AS n, SUM(amount_minor) AS spent
FROM period_spend
WHERE {RETENTION}
GROUP BY period
""",
    estimate=census("spent"),
    behind=each_part(
        """SELECT customer_id FROM purchase_days
  WHERE day >= $at_day - $active_days AND day < $at_day
  GROUP BY customer_id""",
        of=RETENTION,
    ),
    orders_from="none",
    absent="no_spend",
    undefined="no_spend",
)
