-- de: Bestellungen, die nicht zählen, mit dem Grund: storniert, Test, unbezahlt, voll erstattet oder außerhalb des gewählten Zeitraums.
-- en: Orders that do not count, with the reason: cancelled, test, unpaid, fully refunded or outside the chosen range.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  o.amount_minor,
  CASE
    WHEN o.state <> 'counted' THEN o.state
    WHEN o.day NOT BETWEEN $since_day AND $until_day THEN 'outside_range'
    ELSE 'fully_refunded'
  END AS reason
FROM dated_orders AS o
LEFT JOIN order_refunds AS r ON r.order_id = o.order_id
WHERE o.state <> 'counted'
  OR o.day NOT BETWEEN $since_day AND $until_day
  OR COALESCE(r.refunded_minor >= o.amount_minor AND o.amount_minor > 0, FALSE)
