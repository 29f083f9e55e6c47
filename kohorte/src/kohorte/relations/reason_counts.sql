-- de: Je Art und Grund, wie oft er genannt wurde, Groß- und Kleinschreibung gleichgesetzt, mit den Summen über Kunden, aus denen die Spanne folgt: `given` sind alle genannten Gründe der Art, `silent` die Anlässe ohne Grund.
-- en: Per kind and reason how often it was stated, whatever its case, with the sums over customers that give the range: `given` are all reasons stated of the kind, `silent` the occasions without a reason.
WITH given AS (
  SELECT kind, customer, LOWER(reason) AS reason, MIN(reason) AS written, COUNT(*) AS times
  FROM stated_reasons
  WHERE reason IS NOT NULL
  GROUP BY kind, customer, LOWER(reason)
), told AS (
  SELECT kind, customer, CAST(SUM(times) AS DOUBLE) AS times
  FROM given
  GROUP BY kind, customer
), kinds AS (
  SELECT kind, SUM(times) AS given, SUM(times * times) AS given_squared, COUNT(*) AS customers
  FROM told
  GROUP BY kind
), silent AS (
  SELECT kind, COUNT(*) AS silent
  FROM stated_reasons
  WHERE reason IS NULL
  GROUP BY kind
)
SELECT
  g.kind,
  MIN(g.written) AS reason,
  SUM(g.times) AS times,
  SUM(CAST(g.times AS DOUBLE) * g.times) AS times_squared,
  SUM(g.times * t.times) AS times_given,
  k.given,
  k.given_squared,
  k.customers,
  COALESCE(s.silent, 0) AS silent
FROM given AS g
JOIN told AS t ON t.kind = g.kind AND t.customer = g.customer
JOIN kinds AS k ON k.kind = g.kind
LEFT JOIN silent AS s ON s.kind = g.kind
GROUP BY g.kind, g.reason, k.given, k.given_squared, k.customers, s.silent
