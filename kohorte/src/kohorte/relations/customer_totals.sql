-- de: Je Kunde eine Zeile: erster und letzter Kauftag, Bestellungen, Umsatz und Stück, und der Umsatz der 365 Tage ab dem ersten Kauftag.
-- en: One row per customer: first and last purchase day, orders, revenue and units, and the revenue of the 365 days from the first purchase day.
SELECT
  customer_id,
  MIN(first_day) AS first_day,
  MAX(day) AS last_day,
  COUNT(*) AS orders,
  CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(units) AS units,
  CAST(SUM(CASE WHEN day < first_day + 365 THEN revenue_minor END) AS BIGINT) AS first_year_minor
FROM purchases
GROUP BY customer_id
