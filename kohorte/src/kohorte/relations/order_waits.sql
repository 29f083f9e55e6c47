-- de: Je Kunde und Kauftag die Tage bis zum nächsten Kauftag und ob er kam; eine offene Pause endet mit den Daten (zensiert). Der wievielte Kauftag es war, steht dabei.
-- en: For each customer and purchase day the days until the next purchase day, and whether it came; a pause that is still open ends with the data (censored). Which purchase day it was stands beside it.
SELECT
  customer_id,
  day,
  ROW_NUMBER() OVER along AS nth,
  COALESCE(LEAD(day) OVER along, $history_end - 1) - day AS days,
  LEAD(day) OVER along IS NOT NULL AS came
FROM purchase_days
WINDOW along AS (PARTITION BY customer_id ORDER BY day)
