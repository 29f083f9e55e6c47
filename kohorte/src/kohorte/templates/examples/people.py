"""The examples of refunds and of customers beside the orders."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.examples.words import BESIDE, CUSTOMER, NUMBER, WHO
from kohorte.templates.fields import Field, Template, each, same

REFUNDS = Template(
    tables.REFUNDS,
    Text(
        de=f"{BESIDE.de} Nötig sind nur das Datum und der Betrag.",
        en=f"{BESIDE.en} Only the date and the amount are needed.",
    ),
    (
        Field(
            tables.REFUNDS,
            "refund_id",
            Text(de="Erstattungsnummer", en="Refund number"),
            same("R-1", "R-2", "R-3"),
            Text(
                de="Nummer der Gutschrift; unter einer Nummer zählt alles als eine Erstattung",
                en="number of the credit note; all under one number is one refund",
            ),
        ),
        Field(
            tables.REFUNDS,
            "order_id",
            NUMBER,
            same("B-1002", "B-1001", ""),
            Text(
                de="Bestellung, die sie mindert; leer, wenn unbekannt",
                en="order that it reduces; empty if unknown",
            ),
        ),
        Field(
            tables.REFUNDS,
            "customer_id",
            WHO,
            same("ben@example.com", "anna@example.com", "cleo@example.com"),
            CUSTOMER,
        ),
        Field(
            tables.REFUNDS,
            "refunded_at",
            Text(de="Erstattungsdatum", en="Refund date"),
            each(
                ("03.02.2026 08:00", "17.02.2026 15:20", "01.03.2026 10:10"),
                ("2026-02-03 08:00", "2026-02-17 15:20", "2026-03-01 10:10"),
            ),
            Text(
                de="Tag und Uhrzeit der Erstattung in der Zeitzone des Shops; der Tag genügt",
                en="day and time of the refund in the shop's time zone; the day is enough",
            ),
        ),
        Field(
            tables.REFUNDS,
            "amount_minor",
            Text(de="Erstattungsbetrag", en="Refund amount"),
            each(("49,00", "5,50", "7,00"), ("49.00", "5.50", "7.00")),
            Text(
                de="erstatteter Betrag mit zwei Nachkommastellen, mit oder ohne Minus",
                en="amount refunded with two decimals, with or without a minus",
            ),
        ),
    ),
)
CUSTOMERS = Template(
    tables.CUSTOMERS,
    Text(
        de=f"{BESIDE.de} Weitere Spalten dürfen folgen.",
        en=f"{BESIDE.en} More columns may follow.",
    ),
    (
        Field(
            tables.CUSTOMERS,
            "customer_id",
            WHO,
            same("anna@example.com", "ben@example.com", "cleo@example.com"),
            Text(
                de="E-Mail-Adresse oder Kundennummer, wie in den Bestellungen",
                en="e-mail address or customer number, as in the orders",
            ),
        ),
        Field(
            tables.CUSTOMERS,
            "country",
            Text(de="Land", en="Country"),
            same("DE", "AT", "CH"),
            Text(
                de="Name oder Kürzel; gilt, wo die Bestellungen keines nennen",
                en="name or code; holds where the orders tell none",
            ),
        ),
        Field(
            tables.CUSTOMERS,
            None,
            Text(de="Kundengruppe", en="Customer group"),
            each(("Privat", "Händler", "Privat"), ("Retail", "Wholesale", "Retail")),
            Text(
                de="für Regeln wie `--exclude business:Kundengruppe=Händler`",
                en="for rules such as `--exclude 'business:Customer group=Wholesale'`",
            ),
        ),
    ),
)
