-- de: Je Zeitraum und Kundengruppe: aktiv am Anfang der Bindungsfrist, aktiv am Ende, davon beides (geblieben), neu gewonnen, Umsatz der letzten w Tage. Geblieben = aktiv am Anfang + aktiv am Ende − in w + p Tagen erreicht.
-- en: Per period and group of customers: active at the start of the retention period, active at its end, both (retained), gained, revenue of the last w days. Retained = active at start + active at end − reached in w + p days.
SELECT
  p.period,
  e.customer_group,
  s.active AS active_at_start,
  e.active AS active_at_end,
  s.active + e.active - e.reached AS retained,
  e.gained - s.gained AS new,
  e.sold_minor - w.sold_minor AS revenue_minor
FROM periods AS p
JOIN activity AS e ON e.at_day = p.at_day
JOIN activity AS s
  ON s.at_day = p.at_day - $retention_days AND s.customer_group = e.customer_group
JOIN activity AS w
  ON w.at_day = p.at_day - $active_days AND w.customer_group = e.customer_group
WHERE p.at_day - $active_days - $retention_days >= $history_start
