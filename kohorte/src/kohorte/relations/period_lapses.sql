-- de: Je Zeitraum, von seinem ersten Tag an gesehen: wie viele Kunden in den w Tagen davor kauften (`active`), wie viele davon in den w Tagen danach nicht (`lapsed`), und wie viele von diesen in den r, 30 oder 365 Tagen darauf wieder (`returned`; im Segment `lapsed` sie selbst). Leer, was noch nicht vorbei ist; nichts, wo davor keine w Tage Daten liegen. Ein Zeitraum, der alle Daten umfasst, beginnt so spät, dass gerade alles vorbei ist.
-- en: Per period, as seen from its first day: how many customers bought in the w days before (`active`), how many of them not in the w days after (`lapsed`), and how many of these again in the r, 30 or 365 days after that (`returned`; in the segment `lapsed` they themselves). Empty what is not over yet; nothing where there are no w days of data before. A period that spans all the data starts so late that everything is just over.
WITH spans AS (
  SELECT 'lapsed' AS segment, $active_days AS days
  UNION ALL SELECT 'all', $active_days + $repeat_days
  UNION ALL SELECT '30_days', $active_days + 30
  UNION ALL SELECT '365_days', $active_days + 365
), starts AS (
  SELECT
    p.period,
    s.segment,
    s.days,
    CASE
      WHEN p.starts_day <= $history_start AND p.at_day >= $history_end THEN $history_end - s.days
      ELSE p.starts_day
    END AS start_day
  FROM periods AS p
  CROSS JOIN spans AS s
)
SELECT
  s.period,
  s.segment,
  COALESCE(a.customers, 0) AS active,
  CASE WHEN s.start_day + $active_days <= $history_end THEN l.customers END AS lapsed,
  CASE WHEN s.start_day + s.days <= $history_end THEN r.customers END AS returned
FROM starts AS s
LEFT JOIN (SELECT at_day, SUM(active) AS customers FROM activity GROUP BY at_day) AS a
  ON a.at_day = s.start_day
JOIN lapses AS l ON l.kind = 'lapsed' AND l.at_day = s.start_day
JOIN lapses AS r ON r.kind = s.segment AND r.at_day = s.start_day
WHERE s.start_day - $active_days >= $history_start
