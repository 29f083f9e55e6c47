"""Customer lifetime value, the simple form: value per year × expected years."""

from kohorte.language import Text
from kohorte.metrics.lifetime import BEHIND, SELECT, lifetime_value
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="customer_lifetime_value",
    rank=120,
    chapter="value",
    name=Text(de="Customer Lifetime Value", en="Customer lifetime value"),
    sentence=Text(
        de="So viel Umsatz bringt ein aktiver Kunde noch, wenn alles bleibt, wie es ist.",
        en="What revenue an active customer still brings if all stays as it is.",
    ),
    formula=Text(
        de="Bestellwert × Bestellungen je Kunde und Jahr × Lebensdauer in Jahren. Wert und "
        "Häufigkeit stammen von den aktiven Kunden der letzten w Tage; Lebensdauer = "
        "(p / 365) / Abwanderungsrate.",
        en="order value × orders per customer and year × lifetime in years. Value and frequency "
        "are those of the customers active in the last w days; lifetime = (p / 365) / churn rate.",
    ),
    denominator=Text(de="aktive Kunden am Ende", en="customers active at the end"),
    unit="money",
    direction="up",
    censoring=Text(
        de="Nimmt eine gleichbleibende Abwanderung an und sagt nichts über einzelne Kunden. "
        "Leer, solange vor dem Ende keine w + p Tage Daten liegen.",
        en="Assumes constant churn and says nothing about single customers. "
        "Empty until there are w + p days of data before the end.",
    ),
    source=Text(
        de="Wert × Lebensdauer; Spanne nach dem Jackknife über Gruppen (Kott 2001)",
        en="Value × lifetime; interval by the delete-a-group jackknife (Kott 2001)",
    ),
    needs=frozenset({"amounts"}),
    select=SELECT,
    estimate=lifetime_value(),
    behind=BEHIND,
    orders_from="both",
    absent="history",
    undefined="nobody_lost",
)
