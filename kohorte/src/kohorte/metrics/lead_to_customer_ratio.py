"""Lead-to-customer ratio: qualified leads that bought in time."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="lead_to_customer_ratio",
    rank=400,
    chapter="growth",
    name=Text(
        de="Lead-to-Customer-Verhältnis",
        en="Lead-to-customer ratio",
    ),
    sentence=Text(
        de="So viele qualifizierte Interessenten werden zu Kunden.",
        en="How many qualified leads become customers.",
    ),
    formula=Text(
        de="qualifizierte Interessenten mit erster Bestellung binnen d Tagen / qualifizierte Interessenten, die mindestens d Tage alt sind, × 100; d = 90, wenn nicht anders eingestellt",
        en="qualified leads with a first order within d days / qualified leads that are at least d days old × 100; d = 90 unless set",
    ),
    denominator=Text(
        de="qualifizierte Interessenten, deren Frist vorbei ist",
        en="qualified leads whose time is over",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"leads"}),
    censoring=Text(
        de="Jüngere zählen nicht mit; ein Zeitraum mit solchen gilt als unfertig. Wer schon Kunde war, zählt nicht als Interessent.",
        en="Younger ones are not counted; a period that has some is marked as unfinished. Who was a customer before is no lead.",
    ),
    source=Text(
        de="Feste Frist wie bei der Wiederkaufrate, damit junge Interessenten den Wert nicht senken",
        en="Fixed window as for the repeat rate, so that young leads do not sink it",
    ),
    select="""
SELECT
  c.period,
  'all' AS segment,
  SUM(l.matured) AS n,
  SUM(l.matured * l.converted) AS converted,
  SUM(l.matured) = COUNT(*) AS complete
FROM lead_outcomes AS l
JOIN calendar AS c ON c.day = l.day
GROUP BY c.period
""",
    estimate=share("converted"),
    behind="""
SELECT customer_id, SUM(converted) AS numerator, COUNT(*) AS denominator
FROM lead_outcomes
WHERE day >= $starts_day AND day < $ends_day AND matured = 1
GROUP BY customer_id
""",
    orders_from="none",
    absent="no_leads",
    undefined="leads_too_young",
)
