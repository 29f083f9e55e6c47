"""Net Promoter Score: promoters less detractors."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric
from kohorte.metrics.voices import net_promoter

METRIC = Metric(
    slug="net_promoter_score",
    rank=300,
    chapter="voices",
    name=Text(
        de="Net Promoter Score (NPS)",
        en="Net Promoter Score (NPS)",
    ),
    sentence=Text(
        de="Um so viele Punkte überwiegen die Kunden, die uns weiterempfehlen, die Kritiker.",
        en="By how many points those who recommend us outweigh the critics.",
    ),
    formula=Text(
        de="Promotoren (9 und 10) in Prozent − Kritiker (0 bis 6) in Prozent, in Punkten von −100 bis 100; „gewichtet“ mit dem Gewicht jeder Antwort",
        en="promoters (9 and 10) in percent − detractors (0 to 6) in percent, in points from −100 to 100; “weighted” with the weight of each answer",
    ),
    denominator=Text(
        de="Antworten mit einem Wert von 0 bis 10",
        en="answers with a score from 0 to 10",
    ),
    unit="points",
    direction="up",
    needs=frozenset({"responses"}),
    censoring=Text(
        de="Wer nicht antwortet, ist nicht dabei. Werte außerhalb von 0 bis 10 zählen nicht; Antworten auf einer anderen Skala ergeben keinen NPS.",
        en="Who does not answer is not in it. Scores outside 0 to 10 do not count; answers on another scale give no NPS.",
    ),
    source=Text(
        de="Reichheld 2003; Spanne nach Rocks 2016 (adjustiertes Wald-Intervall): drei Antworten mehr, je drei Viertel davon auf beiden Seiten",
        en="Reichheld 2003; range by Rocks 2016 (adjusted Wald): three answers added, three quarters of one on each side",
    ),
    select="""
SELECT
  period, 'all' AS segment, n, n AS weights, n AS weights_squared,
  top AS promoters, bottom AS detractors, one_scale, lowest, highest
FROM survey_answers
WHERE question = 'nps'
UNION ALL
SELECT
  period, 'weighted', n, weights, weights_squared,
  top_weights, bottom_weights, one_scale, lowest, highest
FROM survey_answers
WHERE
  question = 'nps'
  AND EXISTS (SELECT 1 FROM valid_responses WHERE question = 'nps' AND weight <> 1)
""",
    estimate=net_promoter(),
    behind="""
SELECT
  customer_id,
  SUM(is_top - is_bottom) AS numerator,
  COUNT(*) AS denominator
FROM valid_responses
WHERE question = 'nps' AND day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    orders_from="none",
    segments=("all", "weighted"),
    floor=-100.0,
    absent="nobody_answered",
    undefined="nobody_answered",
)
