-- de: Für jeden Tag, an seinem Beginn gesehen: wie viele Kunden in den letzten w Tagen kauften (active), wie viele in den letzten w + p Tagen (reached), wie viele bisher gewonnen wurden (gained) und was bisher umgesetzt wurde (sold_minor). In hundert zufälligen Kundengruppen, aus deren Streuung die Spanne zusammengesetzter Werte folgt.
-- en: For each day, as seen at its beginning: how many customers bought in the last w days (active), how many in the last w + p days (reached), how many had been gained so far (gained) and what had been sold so far (sold_minor). In a hundred random groups of customers, whose spread gives the range of composite values.
WITH grouped AS (
  SELECT *, CAST(HASH(customer_id) % 100 AS INTEGER) AS customer_group
  FROM purchase_gaps
), changes AS (
  SELECT
    customer_group,
    day + 1 AS at_day,
    1 AS active,
    1 AS reached,
    CASE WHEN previous_day IS NULL THEN 1 ELSE 0 END AS gained,
    revenue_minor AS sold_minor
  FROM grouped
  UNION ALL
  SELECT
    customer_group,
    LEAST(day + $active_days, COALESCE(next_day, day + $active_days)) + 1,
    -1, 0, 0, 0
  FROM grouped
  UNION ALL
  SELECT
    customer_group,
    LEAST(
      day + $active_days + $retention_days,
      COALESCE(next_day, day + $active_days + $retention_days)
    ) + 1,
    0, -1, 0, 0
  FROM grouped
), daily AS (
  SELECT
    customer_group,
    at_day,
    SUM(active) AS active,
    SUM(reached) AS reached,
    SUM(gained) AS gained,
    SUM(sold_minor) AS sold_minor
  FROM changes
  GROUP BY customer_group, at_day
), spine AS (
  SELECT g.customer_group, d.at_day
  FROM (SELECT DISTINCT customer_group FROM daily) AS g
  CROSS JOIN history_days AS d
)
SELECT
  s.customer_group,
  s.at_day,
  SUM(COALESCE(d.active, 0)) OVER so_far AS active,
  SUM(COALESCE(d.reached, 0)) OVER so_far AS reached,
  SUM(COALESCE(d.gained, 0)) OVER so_far AS gained,
  SUM(COALESCE(d.sold_minor, 0)) OVER so_far AS sold_minor
FROM spine AS s
LEFT JOIN daily AS d ON d.customer_group = s.customer_group AND d.at_day = s.at_day
WINDOW so_far AS (PARTITION BY s.customer_group ORDER BY s.at_day)
