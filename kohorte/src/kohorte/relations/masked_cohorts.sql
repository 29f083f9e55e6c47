-- de: Kunden nach dem Zeitraum ihres ersten Kaufs und dem Abstand ihrer Käufe davon; nur Anzahlen. Der erste Zeitraum einer Maske ist ihr kleinstes Bit.
-- en: Customers by the period of their first purchase and the distance of their purchases from it; counts only. The first period of a mask is its lowest bit.
SELECT f.period AS cohort, m.period - f.period AS age, SUM(m.customers) AS customers
FROM mask_periods AS m
JOIN periods AS f ON CAST(1 AS BIGINT) << f.period = m.mask & -m.mask
GROUP BY f.period, m.period - f.period
