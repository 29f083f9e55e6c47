-- de: Je bekanntem Kunden, Artikel und Kauftag eine Zeile mit der Menge. Der Artikel ist seine Nummer, ohne Nummer sein Name; eine fehlende Menge ist ein Stück, Positionen ohne Menge über null zählen nicht.
-- en: One row per known customer, product and purchase day with the quantity. The product is its number, without a number its name; a missing quantity is one piece, lines without a quantity above zero do not count.
SELECT
  o.customer_id,
  COALESCE(l.product_id, l.product) AS product_id,
  o.day,
  SUM(COALESCE(CAST(l.quantity AS DOUBLE), 1)) AS quantity
FROM counted_orders AS o
JOIN order_lines AS l ON l.order_id = o.order_id
WHERE
  o.customer_id IS NOT NULL
  AND COALESCE(l.product_id, l.product) IS NOT NULL
  AND COALESCE(l.quantity, 1) > 0
GROUP BY o.customer_id, COALESCE(l.product_id, l.product), o.day
