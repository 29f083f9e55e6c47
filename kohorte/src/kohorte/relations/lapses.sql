-- de: Für jeden Tag, an seinem Beginn gesehen: wie viele Kunden kauften in den w Tagen davor und in den w Tagen danach nicht mehr (`lapsed`), und wie viele von diesen kauften in den r, 30 oder 365 Tagen darauf doch wieder (`all`, `30_days`, `365_days`). Eine Pause von mehr als w Tagen zählt vom Tag nach ihrem Beginn an, solange beides stimmt.
-- en: For each day, as seen at its beginning: how many customers bought in the w days before and not in the w days after (`lapsed`), and how many of these bought again in the r, 30 or 365 days after that (`all`, `30_days`, `365_days`). A pause of more than w days counts from the day after it began, as long as both hold.
WITH kinds AS (
  SELECT 'lapsed' AS kind, 100000 AS horizon
  UNION ALL SELECT 'all', $repeat_days
  UNION ALL SELECT '30_days', 30
  UNION ALL SELECT '365_days', 365
), pauses AS (
  SELECT
    k.kind,
    GREATEST(w.day + 1, w.day + w.days - $active_days - k.horizon + 1) AS from_day,
    LEAST(w.day + $active_days, w.day + w.days - $active_days) AS to_day,
    w.came AS customers
  FROM wait_counts AS w
  JOIN kinds AS k ON w.days < 2 * $active_days + k.horizon
  WHERE w.came > 0 AND w.days > $active_days
  UNION ALL
  SELECT 'lapsed', day + 1, day + $active_days, waiting
  FROM wait_counts
  WHERE waiting > 0
), changes AS (
  SELECT kind, at_day, SUM(change) AS change
  FROM (
    SELECT kind, from_day AS at_day, customers AS change FROM pauses
    UNION ALL
    SELECT kind, to_day + 1, -customers FROM pauses
  ) AS each_end
  GROUP BY kind, at_day
)
SELECT
  k.kind,
  d.at_day,
  CAST(SUM(COALESCE(c.change, 0)) OVER (PARTITION BY k.kind ORDER BY d.at_day) AS BIGINT)
    AS customers
FROM kinds AS k
CROSS JOIN history_days AS d
LEFT JOIN changes AS c ON c.kind = k.kind AND c.at_day = d.at_day
