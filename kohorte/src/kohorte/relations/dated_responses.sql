-- de: Jede Antwort auf eine Umfrage mit ihrem Kalendertag in der Zeitzone des Shops; ohne Gewicht wiegt sie 1.
-- en: Every answer to a survey with its calendar day in the shop's zone; without a weight it weighs 1.
SELECT
  response_id,
  customer_id,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(answered_at AS DATE)
      ELSE CAST(answered_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS day,
  question,
  score,
  lowest,
  highest,
  COALESCE(weight, 1) AS weight,
  answer,
  ticket_id
FROM responses
