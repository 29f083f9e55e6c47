"""Customer retention rate: of those active a period ago, how many still are."""

from kohorte.language import Text
from kohorte.metrics import starters
from kohorte.metrics.metric import Metric, share

METRIC = Metric(
    slug="customer_retention_rate",
    rank=10,
    chapter="retention",
    name=Text(de="Kundenbindungsrate", en="Customer retention rate"),
    sentence=Text(
        de="So viele der Kunden, die am Anfang aktiv waren, sind geblieben.",
        en="How many of the customers who were active at the start have stayed.",
    ),
    formula=Text(
        de="(aktive Kunden am Ende − neu gewonnene − zurückgekehrte) / aktive Kunden am Anfang "
        "× 100. Aktiv ist, wer in den letzten w Tagen bestellt hat; die Frist von Anfang bis Ende "
        "dauert p Tage (beides 365, wenn nicht anders eingestellt).",
        en="(customers active at the end − gained − reactivated) / customers active at the start "
        "× 100. Active means an order in the last w days; from start to end it is p days "
        "(both 365 unless set).",
    ),
    denominator=Text(
        de="aktive Kunden am Anfang der Frist", en="customers active at the start of the period"
    ),
    unit="percent",
    direction="up",
    censoring=Text(
        de="Leer, solange vor dem Ende keine w + p Tage Daten liegen: Wer am Anfang aktiv war, "
        "ist dann nicht bekannt.",
        en="Empty until there are w + p days of data before the end: who was active at the start "
        "is not known before.",
    ),
    source=Text(
        de="Reichheld & Sasser 1990; über Mengen gerechnet als |S ∩ E| / |S|, Spanne nach Wilson 1927",
        en="Reichheld & Sasser 1990; set-based as |S ∩ E| / |S|, interval by Wilson 1927",
    ),
    select="""
SELECT period, 'all' AS segment, active_at_start AS n, retained
FROM retention
""",
    estimate=share("retained"),
    behind=starters.STAYED,
    orders_from="both",
    absent="history",
    undefined="nobody_at_start",
)
