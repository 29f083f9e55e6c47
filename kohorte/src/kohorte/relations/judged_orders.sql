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
    WHEN
      o.reason IS NULL AND o.amount_minor > 0 AND r.refunded_minor >= o.amount_minor
      AND POSITION('|fully_refunded|' IN $counted_reasons) = 0
      THEN 'fully_refunded'
    ELSE o.reason
  END AS reason
FROM stated_orders AS o
LEFT JOIN order_refunds AS r ON r.order_id = o.order_id
