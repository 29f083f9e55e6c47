-- de: Kunden nach dem Zeitraum ihres ersten Kauftags (cohort) und dem Zeitraum ihrer Käufe. Ein Kunde zählt in einem Zeitraum mit seiner ersten Bestellung darin: der, deren Vorgängerin davor liegt.
-- en: Customers by the period of their first purchase day (cohort) and the period of their purchases. A customer counts in a period with the first order in it: the one whose predecessor lies before.
SELECT
  f.period AS cohort,
  c.period - f.period AS age,
  COUNT(*) - COUNT(CASE WHEN p.previous_day >= c.starts_day THEN 1 END) AS customers,
  COUNT(*) AS orders,
  SUM(p.revenue_minor) AS revenue_minor
FROM purchases AS p
JOIN calendar AS c ON c.day = p.day
JOIN calendar AS f ON f.day = p.first_day
GROUP BY f.period, c.period - f.period
