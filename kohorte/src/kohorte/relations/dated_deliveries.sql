-- de: Jede Sendung mit den Kalendertagen in der Zeitzone des Shops, an denen sie abging, ankam und ankommen sollte; leer, wo es niemand weiß.
-- en: Every parcel with the calendar days in the shop's zone on which it was sent, arrived and was to arrive; empty where nobody knows.
SELECT
  delivery_id,
  order_id,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(shipped_at AS DATE)
      ELSE CAST(shipped_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS shipped_day,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(delivered_at AS DATE)
      ELSE CAST(delivered_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS delivered_day,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(promised_at AS DATE)
      ELSE CAST(promised_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS promised_day
FROM deliveries
