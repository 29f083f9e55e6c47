"""Revenue churn rate: monthly revenue lost by cancellation and downgrade."""

from kohorte.language import Text
from kohorte.metrics.contracts import behind
from kohorte.metrics.metric import Metric, percent_of

METRIC = Metric(
    slug="revenue_churn_rate",
    rank=200,
    chapter="contracts",
    name=Text(de="Umsatzabwanderung", en="Revenue churn rate"),
    sentence=Text(
        de="So viel des monatlichen Umsatzes vom Anfang ging durch Kündigung und Herabstufung verloren.",
        en="How much of the monthly revenue at the start was lost by cancellation and downgrade.",
    ),
    formula=Text(
        de="verlorener Monatsumsatz der Kunden vom Anfang / ihr Monatsumsatz am Anfang × 100 = 100 − GRR",
        en="monthly revenue lost with the customers of the start / their monthly revenue at the start × 100 = 100 − GRR",
    ),
    denominator=Text(de="Vertragskunden am Anfang", en="contract customers at the start"),
    unit="percent",
    direction="down",
    needs=frozenset({"subscriptions"}),
    censoring=Text(
        de="Leer, wenn am Anfang niemand einen Vertrag hatte.",
        en="Empty if nobody had a contract at the start.",
    ),
    source=Text(
        de="Je Kunde, damit ein Wechsel zwischen zwei Verträgen kein Verlust ist",
        en="Per customer, so that a move between two contracts is no loss",
    ),
    select="""
SELECT
  period,
  'all' AS segment,
  COUNT(*) AS n,
  SUM((before_minor - LEAST(before_minor, after_minor))) AS y,
  SUM(before_minor) AS x,
  SUM(CAST((before_minor - LEAST(before_minor, after_minor)) AS DOUBLE) * (before_minor - LEAST(before_minor, after_minor))) AS yy,
  SUM(CAST((before_minor - LEAST(before_minor, after_minor)) AS DOUBLE) * before_minor) AS xy,
  SUM(CAST(before_minor AS DOUBLE) * before_minor) AS xx
FROM contract_states
WHERE before_minor > 0
GROUP BY period
""",
    estimate=percent_of("y", "x", yy="yy", xy="xy", xx="xx", of="n"),
    behind=behind("before_minor - LEAST(before_minor, after_minor)", "before_minor"),
    orders_from="none",
    absent="nobody_contracted",
    undefined="nobody_contracted",
)
