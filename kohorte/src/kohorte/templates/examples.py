"""The examples: people of example.com and what they bought, table by table."""

from __future__ import annotations

from kohorte import tables
from kohorte.language import Text
from kohorte.templates.fields import Field, Template, each, plain, same

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
_PARQUET = Text(
    de="Als eigene Tabelle wird sie nur aus Parquet-Dateien mit diesen Spalten gelesen, neben `orders`.",
    en="As a table of its own it is read from Parquet files with these columns only, beside `orders`.",
)
REFUNDS = Template(
    tables.REFUNDS,
    Text(
        de=f"{_PARQUET.de} In einer CSV-Datei der Bestellungen ist sie die Spalte Erstattungsbetrag.",
        en=f"{_PARQUET.en} In a CSV file of orders it is the column Refund amount.",
    ),
    plain(
        tables.REFUNDS,
        ("R-1", "R-2", "R-3"),
        ("B-1002", "B-1004", ""),
        ("ben@example.com", "cleo@example.com", "anna@example.com"),
        ("2026-02-03 08:00:00", "2026-02-17 15:20:00", "2026-03-01 10:10:00"),
        ("4900", "1250", "700"),
    ),
)
CUSTOMERS = Template(
    tables.CUSTOMERS,
    Text(
        de=f"{_PARQUET.de} In einer CSV-Datei der Bestellungen ist sie die Spalte Land.",
        en=f"{_PARQUET.en} In a CSV file of orders it is the column Country.",
    ),
    plain(
        tables.CUSTOMERS,
        ("anna@example.com", "ben@example.com", "cleo@example.com"),
        ("DE", "AT", "CH"),
    ),
)
