-- de: Je gezählter Bestellung eines bekannten Kunden Umsatz und Rohertrag: Umsatz weniger Einstandskosten, und wo diese nicht bekannt sind, die eingestellte Marge. Ohne beides bleibt der Rohertrag leer. Eine Erstattung mindert Umsatz und Kosten im selben Verhältnis. Neu ist eine Bestellung am ersten Kauftag ihres Kunden.
-- en: Per counted order of a known customer revenue and gross profit: revenue less the cost of goods, and where that is not known, the margin that is set. Without either, profit is empty. A refund reduces revenue and cost in the same proportion. New is an order on its customer's first purchase day.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  o.day = t.first_day AS is_new,
  c.cost_minor IS NOT NULL AS is_costed,
  o.revenue_minor,
  CASE
    WHEN c.cost_minor IS NULL THEN o.revenue_minor * $margin_share
    WHEN o.amount_minor > 0
    THEN o.revenue_minor - c.cost_minor * o.revenue_minor / o.amount_minor
    ELSE -c.cost_minor
  END AS profit_minor
FROM judged_orders AS o
JOIN customer_totals AS t ON t.customer_id = o.customer_id
LEFT JOIN order_costs AS c ON c.order_id = o.order_id
WHERE o.reason IS NULL
