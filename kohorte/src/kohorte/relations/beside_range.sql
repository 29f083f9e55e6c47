-- de: Der erste und der letzte Tag in den Tabellen neben den Bestellungen; er gilt, wo es keine Bestellungen gibt.
-- en: The first and the last day in the tables beside the orders; it holds where there are no orders.
SELECT MIN(day) AS first_day, MAX(day) AS last_day
FROM (
  SELECT starts_day AS day FROM dated_subscriptions
  UNION ALL SELECT ends_day FROM dated_subscriptions
  UNION ALL SELECT day FROM dated_responses
  UNION ALL SELECT day FROM dated_leads
  UNION ALL SELECT day FROM dated_tickets
  UNION ALL SELECT starts_day FROM dated_spend
  UNION ALL SELECT ends_day FROM dated_spend
) AS each_day
