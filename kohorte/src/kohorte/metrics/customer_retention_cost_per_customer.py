"""Customer retention cost per active customer."""

from kohorte.language import Text
from kohorte.metrics.costs import RETENTION, each_part, per_head
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="customer_retention_cost_per_customer",
    rank=440,
    chapter="growth",
    name=Text(
        de="Kundenbindungskosten je aktivem Kunden",
        en="Customer retention cost per active customer",
    ),
    sentence=Text(
        de="So viel kostet die Bindung eines aktiven Kunden.",
        en="What keeping an active customer costs.",
    ),
    formula=Text(
        de="Ausgaben für Bindung, Verkauf und Service / aktive Kunden am Ende",
        en="spend on retention, sales and service / active customers at the end",
    ),
    denominator=Text(
        de="aktive Kunden am Ende",
        en="customers active at the end",
    ),
    unit="money",
    direction="down",
    needs=frozenset({"spend"}),
    censoring=Text(
        de="Leer ohne Ausgaben und solange vor dem Ende keine w Tage Daten liegen.",
        en="Empty without expenses, and until there are w days of data before the end.",
    ),
    source=Text(
        de="Alles gezählt, darum ohne Spanne",
        en="Everything is counted, hence no range",
    ),
    select=f"""
SELECT
  s.period,
  'all' AS segment,
  COALESCE(a.customers, 0) AS n,
  s.spent,
  a.customers IS NOT NULL AS known
FROM (
  SELECT period, SUM(amount_minor) AS spent
  FROM period_spend
  WHERE {RETENTION}
  GROUP BY period
) AS s
LEFT JOIN active_orders AS a ON a.period = s.period
""",
    estimate=per_head("spent"),
    behind=each_part(
        """SELECT customer_id FROM purchase_days
  WHERE day >= $at_day - $active_days AND day < $at_day
  GROUP BY customer_id""",
        of=RETENTION,
    ),
    orders_from="none",
    absent="no_spend",
    undefined="nobody_active",
)
