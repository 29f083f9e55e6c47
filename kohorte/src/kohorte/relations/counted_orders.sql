-- de: Bestellungen, die zählen. Teilerstattungen mindern den Umsatz der Bestellung, zu der sie gehören.
-- en: Orders that count. Partial refunds reduce the revenue of the order they belong to.
SELECT order_id, customer_id, day, revenue_minor, units
FROM judged_orders
WHERE reason IS NULL
