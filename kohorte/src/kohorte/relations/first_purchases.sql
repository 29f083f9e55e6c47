-- de: Der erste Kauftag jedes Kunden und was er an diesem Tag kaufte.
-- en: The first purchase day of each customer and what was bought on it.
SELECT customer_id, day AS first_day, next_day, orders, revenue_minor, units
FROM purchase_gaps
WHERE previous_day IS NULL
