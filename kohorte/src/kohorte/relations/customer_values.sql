-- de: Was jeder Kunde gebracht hat: der Umsatz seiner gezählten Bestellungen, weniger die Erstattungen an ihn, die keine Bestellung nennen. Die übrigen haben schon ihre Bestellung gemindert.
-- en: What each customer has brought: the revenue of their counted orders, less the refunds to them that name no order. All others have reduced their order already.
SELECT
  t.customer_id,
  t.revenue_minor,
  t.revenue_minor - COALESCE(r.amount_minor, 0) AS value_minor
FROM customer_totals AS t
LEFT JOIN (
  SELECT customer_id, CAST(SUM(amount_minor) AS BIGINT) AS amount_minor
  FROM dated_refunds
  WHERE order_id IS NULL
    AND customer_id IS NOT NULL
    AND day BETWEEN $since_day AND $until_day
  GROUP BY customer_id
) AS r ON r.customer_id = t.customer_id
