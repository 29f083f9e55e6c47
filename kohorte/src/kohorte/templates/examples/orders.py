"""The examples of orders and of their lines."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.examples.words import CUSTOMER, DATE, NUMBER, WHEN, WHO
from kohorte.templates.fields import Field, Template, each, same

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
            NUMBER,
            same("B-1001", "B-1002", "B-1003"),
            Text(de="jede nur einmal", en="each only once"),
        ),
        Field(
            tables.ORDERS,
            "customer_id",
            WHO,
            same("anna@example.com", "ben@example.com", "anna@example.com"),
            CUSTOMER,
        ),
        Field(
            tables.ORDERS,
            "placed_at",
            DATE,
            each(
                ("15.01.2026 09:30", "28.01.2026 17:05", "20.02.2026 11:45"),
                ("2026-01-15 09:30", "2026-01-28 17:05", "2026-02-20 11:45"),
            ),
            WHEN,
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
        Field(
            tables.ORDERS,
            "channel",
            Text(de="Vertriebskanal", en="Sales channel"),
            each(
                ("Newsletter", "Suchanzeigen", "Newsletter"),
                ("newsletter", "search ads", "newsletter"),
            ),
        ),
    ),
)
ORDER_LINES = Template(
    tables.ORDER_LINES,
    Text(
        de="Lesen mit: `kohorte report DATEI`. Kunde und Datum stehen in jeder Zeile; "
        "ohne beide wird sie neben einer Datei mit Bestellungen gelesen.",
        en="Read it with: `kohorte report FILE`. Customer and date stand in every row; "
        "without both it is read beside a file of orders.",
    ),
    (
        Field(
            tables.ORDER_LINES,
            "order_id",
            NUMBER,
            same("B-1001", "B-1001", "B-1002"),
            Text(de="dieselbe in jeder Zeile der Bestellung", en="the same in each of its rows"),
        ),
        Field(
            tables.ORDERS,
            "customer_id",
            WHO,
            same("anna@example.com", "anna@example.com", "ben@example.com"),
            CUSTOMER,
        ),
        Field(
            tables.ORDERS,
            "placed_at",
            DATE,
            each(
                ("15.01.2026 09:30", "15.01.2026 09:30", "28.01.2026 17:05"),
                ("2026-01-15 09:30", "2026-01-15 09:30", "2026-01-28 17:05"),
            ),
            WHEN,
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
