"""Profit per customer: what is left after the cost of goods."""

from kohorte.language import Text
from kohorte.metrics.costs import mean_of_known
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="profit_per_customer",
    rank=135,
    chapter="value",
    name=Text(
        de="Gewinn pro Kunde",
        en="Profit per customer",
    ),
    sentence=Text(
        de="So viel Rohertrag bleibt von einem Käufer des Zeitraums.",
        en="How much gross profit is left of a buyer of the period.",
    ),
    formula=Text(
        de="(Umsatz − Einstandskosten) / Käufer; Kosten je Artikel, sonst die eingestellte Marge; Erstattungen mindern beide im selben Verhältnis",
        en="(revenue − cost of goods) / buyers; cost by product, otherwise the margin that is set; refunds reduce both in the same proportion",
    ),
    denominator=Text(
        de="Käufer des Zeitraums",
        en="buyers of the period",
    ),
    unit="money",
    direction="up",
    needs=frozenset({"amounts", "costs"}),
    censoring=Text(
        de="Leer, wenn für eine Position weder Kosten noch Marge bekannt sind; fehlende Kosten sind nie null. Umsatz und Kosten müssen beide mit oder beide ohne Steuer sein. Versand und Werbung sind nicht abgezogen.",
        en="Empty if neither cost nor margin is known for a line; missing cost is never zero. Revenue and cost must both be with or both without tax. Shipping and advertising are not subtracted.",
    ),
    source=Text(
        de="Mittelwert über Kunden, Spanne nach Student; bei sehr schiefen Gewinnen und wenigen Kunden ist sie zu schmal",
        en="Mean over customers, Student's range; with very skewed profits and few customers it is too narrow",
    ),
    select="""
SELECT
  period,
  'all' AS segment,
  COUNT(*) AS n,
  SUM(profit_minor) AS profit,
  SUM(profit_minor * profit_minor) AS profit_squared,
  SUM(unknown) AS unknown
FROM customer_profits
GROUP BY period
""",
    estimate=mean_of_known("profit", squares="profit_squared"),
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
    floor=float("-inf"),
    absent="nobody",
    undefined="cost_unknown",
)
