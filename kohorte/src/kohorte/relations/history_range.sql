-- de: Der erste und der letzte Tag mit einer gezählten Bestellung, ob ihr Kunde bekannt ist oder nicht.
-- en: The first and the last day with a counted order, whether its customer is known or not.
SELECT MIN(day) AS first_day, MAX(day) AS last_day
FROM counted_orders
