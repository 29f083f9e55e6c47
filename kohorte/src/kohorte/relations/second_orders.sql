-- de: Je Zeitraum die Kunden, deren erste Bestellung darin liegt: wie viele, wie viele davon schon lange genug beobachtet, und wie viele davon binnen der Frist ein zweites Mal bestellten.
-- en: Per period the customers whose first order lies in it: how many, how many of them observed for long enough, and how many of those ordered a second time within the window.
SELECT
  c.period,
  CAST(SUM(f.gained) AS BIGINT) AS gained,
  CAST(COALESCE(SUM(f.gained) FILTER (WHERE f.day + $repeat_days < $history_end), 0) AS BIGINT)
    AS matured,
  CAST(COALESCE(SUM(f.repeated) FILTER (WHERE f.day + $repeat_days < $history_end), 0) AS BIGINT)
    AS repeated
FROM first_days AS f
JOIN calendar AS c ON c.day = f.day
GROUP BY c.period
