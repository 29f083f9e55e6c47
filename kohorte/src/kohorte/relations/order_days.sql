-- de: Je Kunde und Kalendertag eine Zeile: Bestellungen, Umsatz und Stück dieses Tages. Bestellungen ohne bekannten Kunden stehen in einer Zeile je Tag ohne Kundennummer.
-- en: One row per customer and calendar day: orders, revenue and units of that day. Orders without a known customer share one row per day that has no customer id.
SELECT
  customer_id,
  day,
  CAST(COUNT(*) AS INTEGER) AS orders,
  CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(CAST(units AS DOUBLE)) AS units
FROM counted_orders
GROUP BY customer_id, day
