-- de: Je Tag, wie viele Bestellungen bekannter Kunden in welcher Größenordnung liegen (Stufen von rund 6 Prozent), mit ihrer Summe; daraus folgt, wo Median und Ränder zu suchen sind.
-- en: Per day how many orders of known customers are of which size (steps of about 6 percent), with their sum; this tells where to look for the median and the edges.
SELECT
  day,
  bin,
  COUNT(*) AS orders,
  SUM(revenue_minor) AS revenue_minor
FROM (
  SELECT day, revenue_minor, CAST(FLOOR(16 * LN(1 + revenue_minor)) AS INTEGER) AS bin
  FROM purchases
  WHERE revenue_minor IS NOT NULL
) AS sized
GROUP BY day, bin
