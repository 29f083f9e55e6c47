-- de: Jede Bestellung mit dem, was von ihrem Betrag nach Erstattungen bleibt, und dem Grund, aus dem sie nicht zählt: storniert, Test, unbezahlt, voll erstattet oder außerhalb des gewählten Zeitraums. Ohne Grund zählt sie.
-- en: Every order with what refunds leave of its amount, and the reason why it does not count: cancelled, test, unpaid, fully refunded or outside the chosen range. Without a reason it counts.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  o.amount_minor,
  o.amount_minor - LEAST(o.amount_minor, COALESCE(r.refunded_minor, 0)) AS revenue_minor,
  o.units,
  CASE
    WHEN o.state <> 'counted' THEN o.state
    WHEN o.day NOT BETWEEN $since_day AND $until_day THEN 'outside_range'
    WHEN o.amount_minor > 0 AND r.refunded_minor >= o.amount_minor THEN 'fully_refunded'
  END AS reason
FROM dated_orders AS o
LEFT JOIN order_refunds AS r ON r.order_id = o.order_id
