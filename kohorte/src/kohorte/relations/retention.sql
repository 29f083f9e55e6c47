-- de: Je Zeitraum: wer am Anfang der Bindungsfrist aktiv war, wer blieb, ging, neu kam und zurückkam. Nur Zeiträume, vor deren Ende w + p Tage Daten liegen.
-- en: Per period: who was active at the start of the retention period, who stayed, left, was gained and came back. Only periods with w + p days of data before their end.
WITH summed AS (
  SELECT
    p.period,
    COALESCE(SUM(g.active_at_start), 0) AS active_at_start,
    COALESCE(SUM(g.active_at_end), 0) AS active_at_end,
    COALESCE(SUM(g.retained), 0) AS retained,
    COALESCE(SUM(g.new), 0) AS new
  FROM periods AS p
  LEFT JOIN group_retention AS g ON g.period = p.period
  WHERE p.at_day - $active_days - $retention_days >= $history_start
  GROUP BY p.period
)
SELECT
  period,
  active_at_start,
  active_at_end,
  retained,
  active_at_start - retained AS lost,
  new,
  active_at_end - retained - new AS reactivated
FROM summed
