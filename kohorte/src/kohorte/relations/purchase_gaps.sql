-- de: Wie viele Tage zwischen zwei aufeinanderfolgenden Kauftagen desselben Kunden liegen, und wie oft. Die letzte, noch offene Pause ist nicht dabei.
-- en: How many days lie between two successive purchase days of one customer, and how often. The last pause, which is still open, is not among them.
SELECT days AS gap_days, CAST(SUM(came) AS BIGINT) AS gaps
FROM wait_counts
WHERE came > 0
GROUP BY days
