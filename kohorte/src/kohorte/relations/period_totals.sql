-- de: Je Zeitraum und Segment die Summen, aus denen Werte und Spannen folgen: Kunden, Wiederkäufer, Bestellungen, Umsatz, Stück, ihre Quadrate und Produkte über Kunden. Neu ist, was am ersten Kauftag eines Kunden gekauft wurde.
-- en: Per period and segment the sums that give values and intervals: customers, repeaters, orders, revenue, units, their squares and products over customers. New is what was bought on a customer's first purchase day.
WITH shares AS (
  SELECT period, 'all' AS segment, first_day, last_day, orders, revenue_minor, units
  FROM customer_periods
  UNION ALL
  SELECT period, 'new', first_day, first_day, new_orders, new_revenue_minor, NULL
  FROM customer_periods
  WHERE new_orders > 0
  UNION ALL
  SELECT
    period, 'existing', first_day, last_day,
    orders - new_orders, revenue_minor - new_revenue_minor, NULL
  FROM customer_periods
  WHERE orders > new_orders
)
SELECT
  period,
  segment,
  COUNT(*) AS customers,
  SUM(CASE WHEN orders >= 2 THEN 1 ELSE 0 END) AS repeaters,
  SUM(CASE WHEN last_day > first_day THEN 1 ELSE 0 END) AS returning_customers,
  SUM(orders) AS orders,
  SUM(revenue_minor) AS revenue_minor,
  SUM(units) AS units,
  SUM(CAST(orders AS DOUBLE) * orders) AS orders_squared,
  SUM(CAST(revenue_minor AS DOUBLE) * revenue_minor) AS revenue_squared,
  SUM(CAST(revenue_minor AS DOUBLE) * orders) AS revenue_times_orders,
  SUM(CAST(units AS DOUBLE) * CAST(units AS DOUBLE)) AS units_squared,
  SUM(CAST(units AS DOUBLE) * orders) AS units_times_orders
FROM shares
GROUP BY period, segment
