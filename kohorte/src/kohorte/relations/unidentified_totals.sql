-- de: Je Zeitraum die Bestellungen ohne bekannten Kunden. Sie stehen neben den Kennzahlen, nicht in ihnen.
-- en: Per period the orders without a known customer. They stand beside the metrics, not in them.
SELECT c.period, SUM(u.orders) AS orders, SUM(u.revenue_minor) AS revenue_minor
FROM unidentified_days AS u
JOIN calendar AS c ON c.day = u.day
GROUP BY c.period
