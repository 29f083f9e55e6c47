"""Returning customers: how many stayed, as a number of people."""

from kohorte import intervals
from kohorte.intervals import Estimate
from kohorte.language import Text
from kohorte.metrics.metric import Metric, Sums
from kohorte.settings import Settings


def count_returning(*, customers_at_end: int, customers_gained: int) -> int:
    """Return the customers at the end less those gained.

    Examples
    --------
    100 customers at the end, 60 of them new:

    >>> count_returning(customers_at_end=100, customers_gained=60)
    40
    """
    return customers_at_end - customers_gained


def _estimate(sums: Sums, settings: Settings) -> Estimate:
    row = sums[0]
    returning = count_returning(
        customers_at_end=int(row["active_at_end"]) - int(row["reactivated"]),
        customers_gained=int(row["new"]),
    )
    start = int(row["n"])
    if start == 0:
        return Estimate(0.0)
    z = intervals.quantile(settings.confidence_percent)
    return intervals.share(returning, start, z=z).times(start)


METRIC = Metric(
    slug="returning_customers",
    rank=30,
    chapter="retention",
    name=Text(de="Wiederkehrende Kunden", en="Returning customers"),
    sentence=Text(
        de="So viele Kunden vom Anfang kaufen auch am Ende noch.",
        en="How many customers from the start are still buying at the end.",
    ),
    formula=Text(
        de="aktive Kunden am Ende (ohne zurückgekehrte) − neu gewonnene Kunden",
        en="customers active at the end (without reactivated ones) − customers gained",
    ),
    denominator=Text(
        de="aktive Kunden am Anfang der Frist", en="customers active at the start of the period"
    ),
    unit="count",
    direction="up",
    censoring=Text(
        de="Leer, solange vor dem Ende keine w + p Tage Daten liegen.",
        en="Empty until there are w + p days of data before the end.",
    ),
    source=Text(
        de="Kunden am Ende abzüglich der gewonnenen; gleich |S ∩ E|",
        en="Customers at the end less customers gained; equals |S ∩ E|",
    ),
    select="""
SELECT period, 'all' AS segment, active_at_start AS n, active_at_end, reactivated, new
FROM retention
""",
    estimate=_estimate,
    behind="""
SELECT customer_id, 1 AS numerator, 1 AS denominator
FROM purchase_days
WHERE day >= $at_day - $retention_days - $active_days AND day < $at_day
GROUP BY customer_id
HAVING MIN(day) < $at_day - $retention_days AND MAX(day) >= $at_day - $active_days
""",
    orders_from="both",
    absent="history",
)
