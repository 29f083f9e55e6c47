-- de: Je Kunde eine Zeile: erster und letzter Kauftag, Kauftage, Bestellungen, Umsatz, Stück und der Umsatz des ersten Kauftags.
-- en: One row per customer: first and last purchase day, purchase days, orders, revenue, units, and the revenue of the first purchase day.
SELECT
  customer_id,
  MIN(day) AS first_day,
  MAX(day) AS last_day,
  COUNT(*) AS purchase_days,
  CAST(SUM(orders) AS BIGINT) AS orders,
  CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(units) AS units,
  MIN_BY(revenue_minor, day) AS first_revenue_minor
FROM purchase_days
GROUP BY customer_id
