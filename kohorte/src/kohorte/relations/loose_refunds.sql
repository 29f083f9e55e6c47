-- de: Erstattungen im gewählten Zeitraum, die keine Bestellung dieser Daten nennen. Sie mindern keinen Umsatz und stehen daneben.
-- en: Refunds in the chosen range that name no order of these data. They reduce no revenue and are shown beside it.
SELECT r.refund_id, r.customer_id, r.day, r.amount_minor
FROM dated_refunds AS r
LEFT JOIN orders AS o ON o.order_id = r.order_id
WHERE o.order_id IS NULL
  AND r.day BETWEEN $since_day AND $until_day
