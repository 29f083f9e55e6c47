"""Revenue of counted orders, from new and from existing customers."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, census

METRIC = Metric(
    slug="revenue",
    rank=140,
    chapter="totals",
    name=Text(de="Umsatz", en="Revenue"),
    sentence=Text(
        de="So viel wurde eingenommen, von neuen und von bestehenden Kunden.",
        en="What was taken, from new and from existing customers.",
    ),
    formula=Text(
        de="Summe der gezählten Bestellungen abzüglich der Erstattungen, die sie nennen; "
        "neu ist, was am ersten Kauftag eines Kunden gekauft wurde",
        en="sum of counted orders less the refunds that name them; "
        "new is what was bought on a customer's first purchase day",
    ),
    denominator=Text(
        de="Bestellungen bekannter Kunden im Zeitraum", en="orders of known customers in the period"
    ),
    unit="money",
    direction="up",
    censoring=Text(
        de="Bestellungen ohne bekannten Kunden stehen als eigenes Segment daneben.",
        en="Orders without a known customer stand beside it as a segment of their own.",
    ),
    source=Text(
        de="Erstattungen zählen im Zeitraum der Bestellung, zu der sie gehören",
        en="Refunds are booked in the period of the order they belong to",
    ),
    needs=frozenset({"amounts"}),
    select="""
SELECT period, segment, orders AS n, revenue_minor
FROM period_totals
UNION ALL
SELECT period, 'unidentified', orders, revenue_minor
FROM unidentified_totals
""",
    estimate=census("revenue_minor"),
    behind="""
SELECT customer_id, SUM(revenue_minor) AS numerator, SUM(orders) AS denominator
FROM purchase_days
WHERE day >= $starts_day AND day < $ends_day
GROUP BY customer_id
""",
    segments=("all", "new", "existing", "unidentified"),
    absent="zero",
)
