-- de: Der erste und der letzte Tag mit einer gezählten Bestellung, ob ihr Kunde bekannt ist oder nicht.
-- en: The first and the last day with a counted order, whether its customer is known or not.
WITH days AS (
  SELECT MIN(day) AS first_day, MAX(day) AS last_day FROM purchases
  UNION ALL
  SELECT MIN(day), MAX(day) FROM unidentified_days
)
SELECT MIN(first_day) AS first_day, MAX(last_day) AS last_day
FROM days
