"""Net revenue retention (NRR): what the customers of the start bring at the end."""

from kohorte.language import Text
from kohorte.metrics.contracts import behind
from kohorte.metrics.metric import Metric, percent_of

METRIC = Metric(
    slug="net_revenue_retention",
    rank=220,
    chapter="contracts",
    name=Text(de="Nettoumsatzbindung (NRR)", en="Net revenue retention (NRR)"),
    sentence=Text(
        de="So viel monatlichen Umsatz bringen die Kunden vom Anfang am Ende; über 100, wenn Erweiterungen die Verluste übertreffen.",
        en="How much monthly revenue the customers of the start bring at the end; above 100 where expansions exceed losses.",
    ),
    formula=Text(
        de="Σ Monatsumsatz am Ende der Kunden vom Anfang / Σ ihr Monatsumsatz am Anfang × 100",
        en="Σ monthly revenue at the end of the customers of the start / Σ their monthly revenue at the start × 100",
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
        de="Dieselben Kunden am Anfang und am Ende; neue zählen nicht",
        en="The same customers at the start and at the end; new ones do not count",
    ),
    select="""
SELECT
  period,
  'all' AS segment,
  COUNT(*) AS n,
  SUM(after_minor) AS y,
  SUM(before_minor) AS x,
  SUM(CAST(after_minor AS DOUBLE) * after_minor) AS yy,
  SUM(CAST(after_minor AS DOUBLE) * before_minor) AS xy,
  SUM(CAST(before_minor AS DOUBLE) * before_minor) AS xx
FROM contract_states
WHERE before_minor > 0
GROUP BY period
""",
    estimate=percent_of("y", "x", yy="yy", xy="xy", xx="xx", of="n"),
    behind=behind("after_minor", "before_minor"),
    orders_from="none",
    absent="nobody_contracted",
    undefined="nobody_contracted",
)
