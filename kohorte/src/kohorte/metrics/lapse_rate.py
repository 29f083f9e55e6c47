"""Lapse rate: who was active and then ordered nothing for as long as it takes to count as lost."""

from kohorte.language import Text
from kohorte.metrics import lapses
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="lapse_rate",
    rank=22,
    chapter="retention",
    name=Text(de="Anteil verstummter Kunden", en="Lapse rate"),
    sentence=Text(
        de="So viele der Kunden, die am ersten Tag aktiv waren, haben danach ein Jahr lang nichts mehr bestellt.",
        en="How many of the customers who were active on the first day ordered nothing for a year after it.",
    ),
    formula=Text(
        de="Kunden ohne Bestellung in den w Tagen ab dem ersten Tag des Zeitraums / Kunden mit Bestellung in den w Tagen davor × 100 "
        "(w = 365, wenn nicht anders eingestellt). Für die gesamte Zeit gilt der letzte Tag, der w Tage her ist.",
        en="customers without an order in the w days from the first day of the period on / customers with an order in the w days "
        "before it × 100 (w = 365 unless set). For all time it is the last day that is w days ago.",
    ),
    denominator=Text(
        de="aktive Kunden am ersten Tag des Zeitraums",
        en="customers active on the first day of the period",
    ),
    unit="percent",
    direction="down",
    censoring=Text(
        de="Leer, solange vor dem ersten Tag keine w Tage Daten liegen; unfertig, bis er w Tage her ist: Vorher weiß niemand, "
        "wer noch kommt. Ist p = w, so ist es die Abwanderungsrate eines Zeitraums, der w Tage später endet.",
        en="Empty until there are w days of data before the first day; unfinished until that is w days ago: before, nobody knows "
        "who still comes. If p = w, it is the churn rate of a period that ends w days later.",
    ),
    source=Text(
        de="Verstummte zählt man nach vorn, ab einem Stichtag, und erst, wenn die Frist um ist; Spanne nach Wilson 1927",
        en="Lapses are counted forward from a day, and only once the time is over; interval by Wilson 1927",
    ),
    select="""
SELECT
  period, 'all' AS segment, active AS n, returned AS lapsed, returned IS NOT NULL AS complete
FROM period_lapses
WHERE segment = 'lapsed'
""",
    estimate=share("lapsed", unless="start_too_young"),
    behind=f"""
SELECT
  customer_id,
  CASE WHEN MAX(day) < MAX(start_day) THEN 1 ELSE 0 END AS numerator,
  1 AS denominator
FROM (SELECT customer_id, day, {lapses.start("$active_days")} AS start_day FROM purchase_days) AS d
WHERE day >= start_day - $active_days AND day < start_day + $active_days
GROUP BY customer_id
HAVING MIN(day) < MAX(start_day)
""",
    orders_from="around",
    absent="start_history",
    undefined="nobody_at_start",
)
