-- de: Kunden nach dem Zeitraum ihres ersten Kauftags und dem Alter in gleich langen Schritten seit diesem Tag, für jeden Kunden einzeln gezählt.
-- en: Customers by the period of their first purchase day and the age in equal steps since that day, counted for each customer separately.
WITH aged AS (
  SELECT
    f.first_day,
    CAST(FLOOR((g.day - f.first_day) / $cohort_days) AS INTEGER) AS age,
    CASE
      WHEN g.previous_day IS NULL THEN -1
      ELSE CAST(FLOOR((g.previous_day - f.first_day) / $cohort_days) AS INTEGER)
    END AS previous_age,
    g.orders,
    g.revenue_minor
  FROM purchase_gaps AS g
  JOIN first_purchases AS f ON f.customer_id = g.customer_id
)
SELECT
  c.period AS cohort,
  a.age,
  SUM(CASE WHEN a.age > a.previous_age THEN 1 ELSE 0 END) AS customers,
  SUM(a.orders) AS orders,
  SUM(a.revenue_minor) AS revenue_minor
FROM aged AS a
JOIN calendar AS c ON c.day = a.first_day
GROUP BY c.period, a.age
