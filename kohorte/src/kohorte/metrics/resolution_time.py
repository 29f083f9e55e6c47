"""Resolution time: the median and nine of ten."""

from kohorte.language import Text
from kohorte.metrics import quantiles, waits
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="resolution_time",
    rank=340,
    chapter="service",
    name=Text(
        de="Zeit bis zur Lösung",
        en="Resolution time",
    ),
    sentence=Text(
        de="So lange dauert es, bis ein Anliegen gelöst ist.",
        en="How long it takes until a request is solved.",
    ),
    formula=Text(
        de="Median der Stunden (Segment „p90“: in neun von zehn Fällen nicht länger), zwischen zwei mittleren die Mitte; offene Anfragen gelten als die längsten",
        en="median of the hours (segment “p90”: not longer in nine of ten cases), of two middle ones the one between; open requests count as the longest",
    ),
    denominator=Text(
        de="Anfragen, die im Zeitraum eingingen",
        en="requests opened in the period",
    ),
    unit="hours",
    direction="down",
    needs=frozenset({"tickets"}),
    censoring=Text(
        de="Leer, wenn die Hälfte (p90: ein Zehntel) oder mehr noch offen ist.",
        en="Empty if half (p90: a tenth) or more is still open.",
    ),
    source=Text(
        de="Quantile statt Mittelwert, weil einzelne lange Fälle ihn bestimmen; Spanne aus Rangwerten mit Stetigkeitskorrektur (Conover 1999)",
        en="Quantiles instead of a mean, which single long cases decide; range from order statistics with continuity correction (Conover 1999)",
    ),
    select=waits.select("solution"),
    estimate=quantiles.found("hours"),
    behind=waits.behind("solution"),
    orders_from="none",
    segments=("all", "p90"),
    absent="no_tickets",
    undefined="still_open",
)
