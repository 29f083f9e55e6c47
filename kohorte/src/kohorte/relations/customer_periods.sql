-- de: Je Kunde und Zeitraum eine Zeile: was er darin kaufte, und wie viel davon an seinem allerersten Kauftag. Eine Bestellung, deren Nachbarinnen außerhalb liegen, ist schon die ganze Zeile; nur die übrigen werden gruppiert.
-- en: One row per customer and period: what was bought in it, and how much of that on the customer's very first purchase day. An order whose neighbors lie outside is the whole row already; only the others are grouped.
WITH placed AS (
  SELECT
    c.period,
    p.customer_id,
    p.first_day,
    p.day,
    p.revenue_minor,
    p.units,
    p.day = p.first_day AS is_new,
    COALESCE(p.previous_day < c.starts_day, TRUE) AND COALESCE(p.next_day >= c.ends_day, TRUE)
      AS is_alone
  FROM purchases AS p
  JOIN calendar AS c ON c.day = p.day
)
SELECT
  period,
  customer_id,
  first_day,
  day AS last_day,
  CAST(1 AS BIGINT) AS orders,
  revenue_minor,
  units,
  CAST(CASE WHEN is_new THEN 1 ELSE 0 END AS BIGINT) AS new_orders,
  CASE WHEN is_new THEN revenue_minor ELSE 0 END AS new_revenue_minor
FROM placed
WHERE is_alone
UNION ALL
SELECT
  period,
  customer_id,
  first_day,
  MAX(day),
  COUNT(*),
  CAST(SUM(revenue_minor) AS BIGINT),
  SUM(units),
  COUNT(*) FILTER (WHERE is_new),
  CAST(COALESCE(SUM(revenue_minor) FILTER (WHERE is_new), 0) AS BIGINT)
FROM placed
WHERE NOT is_alone
GROUP BY period, customer_id, first_day
