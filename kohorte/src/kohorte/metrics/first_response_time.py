"""First response time: the median and nine of ten."""

from kohorte.language import Text
from kohorte.metrics import quantiles, waits
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="first_response_time",
    rank=330,
    chapter="service",
    name=Text(
        de="Zeit bis zur ersten Antwort",
        en="First response time",
    ),
    sentence=Text(
        de="So lange warten Kunden auf die erste Antwort.",
        en="How long customers wait for the first answer.",
    ),
    formula=Text(
        de="Median der Stunden (Segment „p90“: in neun von zehn Fällen nicht länger), zwischen zwei mittleren die Mitte; offene Anfragen gelten als die längsten",
        en="median of the hours (segment “p90”: not longer in nine of ten cases), of two middle ones the one between; open requests count as the longest",
    ),
    denominator=Text(
        de="Anfragen, die im Zeitraum eingingen und eine Antwort haben oder darauf warten",
        en="requests opened in the period that have an answer or wait for one",
    ),
    unit="hours",
    direction="down",
    needs=frozenset({"tickets"}),
    censoring=Text(
        de="Leer, wenn die Hälfte (p90: ein Zehntel) oder mehr noch offen ist. Was ohne bekannte Antwort gelöst ist, zählt nicht mit.",
        en="Empty if half (p90: a tenth) or more is still open. What is solved without a known answer is not counted.",
    ),
    source=Text(
        de="Quantile statt Mittelwert, weil einzelne lange Fälle ihn bestimmen; Spanne aus Rangwerten mit Stetigkeitskorrektur (Conover 1999)",
        en="Quantiles instead of a mean, which single long cases decide; range from order statistics with continuity correction (Conover 1999)",
    ),
    select=waits.select("answer"),
    estimate=quantiles.found("hours"),
    behind=waits.behind("answer"),
    orders_from="none",
    segments=("all", "p90"),
    absent="no_first_answers",
    undefined="still_open",
)
