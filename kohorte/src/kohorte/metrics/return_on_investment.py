"""Return on investment: gross profit against expenses."""

from kohorte.language import Text
from kohorte.metrics.costs import ACQUISITION, RETENTION, return_on
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="return_on_investment",
    rank=450,
    chapter="growth",
    name=Text(
        de="Return on Investment (ROI)",
        en="Return on investment (ROI)",
    ),
    sentence=Text(
        de="So viel bringt das ausgegebene Geld über sich selbst hinaus ein.",
        en="What the money spent brings beyond itself.",
    ),
    formula=Text(
        de="(Rohertrag − Ausgaben) / Ausgaben × 100; „neu“: Rohertrag des ersten Kauftags der Kunden gegen Ausgaben für Gewinnung, „bestehend“: der übrige gegen Ausgaben für Bindung, Verkauf und Service",
        en="(gross profit − expenses) / expenses × 100; “new”: gross profit of the customers' first purchase day against acquisition spend, “existing”: the rest of it against spend on retention, sales and service",
    ),
    denominator=Text(
        de="Käufer des Zeitraums",
        en="buyers of the period",
    ),
    unit="percent",
    direction="up",
    by_channel=("new",),
    needs=frozenset({"amounts", "costs", "spend"}),
    censoring=Text(
        de="Nur der Rohertrag innerhalb des Zeitraums zählt; was neue Kunden später bringen, zeigt der Kundenwert nach einem Jahr.",
        en="Only gross profit within the period counts; what new customers bring later is shown by the value after a year.",
    ),
    source=Text(
        de="Zusammenhang, nicht Wirkung: Was auch ohne die Ausgaben gekauft worden wäre, zeigt nur eine Kontrollgruppe. Alles gezählt, darum ohne Spanne",
        en="Relation, not effect: what would have been bought anyway only a control group shows. Everything is counted, hence no range",
    ),
    select=f"""
SELECT
  s.period,
  s.segment,
  COALESCE(g.n, 0) AS n,
  COALESCE(g.profit, 0) AS profit,
  COALESCE(g.unknown, 0) AS unknown,
  s.spent
FROM (
  SELECT period, 'all' AS segment, SUM(amount_minor) AS spent
  FROM period_spend
  GROUP BY period
  UNION ALL
  SELECT period, 'new', SUM(amount_minor)
  FROM period_spend
  WHERE {ACQUISITION}
  GROUP BY period
  UNION ALL
  SELECT period, 'existing', SUM(amount_minor)
  FROM period_spend
  WHERE {RETENTION}
  GROUP BY period
) AS s
LEFT JOIN (
  SELECT
    period, 'all' AS segment,
    COUNT(*) AS n, SUM(profit_minor) AS profit, SUM(unknown) AS unknown
  FROM customer_profits
  GROUP BY period
  UNION ALL
  SELECT period, 'new', COUNT(*), SUM(new_profit_minor), SUM(new_unknown)
  FROM customer_profits
  WHERE new_orders > 0
  GROUP BY period
  UNION ALL
  SELECT
    period, 'existing',
    COUNT(*), SUM(profit_minor - new_profit_minor), SUM(unknown - new_unknown)
  FROM customer_profits
  WHERE orders > new_orders
  GROUP BY period
) AS g ON g.period = s.period AND g.segment = s.segment
""",
    estimate=return_on("spent"),
    behind="""
SELECT
  customer_id,
  CASE WHEN COUNT(profit_minor) = COUNT(*) THEN SUM(profit_minor) END AS numerator,
  1 AS denominator
FROM order_profits
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    orders_from="period",
    segments=("all", "new", "existing"),
    floor=float("-inf"),
    absent="no_spend",
    undefined="cost_unknown",
)
