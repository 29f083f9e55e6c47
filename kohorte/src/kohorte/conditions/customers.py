"""The facts of a customer, as `customer_facts` holds them: what `--where` and segments speak of."""

from __future__ import annotations

from kohorte.conditions.facts import Fact, Facts
from kohorte.language import Text

CHANNEL = "channel"
COHORT = "cohort"
RFM_GROUP = "rfm_group"
RFM_GROUPS = (
    "champions",
    "loyal",
    "promising",
    "new",
    "attention",
    "fading",
    "at_risk",
    "cannot_lose",
    "lost",
)

CUSTOMER_FACTS = (
    Fact("orders", "number", Text(de="die Zahl der Bestellungen", en="the number of orders")),
    Fact("revenue", "money", Text(de="der Umsatz", en="the revenue")),
    Fact(
        "average_order_value",
        "money",
        Text(de="der durchschnittliche Bestellwert", en="the average order value"),
    ),
    Fact("units", "number", Text(de="die Stückzahl", en="the number of units")),
    Fact("first_order", "day", Text(de="die erste Bestellung", en="the first order")),
    Fact("last_order", "day", Text(de="die letzte Bestellung", en="the last order")),
    Fact("country", "text", Text(de="das Land", en="the country")),
    Fact(
        CHANNEL,
        "text",
        Text(de="der Kanal der ersten Bestellung", en="the channel of the first order"),
    ),
    Fact("first_product", "text", Text(de="der erste Artikel", en="the first product")),
    Fact(
        "category",
        "text",
        Text(de="die Warengruppe des ersten Artikels", en="the category of the first product"),
    ),
    Fact(
        COHORT,
        "text",
        Text(de="der Monat der ersten Bestellung", en="the month of the first order"),
    ),
    Fact(
        RFM_GROUP,
        "text",
        Text(de="die RFM-Gruppe", en="the RFM group"),
        choices=RFM_GROUPS,
    ),
)
# Facts by whose values customers can be told apart, as a heading names them.
DIMENSIONS = {
    "country": Text(de="Land", en="Country"),
    CHANNEL: Text(de="Kanal der ersten Bestellung", en="Channel of the first order"),
    "first_product": Text(de="Erster Artikel", en="First product"),
    "category": Text(de="Warengruppe des ersten Artikels", en="Category of the first product"),
    COHORT: Text(de="Monat der ersten Bestellung", en="Month of the first order"),
    RFM_GROUP: Text(de="RFM-Gruppe", en="RFM group"),
}


def facts(*, exponent: int) -> Facts:
    """Return the facts of customers in a currency whose minor unit has so many digits."""
    return Facts(CUSTOMER_FACTS, exponent=exponent)


FACTS = facts(exponent=2)
