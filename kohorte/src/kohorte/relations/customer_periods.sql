-- de: Je Kunde und Zeitraum eine Zeile: was er darin kaufte, und wie viel davon an seinem allerersten Kauftag. Eine Bestellung, deren Nachbarinnen außerhalb liegen, ist schon die ganze Zeile; nur die übrigen werden gruppiert.
-- en: One row per customer and period: what was bought in it, and how much of that on the customer's very first purchase day. An order whose neighbors lie outside is the whole row already; only the others are grouped.
SELECT
  c.period,
  p.customer_id,
  p.first_day,
  p.day AS last_day,
  CAST(1 AS BIGINT) AS orders,
  p.revenue_minor,
  p.units,
  CAST(CASE WHEN p.day = p.first_day THEN 1 ELSE 0 END AS BIGINT) AS new_orders,
  CASE WHEN p.day = p.first_day THEN p.revenue_minor ELSE 0 END AS new_revenue_minor
FROM purchases AS p
JOIN calendar AS c ON c.day = p.day
WHERE
  COALESCE(p.previous_day, c.starts_day - 1) < c.starts_day
  AND COALESCE(p.next_day, c.ends_day) >= c.ends_day
UNION ALL
SELECT
  period, customer_id, first_day, last_day, orders, revenue_minor, units, new_orders,
  new_revenue_minor
FROM shared_periods
