"""Contract churn rate: contract customers who have none at the end."""

from kohorte.language import Text
from kohorte.metrics.contracts import behind
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="contract_churn_rate",
    rank=230,
    chapter="contracts",
    name=Text(de="Kündigungsrate", en="Contract churn rate"),
    sentence=Text(
        de="So viele der Vertragskunden vom Anfang haben am Ende keinen Vertrag mehr.",
        en="How many of the contract customers at the start have no contract at the end.",
    ),
    formula=Text(
        de="Vertragskunden vom Anfang ohne Vertrag am Ende / Vertragskunden am Anfang × 100",
        en="contract customers of the start without a contract at the end / contract customers at the start × 100",
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
        de="Bei Verträgen ist das Ende bekannt, anders als im Handel",
        en="With contracts the end is known, unlike in retail",
    ),
    select="""
SELECT
  period,
  'all' AS segment,
  COUNT(*) AS n,
  COUNT(*) FILTER (WHERE after_minor = 0) AS lost
FROM contract_states
WHERE before_minor > 0
GROUP BY period
""",
    estimate=share("lost"),
    behind=behind("CASE WHEN after_minor = 0 THEN 1 ELSE 0 END", "1"),
    orders_from="none",
    absent="nobody_contracted",
    undefined="nobody_contracted",
)
