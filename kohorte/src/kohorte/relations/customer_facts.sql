-- de: Was sich über jeden Kunden fragen lässt: Bestellungen, Umsatz, Tage, Land, Kanal, erster Artikel und dessen Warengruppe, Monat der ersten Bestellung. Bedingungen werden zu SQL auf diesen Spalten.
-- en: What may be asked about each customer: orders, revenue, days, country, channel, first product and its category, month of the first order. Conditions become SQL on these columns.
SELECT
  t.customer_id,
  t.orders,
  t.revenue_minor AS revenue,
  CAST(FLOOR(CAST(t.revenue_minor AS DOUBLE) / t.orders + 0.5) AS BIGINT) AS average_order_value,
  t.units,
  t.first_day AS first_order,
  t.last_day AS last_order,
  c.country,
  k.channel,
  p.product AS first_product,
  p.category,
  SUBSTRING(CAST(DATE '1970-01-01' + t.first_day AS VARCHAR), 1, 7) AS cohort
FROM customer_totals AS t
LEFT JOIN customers AS c ON c.customer_id = t.customer_id
LEFT JOIN first_products AS p ON p.customer_id = t.customer_id
LEFT JOIN first_channels AS k ON k.customer_id = t.customer_id
