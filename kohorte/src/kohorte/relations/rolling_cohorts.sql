-- de: Kunden nach dem Zeitraum ihres ersten Kauftags und dem Alter in gleich langen Schritten seit diesem Tag, für jeden Kunden einzeln gezählt.
-- en: Customers by the period of their first purchase day and the age in equal steps since that day, counted for each customer separately.
WITH aged AS (
  SELECT
    first_day,
    CAST(FLOOR((day - first_day) / $cohort_days) AS INTEGER) AS age,
    CASE
      WHEN previous_day IS NULL THEN -1
      ELSE CAST(FLOOR((previous_day - first_day) / $cohort_days) AS INTEGER)
    END AS previous_age,
    revenue_minor
  FROM purchases
)
SELECT
  c.period AS cohort,
  a.age,
  COUNT(*) FILTER (WHERE a.age > a.previous_age) AS customers,
  COUNT(*) AS orders,
  SUM(a.revenue_minor) AS revenue_minor
FROM aged AS a
JOIN calendar AS c ON c.day = a.first_day
GROUP BY c.period, a.age
