-- de: Je Zeitraum die Bestellungen der Kunden, die an seinem Ende aktiv sind, und die Zahl dieser Kunden.
-- en: Per period the orders of the customers who are active at its end, and the number of these customers.
WITH ordered AS (
  SELECT
    period,
    SUM(customers * orders) AS orders,
    SUM(CAST(customers AS DOUBLE) * orders * orders) AS orders_squared
  FROM period_sums
  WHERE is_active
  GROUP BY period
), active AS (
  SELECT p.period, COALESCE(SUM(a.active), 0) AS customers
  FROM periods AS p
  LEFT JOIN activity AS a ON a.at_day = p.at_day
  WHERE p.at_day - $active_days >= $history_start
  GROUP BY p.period
)
SELECT
  a.period,
  a.customers,
  COALESCE(o.orders, 0) AS orders,
  COALESCE(o.orders_squared, 0) AS orders_squared
FROM active AS a
LEFT JOIN ordered AS o ON o.period = a.period
