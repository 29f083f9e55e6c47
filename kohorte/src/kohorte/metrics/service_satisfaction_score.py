"""Service satisfaction: satisfied with the conversation."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric
from kohorte.metrics.voices import share_of_one_scale

METRIC = Metric(
    slug="service_satisfaction_score",
    rank=360,
    chapter="service",
    name=Text(
        de="Zufriedenheit mit dem Service",
        en="Service satisfaction score",
    ),
    sentence=Text(
        de="So viele Kunden sind mit dem Gespräch zufrieden.",
        en="How many customers are satisfied with the conversation.",
    ),
    formula=Text(
        de="Antworten im obersten Viertel der Skala / Antworten zu einem Gespräch × 100",
        en="answers in the upper quarter of the scale / answers about a conversation × 100",
    ),
    denominator=Text(
        de="Antworten auf eine Frage nach der Zufriedenheit, die zu einer Anfrage gehören",
        en="answers to a question about satisfaction that belong to a request",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"responses"}),
    censoring=Text(
        de="Wer nicht antwortet, ist nicht dabei. Der Zeitraum ist der der Antwort, nicht der der Anfrage.",
        en="Who does not answer is not in it. The period is that of the answer, not that of the request.",
    ),
    source=Text(
        de="Wie CSAT, nur zu Gesprächen",
        en="As CSAT, about conversations only",
    ),
    select="""
SELECT
  period, 'all' AS segment, of_tickets AS n, top_of_tickets AS top,
  one_scale_of_tickets AS one_scale
FROM survey_answers
WHERE question = 'csat' AND of_tickets > 0
""",
    estimate=share_of_one_scale("top"),
    behind="""
SELECT
  customer_id,
  SUM(is_top) AS numerator,
  COUNT(*) AS denominator
FROM valid_responses
WHERE question = 'csat' AND day >= $starts_day AND day < $ends_day AND ticket_id IS NOT NULL
GROUP BY customer_id
""",
    orders_from="none",
    absent="nobody_answered",
    undefined="mixed_scales",
)
