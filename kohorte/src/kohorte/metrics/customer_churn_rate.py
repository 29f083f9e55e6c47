"""Customer churn rate: the other side of retention, from the same sets."""

from kohorte.language import Text
from kohorte.metrics import starters
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="customer_churn_rate",
    rank=20,
    chapter="retention",
    name=Text(de="Kundenabwanderungsrate", en="Customer churn rate"),
    sentence=Text(
        de="So viele der Kunden, die am Anfang aktiv waren, haben wir verloren.",
        en="How many of the customers who were active at the start have been lost.",
    ),
    formula=Text(
        de="verlorene Kunden / aktive Kunden am Anfang × 100 = 100 − Kundenbindungsrate",
        en="customers lost / customers active at the start × 100 = 100 − retention rate",
    ),
    denominator=Text(
        de="aktive Kunden am Anfang der Frist", en="customers active at the start of the period"
    ),
    unit="percent",
    direction="down",
    censoring=Text(
        de="Leer, solange vor dem Ende keine w + p Tage Daten liegen.",
        en="Empty until there are w + p days of data before the end.",
    ),
    source=Text(
        de="Reichheld & Sasser 1990. Kunden ohne Vertrag kündigen nicht: Verloren ist, wer in den letzten w Tagen nicht bestellt hat",
        en="Reichheld & Sasser 1990. Customers without a contract do not cancel: lost means no order in the last w days",
    ),
    select="""
SELECT period, 'all' AS segment, active_at_start AS n, lost
FROM retention
""",
    estimate=share("lost"),
    behind=starters.LOST,
    orders_from="both",
    absent="history",
    undefined="nobody_at_start",
)
