-- de: Kunden nach dem Zeitraum ihres ersten Kauftags (cohort) und dem Zeitraum ihrer Käufe: Kunden, Bestellungen, Umsatz.
-- en: Customers by the period of their first purchase day (cohort) and the period of their purchases: customers, orders, revenue.
SELECT
  f.period AS cohort,
  c.period - f.period AS age,
  COUNT(*) AS customers,
  SUM(p.orders) AS orders,
  SUM(p.revenue_minor) AS revenue_minor
FROM customer_periods AS p
JOIN calendar AS f ON f.day = p.first_day
JOIN periods AS c ON c.period = p.period
GROUP BY f.period, c.period - f.period
