-- de: Jede Erstattung mit ihrem Kalendertag in der Zeitzone des Shops, gerechnet wie bei den Bestellungen.
-- en: Every refund with its calendar day in the shop's zone, reckoned as for orders.
SELECT
  refund_id,
  order_id,
  customer_id,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(refunded_at AS DATE)
      ELSE CAST(refunded_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS day,
  amount_minor
FROM refunds
