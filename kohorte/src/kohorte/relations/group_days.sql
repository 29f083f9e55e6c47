-- de: Je zufälliger Kundengruppe und Tag: wie viele Bestellungen dieses Tages auf w ruhige Tage folgten (begun) und auf wie viele w ruhige Tage folgten (ended), dasselbe für w + p Tage (reach_begun, reach_ended), die ersten Bestellungen eines Kunden (gained) und der Umsatz (sold_minor).
-- en: Per random group of customers and day: how many orders of this day came after w quiet days (begun) and how many had w quiet days after them (ended), the same for w + p days (reach_begun, reach_ended), the first orders of a customer (gained) and the revenue (sold_minor).
SELECT
  CAST(HASH(customer_id) % 100 AS INTEGER) AS customer_group,
  day,
  COUNT(*) - COUNT(CASE WHEN previous_day >= day - $active_days THEN 1 END) AS begun,
  COUNT(*) - COUNT(CASE WHEN next_day <= day + $active_days THEN 1 END) AS ended,
  COUNT(*) - COUNT(CASE WHEN previous_day >= day - $active_days - $retention_days THEN 1 END)
    AS reach_begun,
  COUNT(*) - COUNT(CASE WHEN next_day <= day + $active_days + $retention_days THEN 1 END)
    AS reach_ended,
  COUNT(*) - COUNT(previous_day) AS gained,
  CAST(SUM(revenue_minor) AS BIGINT) AS sold_minor
FROM purchases
GROUP BY customer_group, day
