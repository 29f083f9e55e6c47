-- de: Jede Laufzeit eines Vertrags mit ihren Kalendertagen in der Zeitzone des Shops: Beginn, vereinbartes und tatsächliches Ende.
-- en: Every term of a contract with its calendar days in the shop's zone: start, agreed and actual end.
SELECT
  subscription_id,
  customer_id,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(starts_at AS DATE)
      ELSE CAST(starts_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS starts_day,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(due_at AS DATE)
      ELSE CAST(due_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS due_day,
  CAST(
    CASE
      WHEN $timezone = 'UTC' THEN CAST(ends_at AS DATE)
      ELSE CAST(ends_at AT TIME ZONE 'UTC' AT TIME ZONE $timezone AS DATE)
    END - DATE '1970-01-01' AS INTEGER
  ) AS ends_day,
  monthly_minor,
  reason
FROM subscriptions
