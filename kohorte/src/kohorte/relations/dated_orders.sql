-- de: Jede Bestellung mit ihrem Kalendertag in der Zeitzone des Shops. Tage zählen ab dem 1. Januar 1970.
-- en: Every order with its calendar day in the shop's zone. Days count from 1 January 1970.
SELECT
  order_id,
  customer_id,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(placed_at AS DATE)
      ELSE CAST(placed_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS day,
  amount_minor,
  units,
  state
FROM orders
