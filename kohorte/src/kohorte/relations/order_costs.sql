-- de: Je Bestellung, in der wenigstens ein Artikel mit bekannten Kosten liegt, die Einstandskosten vor Erstattungen. Für die übrigen Positionen gilt die eingestellte Marge; sind auch sie damit nicht bekannt, bleiben die Kosten der Bestellung leer.
-- en: Per order that holds at least one product of known cost, the cost of its goods before refunds. For its other lines the margin that is set holds; if that does not tell them either, the cost of the order is empty.
SELECT
  l.order_id,
  CASE
    WHEN COUNT(COALESCE(l.quantity * p.unit_cost, l.amount_minor * (1 - $margin_share))) = COUNT(*)
    THEN SUM(
      COALESCE(
        CAST(l.quantity * p.unit_cost AS DOUBLE) * $minor_units,
        l.amount_minor * (1 - $margin_share)
      )
    )
  END AS cost_minor
FROM order_lines AS l
LEFT JOIN products AS p ON p.product_id = l.product_id
WHERE EXISTS (SELECT 1 FROM products)
GROUP BY l.order_id
HAVING COUNT(l.quantity * p.unit_cost) > 0
