-- de: Je Zeitraum die Bestellwerte in der Mitte (`middle`) und an der Grenze des kleinsten und des größten Zehntels (`low`, `high`) mit ihren Rängen (über `before` bis `until`, von `n`) und dem, was alle kleineren zusammen brachten (`below_minor`). Die Mitte reicht so weit, wie die Spanne des Medians höchstens kann: als zählten alle Bestellungen eines Kunden nur einmal.
-- en: Per period the order values in the middle (`middle`) and at the edge of the smallest and the largest tenth (`low`, `high`) with their ranks (above `before` up to `until`, of `n`) and what all smaller ones brought together (`below_minor`). The middle reaches as far as the range of the median can at most: as if all orders of one customer counted only once.
WITH sizes AS (
  SELECT
    period,
    CAST(orders AS DOUBLE) AS n,
    CASE
      WHEN customers = 1 THEN orders
      WHEN orders_squared = orders THEN $z * SQRT(orders) / 2
      ELSE ($z + ($z * $z * $z + $z) / (4.0 * (customers - 1))) * SQRT(orders_squared) / 2
    END AS reach
  FROM period_totals
  WHERE segment = 'all'
), marks AS (
  SELECT period, n, 'middle' AS mark, n / 2 - reach - 1 AS from_rank, n / 2 + reach + 2 AS to_rank
  FROM sizes
  UNION ALL
  SELECT period, n, 'low', FLOOR(n / 10) + 1, FLOOR(n / 10) + 1 FROM sizes
  UNION ALL
  SELECT period, n, 'high', CEIL(n - n / 10), CEIL(n - n / 10) FROM sizes
), bins AS (
  SELECT
    c.period,
    b.bin,
    SUM(b.orders) AS orders,
    SUM(b.revenue_minor) AS revenue_minor
  FROM order_value_bins AS b
  JOIN calendar AS c ON c.day = b.day
  GROUP BY c.period, b.bin
), summed AS (
  SELECT *, SUM(orders) OVER up AS until, SUM(revenue_minor) OVER up AS until_minor
  FROM bins
  WINDOW up AS (PARTITION BY period ORDER BY bin)
), spots AS (
  SELECT
    m.period,
    m.n,
    m.mark,
    MIN(s.bin) AS from_bin,
    MAX(s.bin) AS to_bin,
    MIN(s.until - s.orders) AS before,
    MIN(s.until_minor - s.revenue_minor) AS below_minor
  FROM marks AS m
  JOIN summed AS s
    ON s.period = m.period AND s.until >= m.from_rank AND s.until - s.orders < m.to_rank
  GROUP BY m.period, m.n, m.mark
), edges AS (
  SELECT mark, EXP(MIN(from_bin) / 16.0) - 2 AS from_minor, EXP((MAX(to_bin) + 1) / 16.0) AS to_minor
  FROM spots
  GROUP BY mark
), near AS (
  SELECT p.day, p.revenue_minor, CAST(FLOOR(16 * LN(1 + p.revenue_minor)) AS INTEGER) AS bin
  FROM purchases AS p
  CROSS JOIN (SELECT * FROM edges WHERE mark = 'low') AS l
  CROSS JOIN (SELECT * FROM edges WHERE mark = 'middle') AS m
  CROSS JOIN (SELECT * FROM edges WHERE mark = 'high') AS h
  WHERE
    p.revenue_minor BETWEEN l.from_minor AND l.to_minor
    OR p.revenue_minor BETWEEN m.from_minor AND m.to_minor
    OR p.revenue_minor BETWEEN h.from_minor AND h.to_minor
), valued AS (
  SELECT s.period, s.n, s.mark, s.before, s.below_minor, o.revenue_minor, COUNT(*) AS orders
  FROM near AS o
  JOIN calendar AS c ON c.day = o.day
  JOIN spots AS s ON s.period = c.period AND o.bin BETWEEN s.from_bin AND s.to_bin
  GROUP BY s.period, s.n, s.mark, s.before, s.below_minor, o.revenue_minor
)
SELECT
  period,
  n,
  mark,
  revenue_minor,
  CAST(before + SUM(orders) OVER up - orders AS DOUBLE) AS before,
  CAST(before + SUM(orders) OVER up AS DOUBLE) AS until,
  CAST(below_minor + SUM(revenue_minor * orders) OVER up - revenue_minor * orders AS DOUBLE)
    AS below_minor
FROM valued
WINDOW up AS (PARTITION BY period, mark ORDER BY revenue_minor)
