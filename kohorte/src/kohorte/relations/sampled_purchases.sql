-- de: Die Bestellungen so vieler Kunden, dass es rund 100.000 sind, als Probe dafür, wie ähnlich sich Bestellungen desselben Kunden sind; in den meisten Shops sind es alle. Kunden mit mehr als einem Tausendstel aller Bestellungen sind immer dabei; jeder andere steht für so viele, wie das Gewicht sagt.
-- en: The orders of so many customers that there are about 100,000, to tell how much orders of one customer are alike; in most shops these are all. Customers with more than a thousandth of all orders are always among them; each other one stands for as many as the weight says.
SELECT
  p.customer_id,
  p.day,
  p.next_day,
  p.revenue_minor,
  s.weight
FROM purchases AS p
JOIN (
  SELECT
    t.customer_id,
    CASE WHEN t.orders * CAST(1000 AS BIGINT) > a.orders THEN 1 ELSE a.every END AS weight
  FROM customer_totals AS t
  CROSS JOIN (
    SELECT
      SUM(orders) AS orders,
      CAST(1 + FLOOR(CAST(SUM(orders) AS DOUBLE) / 100000) AS BIGINT) AS every
    FROM customer_totals
  ) AS a
  WHERE
    t.orders * CAST(1000 AS BIGINT) > a.orders
    OR CAST(HASH(t.customer_id) % 1000000007 AS BIGINT) % a.every = 0
) AS s ON s.customer_id = p.customer_id
