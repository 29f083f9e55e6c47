-- de: Je Kunde, in welchen Zeiträumen er kaufte, als Bits einer Zahl (Bit k für Zeitraum k, höchstens 62), und wie oft insgesamt. Dieselbe Aussage wie Zeilen (Kunde, Zeitraum), nur dichter.
-- en: Per customer in which periods there were purchases, as bits of a number (bit k for period k, 62 at most), and how many in all. The same as rows (customer, period), only denser.
SELECT
  o.customer_id,
  BIT_OR(CAST(1 AS BIGINT) << c.period) AS mask,
  COUNT(*) AS orders
FROM counted_orders AS o
JOIN calendar AS c ON c.day = o.day
WHERE o.customer_id IS NOT NULL
GROUP BY o.customer_id
