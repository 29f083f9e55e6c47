-- de: Jede Retoure und Stornierung mit ihrem Kalendertag in der Zeitzone des Shops.
-- en: Every return and cancellation with its calendar day in the shop's zone.
SELECT
  return_id,
  order_id,
  product_id,
  quantity,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(returned_at AS DATE)
      ELSE CAST(returned_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS day,
  kind,
  reason
FROM returns
