-- de: Je Zeitraum und Art der Frage die gültigen Antworten: Zahl, Gewichte, Summen, und dasselbe für Antworten zu einer Anfrage. Zwei Skalen werden nie vermischt: `one_scale` sagt, ob es nur eine gibt.
-- en: Per period and kind of question the valid answers: number, weights, sums, and the same for answers about a request. Two scales are never mixed: `one_scale` says whether there is only one.
SELECT
  c.period,
  r.question,
  COUNT(*) AS n,
  MIN(r.lowest) = MAX(r.lowest) AND MIN(r.highest) = MAX(r.highest) AS one_scale,
  MIN(r.lowest) AS lowest,
  MAX(r.highest) AS highest,
  SUM(r.weight) AS weights,
  SUM(r.weight * r.weight) AS weights_squared,
  SUM(r.place) AS place,
  SUM(CAST(r.place AS DOUBLE) * CAST(r.place AS DOUBLE)) AS place_squared,
  SUM(r.is_top) AS top,
  SUM(r.is_top * r.weight) AS top_weights,
  SUM(r.is_bottom) AS bottom,
  SUM(r.is_bottom * r.weight) AS bottom_weights,
  COUNT(r.ticket_id) AS of_tickets,
  SUM(CASE WHEN r.ticket_id IS NULL THEN 0 ELSE r.is_top END) AS top_of_tickets,
  COALESCE(
    MIN(CASE WHEN r.ticket_id IS NOT NULL THEN r.lowest END)
    = MAX(CASE WHEN r.ticket_id IS NOT NULL THEN r.lowest END)
    AND MIN(CASE WHEN r.ticket_id IS NOT NULL THEN r.highest END)
    = MAX(CASE WHEN r.ticket_id IS NOT NULL THEN r.highest END),
    FALSE
  ) AS one_scale_of_tickets
FROM valid_responses AS r
JOIN calendar AS c ON c.day = r.day
GROUP BY c.period, r.question
