-- de: Jede Anfrage an den Kundenservice mit dem Kalendertag ihres Eingangs und den Stunden bis zur ersten Antwort und bis zur Lösung; was vor dem Eingang geschah, etwa am Telefon, dauerte null Stunden.
-- en: Every request to customer service with the calendar day it was opened, and the hours until the first answer and until it was solved; what happened before it was opened, as on the phone, took no hours.
SELECT
  ticket_id,
  customer_id,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(opened_at AS DATE)
      ELSE CAST(opened_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS day,
  CASE
    WHEN answered_at < opened_at THEN 0
    ELSE CAST(EXTRACT(EPOCH FROM answered_at - opened_at) AS DOUBLE) / 3600
  END AS answer_hours,
  CASE
    WHEN solved_at < opened_at THEN 0
    ELSE CAST(EXTRACT(EPOCH FROM solved_at - opened_at) AS DOUBLE) / 3600
  END AS solution_hours,
  contacts,
  channel,
  reason
FROM tickets
