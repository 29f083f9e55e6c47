-- de: Je Kunde, was Kaufmodelle brauchen, in Tagen: x Wiederholungskauftage, t_x vom ersten bis zum letzten Kauftag, t vom ersten Kauftag bis zum letzten Tag der Daten; `monetary_minor` ist der mittlere Umsatz der Wiederholungskauftage.
-- en: Per customer what purchase models need, in days: x repeat purchase days, t_x from the first to the last purchase day, t from the first purchase day to the last day of the data; `monetary_minor` is the mean revenue of repeat purchase days.
SELECT
  customer_id,
  MAX(nth) - 1 AS x,
  MAX(day) - MIN(first_day) AS t_x,
  $history_end - 1 - MIN(first_day) AS t,
  SUM(CASE WHEN day > first_day THEN revenue_minor END)
    / CAST(NULLIF(MAX(nth) - 1, 0) AS DOUBLE) AS monetary_minor
FROM purchases
GROUP BY customer_id
