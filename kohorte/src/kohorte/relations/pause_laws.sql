-- de: Wie viele Kunden nach ihrem ersten, zweiten, dritten und nach jedem späteren Kauftag (`nth` 1 bis 4) bis zu einem Tag wieder bestellt hatten, nach Kaplan–Meier, höchstens w Tage lang; 0 steht für alle Kauftage zusammen.
-- en: How many customers had ordered again by a day after their first, second, third and after every later purchase day (`nth` 1 to 4), by Kaplan–Meier, for w days at most; 0 stands for all purchase days together.
WITH counted AS (
  SELECT nth, days, SUM(came) AS came, SUM(came + waiting) AS ended
  FROM wait_counts
  GROUP BY nth, days
  UNION ALL
  SELECT 0, days, SUM(came), SUM(came + waiting)
  FROM wait_counts
  GROUP BY days
), watched AS (
  SELECT
    nth,
    days,
    CAST(came AS DOUBLE) AS came,
    CAST(SUM(ended) OVER (PARTITION BY nth ORDER BY days DESC) AS DOUBLE) AS at_risk
  FROM counted
)
SELECT
  nth,
  days,
  came,
  CASE
    WHEN came = at_risk THEN 1
    ELSE 1 - EXP(SUM(CASE WHEN came < at_risk THEN LN(1 - came / at_risk) ELSE 0 END) OVER so_far)
  END AS returned
FROM watched
WHERE days <= $active_days
WINDOW so_far AS (PARTITION BY nth ORDER BY days)
