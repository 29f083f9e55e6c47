-- de: Je Kunde und Zeitraum eine Zeile, wo er darin mehr als eine Bestellung hat: was er kaufte, und wie viel davon an seinem allerersten Kauftag.
-- en: One row per customer and period with more than one order in it: what was bought, and how much of that on the customer's very first purchase day.
SELECT
  c.period,
  p.customer_id,
  p.first_day,
  MAX(p.day) AS last_day,
  COUNT(*) AS orders,
  CAST(SUM(p.revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(p.units) AS units,
  COUNT(CASE WHEN p.day = p.first_day THEN 1 END) AS new_orders,
  CAST(COALESCE(SUM(CASE WHEN p.day = p.first_day THEN p.revenue_minor END), 0) AS BIGINT)
    AS new_revenue_minor
FROM purchases AS p
JOIN calendar AS c ON c.day = p.day
WHERE p.previous_day >= c.starts_day OR p.next_day < c.ends_day
GROUP BY c.period, p.customer_id, p.first_day
