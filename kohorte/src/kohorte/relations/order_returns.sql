-- de: Jede gezählte oder voll erstattete Bestellung: ob binnen der Rückgabefrist etwas zurückkam und ob die Frist vorbei ist.
-- en: Every counted or fully refunded order: whether something came back within the time to return it, and whether that time is over.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  CASE WHEN r.order_id IS NULL THEN 0 ELSE 1 END AS happened,
  CASE WHEN o.day + $return_days < $history_end THEN 1 ELSE 0 END AS matured
FROM judged_orders AS o
LEFT JOIN (
  SELECT order_id, MIN(day) AS day
  FROM dated_returns
  WHERE kind = 'return'
  GROUP BY order_id
) AS r ON r.order_id = o.order_id AND r.day <= o.day + $return_days
WHERE o.reason IS NULL OR o.reason = 'fully_refunded'
