-- de: Je Zeitraum und Segment die Summen, aus denen Werte und Spannen folgen: Kunden, Wiederkäufer, Bestellungen, Umsatz, Stück, ihre Quadrate und Produkte über Kunden. Neu ist, was am ersten Kauftag eines Kunden gekauft wurde.
-- en: Per period and segment the sums that give values and intervals: customers, repeaters, orders, revenue, units, their squares and products over customers. New is what was bought on a customer's first purchase day.
WITH shares AS (
  SELECT
    period, 'all' AS segment, customers, CASE WHEN is_existing THEN customers ELSE 0 END AS came_again,
    orders, revenue_minor, revenue_squared, units, units_squared
  FROM period_sums
  UNION ALL
  SELECT period, 'new', customers, 0, orders, revenue_minor, revenue_squared, NULL, NULL
  FROM period_sums
  WHERE NOT is_existing
  UNION ALL
  SELECT period, 'existing', customers, customers, orders, revenue_minor, revenue_squared, NULL, NULL
  FROM period_sums
  WHERE NOT is_new
  UNION ALL
  SELECT
    period,
    CASE WHEN is_new THEN 'new' ELSE 'existing' END,
    customers,
    CASE WHEN is_new THEN 0 ELSE customers END,
    orders, revenue_minor, revenue_squared, NULL, NULL
  FROM split_sums
)
SELECT
  period,
  segment,
  CAST(SUM(customers) AS BIGINT) AS customers,
  SUM(CASE WHEN orders >= 2 THEN customers ELSE 0 END) AS repeaters,
  SUM(came_again) AS returning_customers,
  SUM(customers * orders) AS orders,
  SUM(revenue_minor) AS revenue_minor,
  SUM(units) AS units,
  SUM(CAST(customers AS DOUBLE) * orders * orders) AS orders_squared,
  SUM(revenue_squared) AS revenue_squared,
  SUM(CAST(revenue_minor AS DOUBLE) * orders) AS revenue_times_orders,
  SUM(units_squared) AS units_squared,
  SUM(CAST(units AS DOUBLE) * orders) AS units_times_orders
FROM shares
GROUP BY period, segment
