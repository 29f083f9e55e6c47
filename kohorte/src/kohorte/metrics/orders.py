"""Counted orders, from new and from existing customers."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, census

METRIC = Metric(
    slug="orders",
    rank=150,
    chapter="totals",
    name=Text(de="Bestellungen", en="Orders"),
    sentence=Text(
        de="So viele Bestellungen kamen herein, von neuen und von bestehenden Kunden.",
        en="How many orders came in, from new and from existing customers.",
    ),
    formula=Text(
        de="Anzahl gezählter Bestellungen; neu ist, was am ersten Kauftag eines Kunden gekauft "
        "wurde",
        en="number of counted orders; new is what was bought on a customer's first purchase day",
    ),
    denominator=Text(
        de="Bestellungen bekannter Kunden im Zeitraum", en="orders of known customers in the period"
    ),
    unit="count",
    direction="up",
    censoring=Text(
        de="Bestellungen ohne bekannten Kunden stehen als eigenes Segment daneben.",
        en="Orders without a known customer stand beside it as a segment of their own.",
    ),
    source=Text(
        de="Gezählt wird, wenn bestellt wird; stornierte, unbezahlte, Test- und voll erstattete Bestellungen bleiben außen vor",
        en="Counted when placed; cancelled, unpaid, test and fully refunded orders are left out",
    ),
    select="""
SELECT period, segment, orders AS n, orders
FROM period_totals
UNION ALL
SELECT period, 'unidentified', orders, orders
FROM unidentified_totals
""",
    estimate=census("orders"),
    behind="""
SELECT customer_id, SUM(orders) AS numerator, SUM(orders) AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    segments=("all", "new", "existing", "unidentified"),
    absent="zero",
)
