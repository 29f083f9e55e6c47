-- de: Jeder qualifizierte Interessent mit seinem Tag, ob er binnen der Frist zum ersten Mal gekauft hat und ob die Frist vorbei ist. Wer vorher schon Kunde war, zählt nicht.
-- en: Every qualified lead with its day, whether it bought for the first time within the time allowed, and whether that time is over. Who was a customer before does not count.
SELECT
  l.lead_id,
  l.customer_id,
  l.channel,
  l.day,
  CASE WHEN l.day + $lead_days < $history_end THEN 1 ELSE 0 END AS matured,
  CASE WHEN t.first_day BETWEEN l.day AND l.day + $lead_days THEN 1 ELSE 0 END AS converted
FROM dated_leads AS l
LEFT JOIN customer_totals AS t ON t.customer_id = l.customer_id
WHERE l.qualified AND (t.first_day IS NULL OR t.first_day >= l.day)
