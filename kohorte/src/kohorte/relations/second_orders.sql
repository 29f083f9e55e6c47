-- de: Je Zeitraum die Kunden, deren erste Bestellung darin liegt: wie viele, wie viele davon schon lange genug beobachtet, und wie viele davon binnen der Frist ein zweites Mal bestellten.
-- en: Per period the customers whose first order lies in it: how many, how many of them observed for long enough, and how many of those ordered a second time within the window.
WITH firsts AS (
  SELECT
    day,
    day + $repeat_days < $history_end AS matured,
    COALESCE(next_day <= day + $repeat_days, FALSE) AS repeated
  FROM purchases
  WHERE previous_day IS NULL
)
SELECT
  c.period,
  COUNT(*) AS gained,
  COUNT(*) FILTER (WHERE f.matured) AS matured,
  COUNT(*) FILTER (WHERE f.matured AND f.repeated) AS repeated
FROM firsts AS f
JOIN calendar AS c ON c.day = f.day
GROUP BY c.period
