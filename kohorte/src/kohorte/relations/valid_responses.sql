-- de: Jede Antwort mit einem Wert auf der Skala ihrer Frage und einem Gewicht über null. Wo die Skala nicht dabeisteht: NPS 0 bis 10, Zufriedenheit 1 bis 5, Mühe 1 bis 7. Oben ist beim NPS ab 9, sonst das oberste Viertel der Skala (4 und 5 von 5); unten beim NPS bis 6. `place` zählt die Werte der Skala ab 1.
-- en: Every answer with a score on the scale of its question and a weight above zero. Where the scale is not said: NPS 0 to 10, satisfaction 1 to 5, effort 1 to 7. Top is from 9 for NPS, otherwise the upper quarter of the scale (4 and 5 of 5); bottom is up to 6 for NPS. `place` counts the scores of the scale from 1.
WITH scaled AS (
  SELECT
    response_id,
    customer_id,
    day,
    question,
    score,
    COALESCE(lowest, CASE WHEN question = 'nps' THEN 0 ELSE 1 END) AS lowest,
    COALESCE(
      highest, CASE WHEN question = 'nps' THEN 10 WHEN question = 'ces' THEN 7 ELSE 5 END
    ) AS highest,
    weight,
    ticket_id
  FROM dated_responses
  WHERE question IN ('nps', 'csat', 'ces')
)
SELECT
  response_id,
  customer_id,
  day,
  question,
  score,
  lowest,
  highest,
  score - lowest + 1 AS place,
  weight,
  ticket_id,
  CASE
    WHEN question = 'nps' THEN CASE WHEN score >= 9 THEN 1 ELSE 0 END
    WHEN score >= highest - (highest - lowest) / 4.0 THEN 1
    ELSE 0
  END AS is_top,
  CASE WHEN question = 'nps' AND score <= 6 THEN 1 ELSE 0 END AS is_bottom
FROM scaled
WHERE score BETWEEN lowest AND highest AND lowest < highest AND weight > 0 AND weight < 1e9
