"""Time between orders: the median pause, counting the pauses that are still open."""

from kohorte.language import Text
from kohorte.metrics import quantiles
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="time_between_orders",
    rank=65,
    chapter="repeat",
    name=Text(de="Zeit zwischen Bestellungen", en="Time between orders"),
    sentence=Text(
        de="Nach so vielen Tagen ist die Hälfte der Kunden, die bestellt hatten, wieder da.",
        en="After so many days half of the customers who had ordered are back.",
    ),
    formula=Text(
        de="Tage von einem Kauftag, bis die Hälfte wieder bestellt hat, nach Kaplan–Meier (Segmente „p75“ und „p90“: bis drei von "
        "vier und neun von zehn). Zeitraum ist der, in dem die Pause begann.",
        en="days from a purchase day until half have ordered again, by Kaplan–Meier (segments “p75” and “p90”: until three of four "
        "and nine of ten have). The period is that in which the pause began.",
    ),
    denominator=Text(
        de="Kauftage im Zeitraum, auch solche, auf die noch keiner folgt",
        en="purchase days in the period, also those that none follows yet",
    ),
    unit="days",
    direction="down",
    censoring=Text(
        de="Auch die letzte, noch offene Pause zählt, so lange sie beobachtet ist; ein Mittel nur der beendeten wäre zu kurz. Leer, wo so viele "
        "noch nicht wieder bestellt haben; unfertig, bis seit dem Ende des Zeitraums so viel Zeit vergangen ist.",
        en="The last pause, which is still open, counts for as long as it is observed; a mean of the finished ones alone would be too short. Empty "
        "where so many have not ordered again yet; unfinished until so much time has passed since the end of the period.",
    ),
    source=Text(
        de="Kaplan & Meier 1958; Spanne nach Brookmeyer & Crowley 1982 auf der Log-log-Skala, so weit wie die Pausen derselben Kunden sich ähneln",
        en="Kaplan & Meier 1958; interval by Brookmeyer & Crowley 1982 on the log-log scale, as wide as pauses of the same customers are alike",
    ),
    select="""
WITH reached AS (
  SELECT
    q.period,
    q.segment,
    q.share,
    q.n,
    q.days,
    CASE
      WHEN l.customers = l.pauses THEN $z
      WHEN l.customers > 1
      THEN ($z + ($z * $z * $z + $z) / (4.0 * (l.customers - 1))) * SQRT(l.alike)
    END AS reach
  FROM wait_quantiles AS q
  LEFT JOIN wait_likeness AS l ON l.period = q.period AND l.segment = q.segment
)
SELECT
  r.period,
  r.segment,
  r.n,
  r.days,
  MIN(
    CASE
      WHEN
        c.log_left IS NULL
        OR c.log_left < 0
        AND c.log_left * EXP(-r.reach * SQRT(c.variance) / c.log_left) <= LN(1 - r.share) + 1e-12
      THEN c.days
    END
  ) AS low,
  MIN(
    CASE
      WHEN
        c.log_left < 0
        AND c.log_left * EXP(r.reach * SQRT(c.variance) / c.log_left) <= LN(1 - r.share) + 1e-12
      THEN c.days
    END
  ) AS high,
  MAX(p.at_day) + COALESCE(r.days, $active_days) <= $history_end AS complete
FROM reached AS r
JOIN wait_curves AS c ON c.period = r.period AND c.kind = 'every'
JOIN periods AS p ON p.period = r.period
GROUP BY r.period, r.segment, r.n, r.days
""",
    estimate=quantiles.found("days"),
    behind="""
SELECT
  customer_id,
  SUM(COALESCE(next_day, $history_end - 1) - day) AS numerator,
  COUNT(*) AS denominator,
  COUNT(*) FILTER (WHERE next_day IS NULL) AS open_pauses
FROM purchases
WHERE day >= $starts_day AND day < $ends_day AND (next_day > day OR next_day IS NULL)
GROUP BY customer_id
""",
    orders_from="since",
    segments=("all", "p75", "p90"),
    undefined="not_reached",
)
