"""First contact resolution: solved without getting in touch again."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="first_contact_resolution",
    rank=350,
    chapter="service",
    name=Text(
        de="Erstlösungsquote",
        en="First contact resolution",
    ),
    sentence=Text(
        de="So viele Anliegen waren gelöst, ohne dass der Kunde sich noch einmal melden musste.",
        en="How many requests were solved without the customer having to get in touch again.",
    ),
    formula=Text(
        de="gelöste Anfragen mit einem Kontakt / gelöste Anfragen, deren Kontakte bekannt sind, × 100",
        en="requests solved with one contact / requests solved whose contacts are known × 100",
    ),
    denominator=Text(
        de="gelöste Anfragen, die im Zeitraum eingingen und deren Kontakte bekannt sind",
        en="solved requests opened in the period whose contacts are known",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"tickets"}),
    censoring=Text(
        de="Offene Anfragen zählen nicht mit; ein Zeitraum, in dem mehr als ein Zehntel offen ist, gilt als unfertig.",
        en="Open requests are not counted; a period in which more than a tenth is open is marked as unfinished.",
    ),
    source=Text(
        de="First Contact Resolution: Anteil der beim ersten Kontakt gelösten Anliegen",
        en="Share of requests solved at first contact",
    ),
    select="""
SELECT
  c.period,
  'all' AS segment,
  COUNT(*) FILTER (WHERE t.solution_hours IS NOT NULL AND t.contacts IS NOT NULL) AS n,
  COUNT(*) FILTER (WHERE t.solution_hours IS NOT NULL AND t.contacts = 1) AS at_once,
  COUNT(t.solution_hours) >= COUNT(*) * 0.9 AS complete
FROM dated_tickets AS t
JOIN calendar AS c ON c.day = t.day
GROUP BY c.period
""",
    estimate=share("at_once"),
    behind="""
SELECT
  customer_id,
  SUM(CASE WHEN contacts = 1 THEN 1 ELSE 0 END) AS numerator,
  COUNT(*) AS denominator
FROM dated_tickets
WHERE day >= $starts_day AND day < $ends_day AND solution_hours IS NOT NULL AND contacts IS NOT NULL
GROUP BY customer_id
""",
    orders_from="none",
    absent="no_tickets",
    undefined="no_contacts",
)
