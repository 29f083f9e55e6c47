-- de: Kunden nach dem Zeitraum ihres ersten Kaufs und dem Abstand ihrer Käufe davon; nur Anzahlen.
-- en: Customers by the period of their first purchase and the distance of their purchases from it; counts only.
WITH firsts AS (
  SELECT mask, MIN(period) AS cohort
  FROM mask_periods
  GROUP BY mask
)
SELECT f.cohort, m.period - f.cohort AS age, SUM(m.customers) AS customers
FROM mask_periods AS m
JOIN firsts AS f ON f.mask = m.mask
GROUP BY f.cohort, m.period - f.cohort
