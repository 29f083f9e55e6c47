-- de: Jede Bestellung mit dem, was von ihrem Betrag nach Erstattungen bleibt, und dem Grund, aus dem sie nicht zählt: storniert, Test, nach der Zahlungsfrist noch unbezahlt, Personal, Geschäftskunde, voll erstattet oder außerhalb des gewählten Zeitraums. Ohne Grund zählt sie.
-- en: Every order with what refunds leave of its amount, and the reason why it does not count: cancelled, test, still unpaid after the time to pay, staff, business customer, fully refunded or outside the chosen range. Without a reason it counts.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  o.amount_minor,
  o.amount_minor - LEAST(o.amount_minor, COALESCE(r.refunded_minor, 0)) AS revenue_minor,
  o.units,
  o.state,
  CASE
    WHEN o.state = 'open' AND o.day < $unpaid_before_day THEN 'unpaid'
    WHEN o.state <> 'counted' AND POSITION('|' || o.state || '|' IN $counted_reasons) = 0 THEN o.state
    WHEN o.day NOT BETWEEN $since_day AND $until_day THEN 'outside_range'
    WHEN
      o.amount_minor > 0 AND r.refunded_minor >= o.amount_minor
      AND POSITION('|fully_refunded|' IN $counted_reasons) = 0
      THEN 'fully_refunded'
    WHEN o.amount_minor = 0 AND POSITION('|zero_value|' IN $left_out_reasons) > 0 THEN 'zero_value'
  END AS reason
FROM dated_orders AS o
LEFT JOIN order_refunds AS r ON r.order_id = o.order_id
