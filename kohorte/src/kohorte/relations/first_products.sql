-- de: Je Kunde der erste Artikel seiner ersten Bestellung und dessen Warengruppe: die oberste Position am ersten Kauftag, bei mehreren Bestellungen die mit der kleinsten Nummer.
-- en: Each customer's first product and its category: the top line on the first purchase day, of several orders the one with the smallest number.
SELECT customer_id, product, category
FROM (
  SELECT
    o.customer_id,
    COALESCE(l.product, l.product_id) AS product,
    p.category,
    ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.order_id, l.line_number) AS place
  FROM counted_orders AS o
  JOIN customer_totals AS t ON t.customer_id = o.customer_id AND t.first_day = o.day
  JOIN order_lines AS l ON l.order_id = o.order_id
  LEFT JOIN products AS p ON p.product_id = l.product_id
) AS first_lines
WHERE place = 1
