-- de: Je Kunde und Zeitraum eine Zeile: was er darin kaufte, und wie viel davon an seinem allerersten Kauftag.
-- en: One row per customer and period: what was bought in it, and how much of that on the customer's very first purchase day.
SELECT
  c.period,
  p.customer_id,
  MIN(p.first_day) AS first_day,
  MAX(p.day) AS last_day,
  COUNT(*) AS orders,
  CAST(SUM(p.revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(p.units) AS units,
  COUNT(*) FILTER (WHERE p.day = p.first_day) AS new_orders,
  CAST(COALESCE(SUM(p.revenue_minor) FILTER (WHERE p.day = p.first_day), 0) AS BIGINT)
    AS new_revenue_minor
FROM purchases AS p
JOIN calendar AS c ON c.day = p.day
GROUP BY c.period, p.customer_id
