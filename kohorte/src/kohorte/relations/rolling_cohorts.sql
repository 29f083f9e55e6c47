-- de: Kunden nach dem Zeitraum ihres ersten Kauftags und dem Alter in gleich langen Schritten seit diesem Tag, für jeden Kunden einzeln gezählt.
-- en: Customers by the period of their first purchase day and the age in equal steps since that day, counted for each customer separately.
WITH aged AS (
  SELECT
    first_day,
    previous_day,
    CAST(FLOOR((day - first_day) / $cohort_days) AS INTEGER) AS age,
    revenue_minor
  FROM purchases
)
SELECT
  c.period AS cohort,
  a.age,
  COUNT(*) - COUNT(CASE WHEN a.previous_day >= a.first_day + a.age * $cohort_days THEN 1 END)
    AS customers,
  COUNT(*) AS orders,
  SUM(a.revenue_minor) AS revenue_minor
FROM aged AS a
JOIN calendar AS c ON c.day = a.first_day
GROUP BY c.period, a.age
