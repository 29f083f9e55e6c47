-- de: Je Kalendertag die Bestellungen ohne bekannten Kunden.
-- en: Per calendar day the orders without a known customer.
SELECT
  day,
  COUNT(*) AS orders,
  CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor
FROM counted_orders
WHERE customer_id IS NULL
GROUP BY day
