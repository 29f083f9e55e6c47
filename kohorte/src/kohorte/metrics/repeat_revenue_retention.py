"""Repeat revenue retention: the same customers' revenue, a year on."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, percent_of

METRIC = Metric(
    slug="repeat_revenue_retention",
    rank=35,
    chapter="retention",
    name=Text(
        de="Umsatzbindungsrate",
        en="Repeat revenue retention",
    ),
    sentence=Text(
        de="So viel vom Umsatz, den die Käufer vor einem Jahr brachten, bringen dieselben Kunden jetzt.",
        en="How much of the revenue of the buyers a year ago the same customers bring now.",
    ),
    formula=Text(
        de="Umsatz im Zeitraum der Kunden, die im selben Zeitraum ein Jahr zuvor kauften / ihr Umsatz damals × 100; „brutto“ zählt je Kunde höchstens den Umsatz von damals",
        en="revenue in the period of the customers who bought in the same period a year before / their revenue then × 100; “gross” counts at most the revenue of then for each customer",
    ),
    denominator=Text(
        de="Käufer des Zeitraums vor einem Jahr",
        en="buyers of the period a year before",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"amounts"}),
    censoring=Text(
        de="Nur für Monate, Quartale und Jahre, und nur, wo die Daten den Zeitraum ein Jahr davor ganz enthalten. Ein unfertiger Zeitraum zählt nur, was bisher geschah, gegen den ganzen von damals.",
        en="For months, quarters and years only, and only where the data hold the whole of the period a year before. An unfinished period counts only what has happened so far, against the whole one of then.",
    ),
    source=Text(
        de="Wie NRR und GRR bei Verträgen; der Abstand von einem Jahr nimmt die Saison heraus",
        en="As NRR and GRR with contracts; the distance of a year takes the season out",
    ),
    select="""
SELECT
  e.period,
  k.segment,
  COALESCE(b.customers, 0) AS n,
  COALESCE(CASE WHEN k.segment = 'all' THEN s.kept ELSE s.gross END, 0) AS y,
  COALESCE(b.revenue_minor, 0) AS x,
  COALESCE(CASE WHEN k.segment = 'all' THEN s.kept_squared ELSE s.gross_squared END, 0) AS yy,
  COALESCE(CASE WHEN k.segment = 'all' THEN s.kept_times ELSE s.gross_times END, 0) AS xy,
  COALESCE(b.revenue_squared, 0) AS xx
FROM (
  SELECT p.period
  FROM periods AS p
  JOIN periods AS e ON e.period = p.period - $periods_per_year
  WHERE $periods_per_year > 0 AND e.starts_day >= $history_start
) AS e
CROSS JOIN (SELECT 'all' AS segment UNION ALL SELECT 'gross') AS k
LEFT JOIN period_totals AS b
  ON b.period = e.period - $periods_per_year AND b.segment = 'all'
LEFT JOIN year_on_year AS s ON s.period = e.period
""",
    estimate=percent_of("y", "x", yy="yy", xy="xy", xx="xx", of="n"),
    behind="""
SELECT
  customer_id,
  SUM(CASE WHEN day >= $starts_day THEN revenue_minor ELSE 0 END) AS numerator,
  SUM(CASE WHEN day < $before_ends_day THEN revenue_minor ELSE 0 END) AS denominator
FROM purchase_days
WHERE
  $before_starts_day >= $history_start
  AND (
    (day >= $starts_day AND day < $ends_day)
    OR (day >= $before_starts_day AND day < $before_ends_day)
  )
GROUP BY customer_id
HAVING MIN(day) < $before_ends_day
""",
    orders_from="period",
    segments=("all", "gross"),
    absent="no_year_before",
    undefined="nothing_before",
)
