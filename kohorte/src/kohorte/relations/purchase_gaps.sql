-- de: Wie viele Tage zwischen zwei aufeinanderfolgenden Kauftagen desselben Kunden liegen, und wie oft. Die letzte, noch offene Pause ist nicht dabei.
-- en: How many days lie between two successive purchase days of one customer, and how often. The last pause, which is still open, is not among them.
SELECT next_day - day AS gap_days, COUNT(*) AS gaps
FROM purchases
WHERE next_day > day
GROUP BY next_day - day
