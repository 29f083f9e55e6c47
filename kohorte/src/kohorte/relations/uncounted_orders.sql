-- de: Bestellungen, die nicht zählen, mit dem Grund.
-- en: Orders that do not count, with the reason.
SELECT order_id, customer_id, day, amount_minor, reason
FROM judged_orders
WHERE reason IS NOT NULL
