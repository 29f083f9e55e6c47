-- de: Je Artikel, der bestellt wurde, sein Name und seine Warengruppe, soweit bekannt.
-- en: For each product that was ordered its name and category, as far as known.
SELECT
  l.product_id,
  l.product,
  p.category
FROM (
  SELECT COALESCE(product_id, product) AS product_id, MAX(product) AS product
  FROM order_lines
  WHERE COALESCE(product_id, product) IS NOT NULL
  GROUP BY COALESCE(product_id, product)
) AS l
LEFT JOIN products AS p ON p.product_id = l.product_id
