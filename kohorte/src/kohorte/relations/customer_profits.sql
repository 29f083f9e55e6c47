-- de: Je Zeitraum und Kunde die Bestellungen mit ihrem Rohertrag und denen ohne bekannte Kosten (unknown), und dasselbe für seinen allerersten Kauftag. Dieselbe Aussage wie `order_profits`, aber nur Bestellungen mit bekannten Kosten werden einzeln gerechnet; für alle anderen genügt die Marge ihres Umsatzes.
-- en: Per period and customer the orders with their gross profit and those without known cost (unknown), and the same for the customer's very first purchase day. The same as `order_profits` says, but only orders of known cost are reckoned one by one; for all others the margin of their revenue is enough.
WITH costed AS (
  SELECT
    c.period,
    p.customer_id,
    COUNT(*) AS orders,
    SUM(p.revenue_minor) AS revenue_minor,
    SUM(p.profit_minor) AS profit_minor,
    SUM(CASE WHEN p.is_new THEN 1 ELSE 0 END) AS new_orders,
    SUM(CASE WHEN p.is_new THEN p.revenue_minor ELSE 0 END) AS new_revenue_minor,
    SUM(CASE WHEN p.is_new THEN p.profit_minor ELSE 0 END) AS new_profit_minor
  FROM order_profits AS p
  JOIN calendar AS c ON c.day = p.day
  WHERE p.is_costed
  GROUP BY c.period, p.customer_id
)
SELECT
  a.period,
  a.customer_id,
  a.orders,
  a.new_orders,
  COALESCE(k.profit_minor, 0)
  + COALESCE((a.revenue_minor - COALESCE(k.revenue_minor, 0)) * $margin_share, 0) AS profit_minor,
  COALESCE(k.new_profit_minor, 0)
  + COALESCE((a.new_revenue_minor - COALESCE(k.new_revenue_minor, 0)) * $margin_share, 0)
    AS new_profit_minor,
  CASE WHEN $margin_share IS NULL THEN a.orders - COALESCE(k.orders, 0) ELSE 0 END AS unknown,
  CASE WHEN $margin_share IS NULL THEN a.new_orders - COALESCE(k.new_orders, 0) ELSE 0 END
    AS new_unknown
FROM customer_periods AS a
LEFT JOIN costed AS k ON k.period = a.period AND k.customer_id = a.customer_id
