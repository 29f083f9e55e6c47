-- de: Die beendeten Pausen der Kunden, die mindestens sechs haben, der Länge nach: die wievielte von wie vielen es ist.
-- en: The finished pauses of customers who have six at least, by length: which one of how many it is.
SELECT
  w.customer_id,
  w.days,
  ROW_NUMBER() OVER (PARTITION BY w.customer_id ORDER BY w.days) AS place,
  o.pauses
FROM order_waits AS w
JOIN (
  SELECT customer_id, nth - 1 AS pauses
  FROM order_waits
  WHERE NOT came AND nth > 6
) AS o ON o.customer_id = w.customer_id
WHERE w.came
