-- de: Jeder Kauftag mit dem vorigen und dem nächsten desselben Kunden; der erste hat keinen vorigen.
-- en: Every purchase day with the previous and the next one of the same customer; the first has no previous one.
SELECT
  customer_id,
  day,
  orders,
  revenue_minor,
  units,
  LAG(day) OVER (PARTITION BY customer_id ORDER BY day) AS previous_day,
  LEAD(day) OVER (PARTITION BY customer_id ORDER BY day) AS next_day
FROM purchase_days
