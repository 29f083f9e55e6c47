-- de: Die Kauftage der bekannten Kunden: je Kunde und Kalendertag eine Zeile. Mehrere Bestellungen am selben Tag sind ein Kauftag.
-- en: The purchase days of known customers: one row per customer and calendar day. Several orders on one day are one purchase day.
SELECT customer_id, day, orders, revenue_minor, units
FROM order_days
WHERE customer_id IS NOT NULL
