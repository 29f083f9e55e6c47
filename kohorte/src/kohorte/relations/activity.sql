-- de: Für jeden Tag, an seinem Beginn gesehen: wie viele Kunden in den letzten w Tagen kauften (active), wie viele in den letzten w + p Tagen (reached), wie viele bisher gewonnen wurden (gained) und was bisher umgesetzt wurde (sold_minor). Aktiv ist ein Kunde vom Tag nach einem Kauf, vor dem w Tage Ruhe war, bis w Tage nach einem Kauf, auf den w Tage Ruhe folgt. In hundert zufälligen Kundengruppen, aus deren Streuung die Spanne zusammengesetzter Werte folgt.
-- en: For each day, as seen at its beginning: how many customers bought in the last w days (active), how many in the last w + p days (reached), how many had been gained so far (gained) and what had been sold so far (sold_minor). A customer is active from the day after a purchase that w quiet days went before until w days after a purchase that w quiet days follow. In a hundred random groups of customers, whose spread gives the range of composite values.
WITH changes AS (
  SELECT
    customer_group, day + 1 AS at_day, begun AS active, reach_begun AS reached, gained, sold_minor
  FROM group_days
  UNION ALL
  SELECT customer_group, day + $active_days + 1, -ended, 0, 0, 0
  FROM group_days
  UNION ALL
  SELECT customer_group, day + $active_days + $retention_days + 1, 0, -reach_ended, 0, 0
  FROM group_days
), summed AS (
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
  FROM (SELECT DISTINCT customer_group FROM group_days) AS g
  CROSS JOIN history_days AS d
)
SELECT
  s.customer_group,
  s.at_day,
  SUM(COALESCE(c.active, 0)) OVER so_far AS active,
  SUM(COALESCE(c.reached, 0)) OVER so_far AS reached,
  SUM(COALESCE(c.gained, 0)) OVER so_far AS gained,
  SUM(COALESCE(c.sold_minor, 0)) OVER so_far AS sold_minor
FROM spine AS s
LEFT JOIN summed AS c ON c.customer_group = s.customer_group AND c.at_day = s.at_day
WINDOW so_far AS (PARTITION BY s.customer_group ORDER BY s.at_day)
