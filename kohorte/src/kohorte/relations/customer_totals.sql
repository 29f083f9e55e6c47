-- de: Je Kunde eine Zeile: erster und letzter Kauftag, Bestellungen, Umsatz und Stück.
-- en: One row per customer: first and last purchase day, orders, revenue and units.
SELECT
  customer_id,
  MIN(first_day) AS first_day,
  MAX(day) AS last_day,
  COUNT(*) AS orders,
  CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(units) AS units
FROM purchases
GROUP BY customer_id
