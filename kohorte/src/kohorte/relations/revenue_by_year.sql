-- de: Die Kunden, die in einem Monat, Quartal oder Jahr und auch im selben Zeitraum ein Jahr zuvor gekauft haben: Umsatz damals und jetzt. Nur wo die Daten den früheren Zeitraum ganz enthalten.
-- en: The customers who bought in a month, quarter or year and in the same period a year before as well: revenue then and now. Only where the data hold the whole of the earlier period.
SELECT
  p.period,
  a.customer_id,
  b.revenue_minor AS before_minor,
  a.revenue_minor AS after_minor
FROM periods AS p
JOIN periods AS e ON e.period = p.period - $periods_per_year AND e.starts_day >= $history_start
JOIN customer_periods AS a ON a.period = p.period AND a.first_day < e.ends_day
JOIN customer_periods AS b ON b.period = e.period AND b.customer_id = a.customer_id
WHERE $periods_per_year > 0
