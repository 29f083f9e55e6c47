-- de: Jede gezählte, voll erstattete oder stornierte Bestellung und ob sie storniert wurde: nach ihrem Status oder nach der Tabelle der Retouren.
-- en: Every counted, fully refunded or cancelled order and whether it was cancelled: by its state or by the table of returns.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  CASE WHEN o.state = 'cancelled' OR r.order_id IS NOT NULL THEN 1 ELSE 0 END AS happened,
  1 AS matured
FROM judged_orders AS o
LEFT JOIN (
  SELECT order_id
  FROM returns
  WHERE kind = 'cancellation'
  GROUP BY order_id
) AS r ON r.order_id = o.order_id
WHERE o.reason IS NULL OR o.reason IN ('cancelled', 'fully_refunded')
