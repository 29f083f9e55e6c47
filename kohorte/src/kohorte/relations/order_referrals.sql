-- de: Jede gezählte Bestellung eines bekannten Kunden und ob sie auf eine Empfehlung zurückgeht. Wer sich selbst empfiehlt, gilt nicht als empfohlen.
-- en: Every counted order of a known customer and whether it goes back to a referral. Who refers themselves does not count as referred.
SELECT
  o.order_id,
  o.customer_id,
  o.day,
  CASE WHEN r.order_id IS NULL THEN 0 ELSE 1 END AS happened,
  1 AS matured
FROM counted_orders AS o
LEFT JOIN referrals AS r
  ON r.order_id = o.order_id AND COALESCE(r.referrer_id, '') <> o.customer_id
WHERE o.customer_id IS NOT NULL
