"""The examples: people of example.com and what they bought, table by table."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.fields import Field, Template, each, same

_CUSTOMER = Text(
    de="E-Mail-Adresse oder Kundennummer; leer, wenn unbekannt",
    en="e-mail address or customer number; empty if unknown",
)
_WHEN = Text(
    de="Tag und Uhrzeit der Bestellung in der Zeitzone des Shops; der Tag genügt",
    en="day and time of the order in the shop's time zone; the day is enough",
)
_WHO = Text(de="E-Mail-Adresse", en="E-mail address")
_DATE = Text(de="Bestelldatum", en="Order date")
_NUMBER = Text(de="Bestellnummer", en="Order number")

ORDERS = Template(
    tables.ORDERS,
    Text(
        de="Lesen mit: `kohorte report DATEI`. Nötig sind nur die E-Mail-Adresse und das Datum.",
        en="Read it with: `kohorte report FILE`. Only the e-mail address and the date are needed.",
    ),
    (
        Field(
            tables.ORDERS,
            "order_id",
            _NUMBER,
            same("B-1001", "B-1002", "B-1003"),
            Text(de="jede nur einmal", en="each only once"),
        ),
        Field(
            tables.ORDERS,
            "customer_id",
            _WHO,
            same("anna@example.com", "ben@example.com", "anna@example.com"),
            _CUSTOMER,
        ),
        Field(
            tables.ORDERS,
            "placed_at",
            _DATE,
            each(
                ("15.01.2026 09:30", "28.01.2026 17:05", "20.02.2026 11:45"),
                ("2026-01-15 09:30", "2026-01-28 17:05", "2026-02-20 11:45"),
            ),
            _WHEN,
        ),
        Field(
            tables.ORDERS, "currency", Text(de="Währung", en="Currency"), same("EUR", "EUR", "EUR")
        ),
        Field(
            tables.ORDERS,
            "amount_minor",
            Text(de="Betrag", en="Amount"),
            each(("19,90", "1249,00", "35,50"), ("19.90", "1249.00", "35.50")),
            Text(
                de="Warenwert vor Erstattungen, mit zwei Nachkommastellen",
                en="value of the goods before refunds, with two decimals",
            ),
        ),
        Field(tables.ORDERS, "units", Text(de="Menge", en="Quantity"), same("1", "3", "2")),
        Field(
            tables.ORDERS,
            "state",
            Text(de="Bestellstatus", en="Order status"),
            each(("bezahlt", "bezahlt", "storniert"), ("paid", "paid", "cancelled")),
            Text(
                de="storniert, unbezahlt und Test zählen nicht, alles andere zählt",
                en="cancelled, unpaid and test do not count, everything else does",
            ),
        ),
        Field(
            tables.REFUNDS,
            "amount_minor",
            Text(de="Erstattungsbetrag", en="Refund amount"),
            each(("0,00", "49,00", "0,00"), ("0.00", "49.00", "0.00")),
            Text(de="was davon erstattet wurde", en="what of it was refunded"),
        ),
        Field(
            tables.CUSTOMERS,
            "country",
            Text(de="Land", en="Country"),
            same("DE", "AT", "DE"),
            Text(de="Name oder Kürzel", en="name or code"),
        ),
    ),
)
ORDER_LINES = Template(
    tables.ORDER_LINES,
    Text(
        de="Lesen mit: `kohorte report DATEI`. Kunde und Datum stehen in jeder Zeile.",
        en="Read it with: `kohorte report FILE`. Customer and date stand in every row.",
    ),
    (
        Field(
            tables.ORDER_LINES,
            "order_id",
            _NUMBER,
            same("B-1001", "B-1001", "B-1002"),
            Text(de="dieselbe in jeder Zeile der Bestellung", en="the same in each of its rows"),
        ),
        Field(
            tables.ORDERS,
            "customer_id",
            _WHO,
            same("anna@example.com", "anna@example.com", "ben@example.com"),
            _CUSTOMER,
        ),
        Field(
            tables.ORDERS,
            "placed_at",
            _DATE,
            each(
                ("15.01.2026 09:30", "15.01.2026 09:30", "28.01.2026 17:05"),
                ("2026-01-15 09:30", "2026-01-15 09:30", "2026-01-28 17:05"),
            ),
            _WHEN,
        ),
        Field(
            tables.ORDER_LINES,
            "product_id",
            Text(de="Artikelnummer", en="Product number"),
            same("T-7", "K-2", "T-7"),
            Text(de="leer, wenn unbekannt", en="empty if unknown"),
        ),
        Field(
            tables.ORDER_LINES,
            "product",
            Text(de="Artikelname", en="Product name"),
            each(("Tasse", "Kanne", "Tasse"), ("Cup", "Pot", "Cup")),
            Text(de="wie im Shop", en="as in the shop"),
        ),
        Field(
            tables.ORDER_LINES,
            "quantity",
            Text(de="Menge", en="Quantity"),
            same("2", "1", "6"),
            Text(de="bestellte Stück", en="units ordered"),
        ),
        Field(
            tables.ORDER_LINES,
            "unit_price",
            Text(de="Einzelpreis", en="Unit price"),
            each(("7,50", "24,90", "7,50"), ("7.50", "24.90", "7.50")),
            Text(de="Preis eines Stücks", en="price of one unit"),
        ),
        Field(
            tables.ORDERS, "currency", Text(de="Währung", en="Currency"), same("EUR", "EUR", "EUR")
        ),
    ),
)
_BESIDE = Text(
    de="Lesen mit: `kohorte report BESTELLUNGEN DATEI`, neben den Bestellungen.",
    en="Read it with: `kohorte report ORDERS FILE`, beside the orders.",
)
REFUNDS = Template(
    tables.REFUNDS,
    Text(
        de=f"{_BESIDE.de} Nötig sind nur das Datum und der Betrag.",
        en=f"{_BESIDE.en} Only the date and the amount are needed.",
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
            _NUMBER,
            same("B-1002", "B-1001", ""),
            Text(
                de="Bestellung, die sie mindert; leer, wenn unbekannt",
                en="order that it reduces; empty if unknown",
            ),
        ),
        Field(
            tables.REFUNDS,
            "customer_id",
            _WHO,
            same("ben@example.com", "anna@example.com", "cleo@example.com"),
            _CUSTOMER,
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
        de=f"{_BESIDE.de} Weitere Spalten dürfen folgen.",
        en=f"{_BESIDE.en} More columns may follow.",
    ),
    (
        Field(
            tables.CUSTOMERS,
            "customer_id",
            _WHO,
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
