-- de: Je Kunde der Kanal seiner ersten Bestellung; bei mehreren Bestellungen am ersten Kauftag der erste, den eine von ihnen nennt, nach ihrer Nummer.
-- en: Each customer's channel of the first order; of several orders on the first purchase day the first that one of them names, by their numbers.
SELECT customer_id, channel
FROM (
  SELECT
    o.customer_id,
    x.channel,
    ROW_NUMBER() OVER (PARTITION BY o.customer_id ORDER BY o.order_id) AS place
  FROM counted_orders AS o
  JOIN customer_totals AS t ON t.customer_id = o.customer_id AND t.first_day = o.day
  JOIN orders AS x ON x.order_id = o.order_id
  WHERE x.channel IS NOT NULL
) AS first_channels
WHERE place = 1
