-- de: Je Zeitraum, wie viele Kunden wie oft bestellten.
-- en: Per period how many customers ordered how often.
SELECT period, orders, CAST(SUM(customers) AS BIGINT) AS customers
FROM period_sums
GROUP BY period, orders
