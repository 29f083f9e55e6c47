-- de: Jeder Interessent mit seinem Kalendertag in der Zeitzone des Shops.
-- en: Every lead with its calendar day in the shop's zone.
SELECT lead_id, CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(created_at AS DATE)
      ELSE CAST(created_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS day, channel, qualified, customer_id
FROM leads
