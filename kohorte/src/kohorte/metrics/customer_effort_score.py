"""Customer effort score: the mean answer as a share of the number of options."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric
from kohorte.metrics.voices import effort

METRIC = Metric(
    slug="customer_effort_score",
    rank=320,
    chapter="voices",
    name=Text(
        de="Customer Effort Score (CES)",
        en="Customer effort score (CES)",
    ),
    sentence=Text(
        de="So leicht oder mühsam war es im Mittel, gemessen am höchsten Wert der Skala.",
        en="How easy or hard it was on average, as a share of the highest score of the scale.",
    ),
    formula=Text(
        de="(Summe der Werte / Antworten) / Zahl der Antwortmöglichkeiten × 100, die kleinste als 1 gezählt; darum reicht er von 100 / Möglichkeiten bis 100. Ob hoch leicht oder mühsam heißt, sagt die Frage",
        en="(sum of the scores / answers) / number of options × 100, the lowest counted as 1; so it runs from 100 / options to 100. Whether high means easy or hard is said by the question",
    ),
    denominator=Text(
        de="Antworten auf eine Frage nach der Mühe",
        en="answers to a question about effort",
    ),
    unit="percent",
    direction="none",
    needs=frozenset({"responses"}),
    censoring=Text(
        de="Wer nicht antwortet, ist nicht dabei. Werte außerhalb der Skala zählen nicht; ohne Angabe reicht sie von 1 bis 7.",
        en="Who does not answer is not in it. Scores outside the scale do not count; unless said it runs from 1 to 7.",
    ),
    source=Text(
        de="Dixon, Freeman & Toman 2010 in der Form des Mittelwerts; verschiedene Skalen werden nicht vermischt. Spanne wie beim NPS: drei Antworten mehr",
        en="Dixon, Freeman & Toman 2010, as a mean; different scales are not mixed. Range as for the NPS: three answers added",
    ),
    select="""
SELECT
  period, 'all' AS segment, n, place, place_squared, one_scale,
  highest - lowest + 1 AS options
FROM survey_answers
WHERE question = 'ces'
""",
    estimate=effort(),
    behind="""
SELECT
  customer_id,
  SUM(place) AS numerator,
  SUM(highest - lowest + 1) AS denominator
FROM valid_responses
WHERE question = 'ces' AND day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    orders_from="none",
    absent="nobody_answered",
    undefined="mixed_scales",
)
