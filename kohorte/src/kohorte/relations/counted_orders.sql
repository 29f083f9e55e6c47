-- de: Bestellungen, die zählen: weder storniert noch Test, noch unbezahlt oder voll erstattet. Teilerstattungen mindern den Umsatz der Bestellung, zu der sie gehören.
-- en: Orders that count: not cancelled, not a test, not left unpaid and not fully refunded. Partial refunds reduce the revenue of the order they belong to.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  o.amount_minor - COALESCE(r.refunded_minor, 0) AS revenue_minor,
  o.units
FROM dated_orders AS o
LEFT JOIN order_refunds AS r ON r.order_id = o.order_id
WHERE o.state = 'counted'
  AND o.day BETWEEN $since_day AND $until_day
  AND NOT COALESCE(r.refunded_minor >= o.amount_minor AND o.amount_minor > 0, FALSE)
