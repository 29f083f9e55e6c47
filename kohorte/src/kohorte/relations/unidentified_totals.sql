-- de: Je Zeitraum die Bestellungen ohne bekannten Kunden. Sie stehen neben den Kennzahlen, nicht in ihnen.
-- en: Per period the orders without a known customer. They stand beside the metrics, not in them.
SELECT c.period, SUM(o.orders) AS orders, SUM(o.revenue_minor) AS revenue_minor
FROM order_days AS o
JOIN calendar AS c ON c.day = o.day
WHERE o.customer_id IS NULL
GROUP BY c.period
