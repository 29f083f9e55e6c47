"""Renewal rate: contracts that went on when their term was over."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="renewal_rate",
    rank=240,
    chapter="contracts",
    name=Text(de="Verlängerungsrate", en="Renewal rate"),
    sentence=Text(
        de="So viele der Verträge, deren Laufzeit endete, liefen weiter.",
        en="How many of the contracts whose term ended went on.",
    ),
    formula=Text(
        de="verlängerte Verträge / Verträge, deren Laufzeit im Zeitraum endet, × 100; verlängert heißt ohne Unterbrechung oder binnen 30 Tagen, wenn nicht anders eingestellt",
        en="contracts renewed / contracts whose term ends in the period × 100; renewed means without a break or within 30 days unless set",
    ),
    denominator=Text(
        de="fällige Verträge, deren Frist zur Verlängerung vorbei ist",
        en="contracts due whose time for renewal is over",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"subscriptions"}),
    censoring=Text(
        de="Verträge, deren Frist noch läuft, zählen nicht mit, auch schon verlängerte nicht; ihr Zeitraum gilt als unfertig.",
        en="Contracts whose time is still running are not counted, not even those renewed already; their period is marked as unfinished.",
    ),
    source=Text(
        de="Verträge über Verträge: Ein Kunde mit zweien zählt zweimal",
        en="Contracts over contracts: a customer with two counts twice",
    ),
    select="""
SELECT
  c.period,
  'all' AS segment,
  SUM(r.matured) AS n,
  SUM(r.matured * r.renewed) AS renewed,
  MIN(r.matured) = 1 AS complete
FROM contract_renewals AS r
JOIN calendar AS c ON c.day = r.due_day
GROUP BY c.period
""",
    estimate=share("renewed"),
    behind="""
SELECT customer_id, SUM(renewed) AS numerator, COUNT(*) AS denominator
FROM contract_renewals
WHERE due_day >= $starts_day AND due_day < $ends_day AND matured = 1
GROUP BY customer_id
""",
    orders_from="none",
    absent="nothing_due",
    undefined="due_too_young",
)
