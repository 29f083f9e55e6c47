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
NEXT_ORDER_DUE = "next_order_due"
IS_OVERDUE = "is_overdue"
# What is computed of each customer beside these: where it stands among the others, when its next
# order is due, and what a model foretells. They are told by whoever keeps them, such as the list of
# customers of the product; a file alone does not hold them.
STANDING_FACTS = (
    Fact(
        "recency_score", "number", Text(de="der Punktwert für Aktualität", en="the recency score")
    ),
    Fact(
        "frequency_score",
        "number",
        Text(de="der Punktwert für Häufigkeit", en="the frequency score"),
    ),
    Fact("monetary_score", "number", Text(de="der Punktwert für Umsatz", en="the monetary score")),
    Fact(
        NEXT_ORDER_DUE,
        "day",
        Text(
            de="der erwartete Tag der nächsten Bestellung",
            en="the day by which the next order is due",
        ),
    ),
    Fact(
        IS_OVERDUE,
        "flag",
        Text(de="die nächste Bestellung ist überfällig", en="the next order is overdue"),
        Text(de="die nächste Bestellung ist nicht überfällig", en="the next order is not overdue"),
    ),
    Fact("value", "money", Text(de="der bisherige Wert", en="the value so far")),
    Fact("profit", "money", Text(de="der bisherige Rohertrag", en="the gross profit so far")),
    Fact(
        "alive",
        "number",
        Text(
            de="die Wahrscheinlichkeit zu bleiben in Prozent",
            en="the probability of still being a customer in percent",
        ),
    ),
    Fact(
        "expected_orders",
        "number",
        Text(
            de="die Zahl der erwarteten Bestellungen in 12 Monaten",
            en="the number of orders expected in 12 months",
        ),
    ),
    Fact(
        "expected_value",
        "money",
        Text(de="der erwartete Wert in 12 Monaten", en="the value expected in 12 months"),
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


def with_standing(*, exponent: int) -> Facts:
    """Return the facts of customers and what is computed of each, as who keeps both can tell them.

    >>> from kohorte.conditions import parse, sentence
    >>> found = with_standing(exponent=2)
    >>> sentence(parse("is_overdue and alive < 30", found), facts=found, language="en")
    'the next order is overdue and the probability of still being a customer in percent is below 30'
    """
    return Facts((*CUSTOMER_FACTS, *STANDING_FACTS), exponent=exponent)


FACTS = facts(exponent=2)
