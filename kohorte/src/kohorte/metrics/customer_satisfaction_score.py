"""Customer satisfaction score: the share of the satisfied."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric
from kohorte.metrics.voices import share_of_one_scale

METRIC = Metric(
    slug="customer_satisfaction_score",
    rank=310,
    chapter="voices",
    name=Text(
        de="Kundenzufriedenheitswert (CSAT)",
        en="Customer satisfaction score (CSAT)",
    ),
    sentence=Text(
        de="So viele der Antwortenden sind zufrieden.",
        en="How many of those who answered are satisfied.",
    ),
    formula=Text(
        de="Antworten im obersten Viertel der Skala (4 und 5 von 5) / Antworten × 100",
        en="answers in the upper quarter of the scale (4 and 5 of 5) / answers × 100",
    ),
    denominator=Text(
        de="Antworten auf eine Frage nach der Zufriedenheit",
        en="answers to a question about satisfaction",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"responses"}),
    censoring=Text(
        de="Wer nicht antwortet, ist nicht dabei. Werte außerhalb der Skala zählen nicht; ohne Angabe reicht sie von 1 bis 5.",
        en="Who does not answer is not in it. Scores outside the scale do not count; unless said it runs from 1 to 5.",
    ),
    source=Text(
        de="Anteil der oberen Antworten (top box); verschiedene Skalen werden nicht vermischt",
        en="Share of the upper answers (top box); different scales are not mixed",
    ),
    select="""
SELECT period, 'all' AS segment, n, top, one_scale
FROM survey_answers
WHERE question = 'csat'
""",
    estimate=share_of_one_scale("top"),
    behind="""
SELECT
  customer_id,
  SUM(is_top) AS numerator,
  COUNT(*) AS denominator
FROM valid_responses
WHERE question = 'csat' AND day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    orders_from="none",
    absent="nobody_answered",
    undefined="mixed_scales",
)
