-- de: Je Zeitraum, wie viele Kunden wie oft bestellten.
-- en: Per period how many customers ordered how often.
SELECT period, orders, COUNT(*) AS customers
FROM customer_periods
GROUP BY period, orders
