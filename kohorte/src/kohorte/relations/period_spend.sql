-- de: Je Zeitraum, Zweck und Kanal die Ausgaben und ihre Zahl. Was für mehrere Tage gilt, verteilt sich gleichmäßig auf sie; gezählt werden die Tage, die im Zeitraum und in den Daten liegen.
-- en: Per period, purpose and channel the expenses and their number. What is for several days spreads evenly over them; counted are the days that lie in the period and in the data.
SELECT
  p.period,
  s.purpose,
  s.channel,
  COUNT(*) AS expenses,
  SUM(
    CAST(s.amount_minor AS DOUBLE)
    * (LEAST(s.ends_day + 1, p.ends_day) - GREATEST(s.starts_day, p.starts_day))
    / (s.ends_day + 1 - s.starts_day)
  ) AS amount_minor
FROM (
  SELECT period, GREATEST(starts_day, $history_start) AS starts_day, at_day AS ends_day
  FROM periods
) AS p
JOIN dated_spend AS s ON s.starts_day < p.ends_day AND s.ends_day >= p.starts_day
GROUP BY p.period, s.purpose, s.channel
