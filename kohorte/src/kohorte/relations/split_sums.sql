-- de: Je Zeitraum die Kunden, die darin sowohl an ihrem ersten Kauftag als auch später bestellten, in zwei Teilen: was sie an jenem Tag kauften (`is_new`) und was danach. Summen über Kunden mit gleich vielen Bestellungen in diesem Teil.
-- en: Per period the customers who ordered in it on their first purchase day as well as later, in two parts: what they bought on that day (`is_new`) and what after it. Sums over customers with equally many orders in that part.
SELECT
  period,
  is_new,
  orders,
  COUNT(*) AS customers,
  SUM(revenue_minor) AS revenue_minor,
  SUM(CAST(revenue_minor AS DOUBLE) * revenue_minor) AS revenue_squared
FROM (
  SELECT period, TRUE AS is_new, new_orders AS orders, new_revenue_minor AS revenue_minor
  FROM shared_periods
  WHERE new_orders > 0 AND orders > new_orders
  UNION ALL
  SELECT period, FALSE, orders - new_orders, revenue_minor - new_revenue_minor
  FROM shared_periods
  WHERE new_orders > 0 AND orders > new_orders
) AS parts
GROUP BY period, is_new, orders
