-- de: Summe der Erstattungen, die eine Bestellung nennen.
-- en: Refunds that name an order, summed per order.
SELECT order_id, CAST(SUM(amount_minor) AS BIGINT) AS refunded_minor
FROM refunds
WHERE order_id IS NOT NULL
GROUP BY order_id
