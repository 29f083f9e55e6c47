-- de: Je Kunde und Kauftag die Tage bis zum nächsten Kauftag und ob er kam; eine offene Pause endet mit den Daten (zensiert). Der wievielte Kauftag es war, steht dabei. Die letzte Bestellung eines Tages ist die, deren Nachfolgerin auf einem späteren Tag liegt oder fehlt.
-- en: For each customer and purchase day the days until the next purchase day, and whether it came; a pause that is still open ends with the data (censored). Which purchase day it was stands beside it. The last order of a day is the one whose successor lies on a later day or is missing.
SELECT
  customer_id,
  day,
  nth,
  COALESCE(next_day, $history_end - 1) - day AS days,
  next_day IS NOT NULL AS came
FROM purchases
WHERE next_day > day OR next_day IS NULL
