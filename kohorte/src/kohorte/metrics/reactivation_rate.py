"""Reactivation rate: who of those that stayed away came back after all."""

from kohorte import intervals
from kohorte.intervals import Estimate
from kohorte.language import Text
from kohorte.metrics import lapses
from kohorte.metrics.metric import Metric, Sums
from kohorte.settings import Settings

_TOO_YOUNG = {
    "all": "back_too_young",
    "30_days": "back_too_young_30",
    "365_days": "back_too_young_365",
}


def _estimate(sums: Sums, settings: Settings) -> Estimate:
    row = sums[0]
    if row["returned"] is None:
        return Estimate(None, why=_TOO_YOUNG[row["segment"]])
    z = intervals.quantile(settings.confidence_percent)
    return intervals.share(int(row["returned"]), int(row["n"]), z=z).times(100)


METRIC = Metric(
    slug="reactivation_rate",
    rank=24,
    chapter="retention",
    name=Text(de="Rückkehrrate verstummter Kunden", en="Reactivation rate"),
    sentence=Text(
        de="So viele der Kunden, die verstummt waren, haben binnen 90 Tagen danach doch wieder bestellt.",
        en="How many of the customers who had lapsed ordered again within the next 90 days after all.",
    ),
    formula=Text(
        de="verstummte Kunden mit Bestellung in den d Tagen, nachdem die w Tage um waren / verstummte Kunden × 100; d = 90, wenn nicht "
        "anders eingestellt, in den Segmenten 30 und 365. Verstummt ist, wer am ersten Tag des Zeitraums aktiv war und w Tage lang "
        "nichts bestellte. Für die gesamte Zeit gilt der letzte Tag, der w + d Tage her ist.",
        en="lapsed customers with an order in the d days after the w days were over / lapsed customers × 100; d = 90 unless set, in "
        "the segments 30 and 365. Lapsed is who was active on the first day of the period and ordered nothing for w days. For all "
        "time it is the last day that is w + d days ago.",
    ),
    denominator=Text(
        de="verstummte Kunden des ersten Tages",
        en="customers of the first day who lapsed",
    ),
    unit="percent",
    direction="up",
    censoring=Text(
        de="Leer, solange vor dem ersten Tag keine w Tage Daten liegen; unfertig, bis er w + d Tage her ist. Mit fester Frist, denn „irgendwann "
        "zurückgekehrt“ steigt von selbst, je länger man zusieht.",
        en="Empty until there are w days of data before the first day; unfinished until that is w + d days ago. With a fixed window, for "
        "“came back at some time” rises by itself the longer one watches.",
    ),
    source=Text(
        de="Dieselben Kunden wie beim Anteil verstummter Kunden; Spanne nach Wilson 1927",
        en="The same customers as in the lapse rate; interval by Wilson 1927",
    ),
    select="""
SELECT period, segment, COALESCE(lapsed, 0) AS n, returned, returned IS NOT NULL AS complete
FROM period_lapses
WHERE segment <> 'lapsed'
""",
    estimate=_estimate,
    behind=f"""
SELECT
  customer_id,
  CASE
    WHEN MAX(day) >= MAX(start_day) + $active_days
    AND MIN(CASE WHEN day >= start_day + $active_days THEN day END)
      < MAX(start_day) + $active_days + $repeat_days
    THEN 1 ELSE 0
  END AS numerator,
  1 AS denominator
FROM (
  SELECT customer_id, day, {lapses.start("$active_days + $repeat_days")} AS start_day
  FROM purchase_days
) AS d
WHERE day >= start_day - $active_days
GROUP BY customer_id
HAVING
  MIN(day) < MAX(start_day)
  AND COUNT(*) FILTER (WHERE day >= start_day AND day < start_day + $active_days) = 0
""",
    orders_from="around",
    segments=("all", "30_days", "365_days"),
    absent="start_history",
    undefined="nobody_lapsed",
)
