-- de: Je Kunde, was Kaufmodelle brauchen, in Tagen: x Wiederholungskauftage, t_x vom ersten bis zum letzten Kauftag, T vom ersten Kauftag bis zum letzten Tag der Daten; `monetary` ist der mittlere Umsatz der Wiederholungskauftage.
-- en: Per customer what purchase models need, in days: x repeat purchase days, t_x from the first to the last purchase day, T from the first purchase day to the last day of the data; `monetary` is the mean revenue of repeat purchase days.
SELECT
  customer_id,
  first_day,
  last_day,
  purchase_days,
  orders,
  units,
  revenue_minor,
  purchase_days - 1 AS x,
  last_day - first_day AS t_x,
  $history_end - 1 - first_day AS t,
  CASE
    WHEN purchase_days > 1
    THEN (revenue_minor - first_revenue_minor) / CAST(purchase_days - 1 AS DOUBLE)
  END AS monetary_minor
FROM customer_state
