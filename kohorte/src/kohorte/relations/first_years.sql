-- de: Je Tag, an dem jemand zum ersten Mal bestellte: wie viele es waren, und was sie in den 365 Tagen ab dann einbrachten, mit den Quadraten über Kunden.
-- en: Per day on which somebody ordered for the first time: how many these were, and what they brought in the 365 days from then on, with the squares over customers.
SELECT
  first_day AS day,
  COUNT(*) AS customers,
  SUM(first_year_minor) AS revenue_minor,
  SUM(CAST(first_year_minor AS DOUBLE) * first_year_minor) AS revenue_squared
FROM customer_totals
GROUP BY first_day
