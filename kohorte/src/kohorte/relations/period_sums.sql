-- de: Je Zeitraum die Kunden, die darin gleich oft bestellten: wie viele es sind, was sie ausgaben, Stück, und deren Quadrate. Getrennt nach denen, die darin an ihrem ersten Kauftag bestellten (`is_new`), danach (`is_existing`) oder beides, und ob sie am Ende des Zeitraums aktiv sind.
-- en: Per period the customers who ordered equally often in it: how many they are, what they spent, units, and the squares of these. Apart by those who ordered in it on their first purchase day (`is_new`), later (`is_existing`) or both, and whether they are active at the end of the period.
SELECT
  c.period,
  c.new_orders > 0 AS is_new,
  c.orders > c.new_orders AS is_existing,
  c.last_day >= p.at_day - $active_days AS is_active,
  c.orders,
  COUNT(*) AS customers,
  SUM(c.revenue_minor) AS revenue_minor,
  SUM(CAST(c.revenue_minor AS DOUBLE) * c.revenue_minor) AS revenue_squared,
  SUM(c.units) AS units,
  SUM(CAST(c.units AS DOUBLE) * CAST(c.units AS DOUBLE)) AS units_squared
FROM customer_periods AS c
JOIN periods AS p ON p.period = c.period
GROUP BY
  c.period, c.new_orders > 0, c.orders > c.new_orders, c.last_day >= p.at_day - $active_days, c.orders
