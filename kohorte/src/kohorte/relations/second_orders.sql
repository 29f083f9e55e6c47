-- de: Je Zeitraum die Kunden, deren erste Bestellung darin liegt: wie viele, wie viele davon schon lange genug beobachtet, und wie viele davon binnen der Frist ein zweites Mal bestellten.
-- en: Per period the customers whose first order lies in it: how many, how many of them observed for long enough, and how many of those ordered a second time within the window.
WITH firsts AS (
  SELECT
    first_day,
    first_day + $repeat_days < $history_end AS matured,
    orders >= 2 OR COALESCE(next_day <= first_day + $repeat_days, FALSE) AS repeated
  FROM first_purchases
)
SELECT
  c.period,
  COUNT(*) AS gained,
  SUM(CASE WHEN f.matured THEN 1 ELSE 0 END) AS matured,
  SUM(CASE WHEN f.matured AND f.repeated THEN 1 ELSE 0 END) AS repeated
FROM firsts AS f
JOIN calendar AS c ON c.day = f.first_day
GROUP BY c.period
