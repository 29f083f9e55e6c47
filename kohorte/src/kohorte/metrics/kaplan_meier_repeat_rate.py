"""Repeat rate by Kaplan–Meier: by when new customers come back, young ones among them."""

import math

from kohorte import intervals
from kohorte.intervals import Estimate
from kohorte.language import Text
from kohorte.metrics.metric import Metric, Sums
from kohorte.settings import Settings

_TOO_YOUNG = {"all": "too_young", "30_days": "too_young_30", "365_days": "too_young_365"}


def _estimate(sums: Sums, settings: Settings) -> Estimate:
    """Return 1 − S(d) with the log-log band; not known beyond the longest observation."""
    row = sums[0]
    if row["everybody"]:
        return Estimate(100.0)
    if row["watched_days"] < row["horizon"]:
        return Estimate(None, why=_TOO_YOUNG[row["segment"]])
    left = math.exp(float(row["log_left"] or 0.0))
    low, high = intervals.log_log(
        left,
        variance=float(row["variance"] or 0.0),
        z=intervals.quantile(settings.confidence_percent),
    )
    return Estimate(1 - left, low, high).times(100)


METRIC = Metric(
    slug="kaplan_meier_repeat_rate",
    rank=45,
    chapter="repeat",
    name=Text(de="Wiederkaufrate nach Kaplan–Meier", en="Repeat rate by Kaplan–Meier"),
    sentence=Text(
        de="So viele neue Kunden kommen binnen 90 Tagen wieder; auch junge zählen mit, so weit man sie kennt.",
        en="How many new customers are back within 90 days; young ones count as far as they are known.",
    ),
    formula=Text(
        de="(1 − Produkt über alle Tage bis d von (1 − Kunden, die an diesem Tag nach der ersten Bestellung wieder kauften / "
        "Kunden, die bis dahin darauf warteten)) × 100; d = 90, wenn nicht anders eingestellt, in den Segmenten 30 und 365. "
        "Zeitraum ist der der ersten Bestellung.",
        en="(1 − product over all days up to d of (1 − customers who bought again on that day after their first order / "
        "customers who had waited until then)) × 100; d = 90 unless set, in the segments 30 and 365. "
        "The period is that of the first order.",
    ),
    denominator=Text(de="neue Kunden des Zeitraums", en="new customers of the period"),
    unit="percent",
    direction="up",
    censoring=Text(
        de="Wer noch wartet, zählt so lange mit, wie er beobachtet ist. Leer, solange kein Kunde des Zeitraums d Tage beobachtet ist; "
        "unfertig, bis seit seinem Ende d Tage vergangen sind. Mehrere Bestellungen an einem Tag sind eine.",
        en="Who still waits counts for as long as observed. Empty until one customer of the period has been observed for d days; "
        "unfinished until d days have passed since its end. Several orders on one day are one.",
    ),
    source=Text(
        de="Kaplan & Meier 1958; Spanne nach Greenwood auf der Log-log-Skala (Kalbfleisch & Prentice 2002)",
        en="Kaplan & Meier 1958; interval by Greenwood on the log-log scale (Kalbfleisch & Prentice 2002)",
    ),
    select="""
SELECT
  c.period,
  h.segment,
  h.horizon,
  MAX(c.at_risk) AS n,
  MAX(c.days) AS watched_days,
  MIN(CASE WHEN c.days <= h.horizon THEN c.log_left END) AS log_left,
  MAX(CASE WHEN c.days <= h.horizon THEN c.variance END) AS variance,
  COUNT(*) FILTER (WHERE c.days <= h.horizon AND c.log_left IS NULL) > 0 AS everybody,
  MAX(p.at_day) + h.horizon <= $history_end AS complete
FROM wait_curves AS c
JOIN periods AS p ON p.period = c.period
CROSS JOIN (
  SELECT 'all' AS segment, $repeat_days AS horizon
  UNION ALL SELECT '30_days', 30
  UNION ALL SELECT '365_days', 365
) AS h
WHERE c.kind = 'first'
GROUP BY c.period, h.segment, h.horizon
""",
    estimate=_estimate,
    behind="""
SELECT
  customer_id,
  CASE WHEN next_day <= day + $repeat_days THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  COALESCE(next_day, $history_end - 1) - day AS watched_days
FROM purchases
WHERE
  day = first_day AND (next_day > day OR next_day IS NULL)
  AND day >= $starts_day AND day < $ends_day
""",
    orders_from="after",
    segments=("all", "30_days", "365_days"),
    absent="nobody_new",
    undefined="too_young",
)
