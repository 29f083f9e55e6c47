-- de: Je Zeitraum, wie ähnlich sich Bestellungen desselben Kunden sind, aus den Sätzen einer Probe. `alike` sagt, um welchen Faktor der Anteil der Bestellungen unter dem Median stärker streut, als er es bei lauter verschiedenen Kunden täte (ein Wert genau auf dem Median zählt halb). Die Summen darunter sind die der Bestellwerte, kleinstes und größtes Zehntel auf ihre Grenzen gestutzt, über Kunden.
-- en: Per period how much orders of one customer are alike, from the rows of a sample. `alike` says how many times as much the share of orders below the median varies as it would with all customers different (a value right on the median counts half). The sums after it are those of the order values, smallest and largest tenth cut to their bounds, over customers.
WITH shared AS (
  SELECT
    p.customer_id,
    p.weight,
    c.period,
    CAST(COUNT(*) AS DOUBLE) AS orders,
    CAST(SUM(
      CASE
        WHEN p.revenue_minor < m.median_minor THEN -0.5
        WHEN p.revenue_minor > m.median_minor THEN 0.5
        ELSE 0
      END
    ) AS DOUBLE) AS side,
    CAST(SUM(CASE WHEN p.revenue_minor = m.median_minor THEN 0 ELSE 0.25 END) AS DOUBLE)
      AS side_squared,
    CAST(SUM(LEAST(GREATEST(p.revenue_minor, m.lowest_minor), m.highest_minor)) AS DOUBLE)
      AS kept_minor
  FROM sampled_purchases AS p
  JOIN calendar AS c ON c.day = p.day
  JOIN order_value_marks AS m ON m.period = c.period
  GROUP BY p.customer_id, p.weight, c.period
), summed AS (
  SELECT
    period,
    COUNT(*) AS customers,
    SUM(weight * orders) AS orders,
    SUM(weight * side) AS side,
    SUM(weight * side * side) AS side_of_customers,
    SUM(weight * side_squared) AS side_of_orders,
    SUM(weight * side * orders) AS side_times_orders,
    SUM(weight * kept_minor) AS kept_minor,
    SUM(weight * kept_minor * kept_minor) AS kept_squared,
    SUM(weight * kept_minor * orders) AS kept_times_orders,
    SUM(weight * orders * orders) AS orders_squared
  FROM shared
  GROUP BY period
)
SELECT
  period,
  customers,
  CASE
    WHEN side_of_orders * orders > side * side
    THEN GREATEST(
      1,
      (side_of_customers - 2 * side / orders * side_times_orders + side / orders * side / orders * orders_squared)
      / (side_of_orders - side * side / orders)
    )
    ELSE 1
  END AS alike,
  orders,
  kept_minor,
  kept_squared,
  kept_times_orders,
  orders_squared
FROM summed
