-- de: Die Kauftage der bekannten Kunden: je Kunde und Kalendertag eine Zeile. Mehrere Bestellungen am selben Tag sind ein Kauftag.
-- en: The purchase days of known customers: one row per customer and calendar day. Several orders on one day are one purchase day.
SELECT
  customer_id,
  day,
  COUNT(*) AS orders,
  CAST(SUM(revenue_minor) AS BIGINT) AS revenue_minor,
  SUM(CAST(units AS DOUBLE)) AS units
FROM counted_orders
WHERE customer_id IS NOT NULL
GROUP BY customer_id, day
