"""Gross revenue retention (GRR): what is left of the monthly revenue, expansions aside."""

from kohorte.language import Text
from kohorte.metrics.contracts import behind
from kohorte.metrics.metric import Metric, percent_of

METRIC = Metric(
    slug="gross_revenue_retention",
    rank=210,
    chapter="contracts",
    name=Text(de="Bruttoumsatzbindung (GRR)", en="Gross revenue retention (GRR)"),
    sentence=Text(
        de="So viel des monatlichen Umsatzes vom Anfang ist ohne Erweiterungen noch da.",
        en="How much of the monthly revenue at the start is still there, without expansions.",
    ),
    formula=Text(
        de="Σ min(Monatsumsatz am Ende, am Anfang) / Σ Monatsumsatz am Anfang × 100",
        en="Σ min(monthly revenue at the end, at the start) / Σ monthly revenue at the start × 100",
    ),
    denominator=Text(de="Vertragskunden am Anfang", en="contract customers at the start"),
    unit="percent",
    direction="up",
    needs=frozenset({"subscriptions"}),
    censoring=Text(
        de="Leer, wenn am Anfang niemand einen Vertrag hatte.",
        en="Empty if nobody had a contract at the start.",
    ),
    source=Text(
        de="Dieselben Kunden am Anfang und am Ende",
        en="The same customers at the start and at the end",
    ),
    select="""
SELECT
  period,
  'all' AS segment,
  COUNT(*) AS n,
  SUM(LEAST(before_minor, after_minor)) AS y,
  SUM(before_minor) AS x,
  SUM(CAST(LEAST(before_minor, after_minor) AS DOUBLE) * LEAST(before_minor, after_minor)) AS yy,
  SUM(CAST(LEAST(before_minor, after_minor) AS DOUBLE) * before_minor) AS xy,
  SUM(CAST(before_minor AS DOUBLE) * before_minor) AS xx
FROM contract_states
WHERE before_minor > 0
GROUP BY period
""",
    estimate=percent_of("y", "x", yy="yy", xy="xy", xx="xx", of="n"),
    behind=behind("LEAST(before_minor, after_minor)", "before_minor"),
    orders_from="none",
    absent="nobody_contracted",
    undefined="nobody_contracted",
)
