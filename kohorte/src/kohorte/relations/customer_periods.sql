-- de: Je Kunde und Zeitraum eine Zeile: was er darin kaufte, und wie viel davon an seinem allerersten Kauftag.
-- en: One row per customer and period: what was bought in it, and how much of that on the customer's very first purchase day.
WITH bought AS (
  SELECT
    c.period,
    p.customer_id,
    MIN(p.day) AS from_day,
    MAX(p.day) AS last_day,
    CAST(SUM(p.orders) AS BIGINT) AS orders,
    CAST(SUM(p.revenue_minor) AS BIGINT) AS revenue_minor,
    SUM(p.units) AS units
  FROM purchase_days AS p
  JOIN calendar AS c ON c.day = p.day
  GROUP BY c.period, p.customer_id
)
SELECT
  b.period,
  b.customer_id,
  f.first_day,
  b.last_day,
  b.orders,
  b.revenue_minor,
  b.units,
  CASE WHEN b.from_day = f.first_day THEN f.orders ELSE 0 END AS new_orders,
  CASE WHEN b.from_day = f.first_day THEN f.revenue_minor ELSE 0 END AS new_revenue_minor
FROM bought AS b
JOIN first_purchases AS f ON f.customer_id = b.customer_id
