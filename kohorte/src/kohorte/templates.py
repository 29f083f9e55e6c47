"""Example files: what a shop's file may look like, with a comment on each column.

The header words are those that the reader knows; the comments come from `tables` where the file
holds what the table holds, and say the difference where it does not.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from kohorte import tables
from kohorte.errors import UnknownNameError
from kohorte.language import Language, Text
from kohorte.tables import Table


@dataclass(frozen=True)
class Field:
    """A column of an example: the column of a table that it fills, its header, its cells.

    `note` replaces the table's own words where a file is written differently.
    """

    table: Table
    column: str
    header: Text
    cells: tuple[Text, Text, Text]
    note: Text | None = None

    @property
    def meaning(self) -> Text:
        """What the column means."""
        of_table = {column.name: column.meaning for column in self.table.columns}
        return self.note or of_table[self.column]


@dataclass(frozen=True)
class Template:
    """An example file for one table, and how it is read."""

    table: Table
    use: Text
    fields: tuple[Field, ...]


def _same(*cells: str) -> tuple[Text, Text, Text]:
    first, second, third = (Text(de=cell, en=cell) for cell in cells)
    return first, second, third


def _each(de: tuple[str, str, str], en: tuple[str, str, str]) -> tuple[Text, Text, Text]:
    first, second, third = (Text(de=g, en=e) for g, e in zip(de, en, strict=True))
    return first, second, third


def _plain(table: Table, *cells: tuple[str, str, str]) -> tuple[Field, ...]:
    """Return fields with the table's own names, which Parquet files use."""
    return tuple(
        Field(table, column.name, Text(de=column.name, en=column.name), _same(*three))
        for column, three in zip(table.columns, cells, strict=True)
    )


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
            _same("B-1001", "B-1002", "B-1003"),
            Text(de="jede nur einmal", en="each only once"),
        ),
        Field(
            tables.ORDERS,
            "customer_id",
            _WHO,
            _same("anna@example.com", "ben@example.com", "anna@example.com"),
            _CUSTOMER,
        ),
        Field(
            tables.ORDERS,
            "placed_at",
            _DATE,
            _each(
                ("15.01.2026 09:30", "28.01.2026 17:05", "20.02.2026 11:45"),
                ("2026-01-15 09:30", "2026-01-28 17:05", "2026-02-20 11:45"),
            ),
            _WHEN,
        ),
        Field(
            tables.ORDERS, "currency", Text(de="Währung", en="Currency"), _same("EUR", "EUR", "EUR")
        ),
        Field(
            tables.ORDERS,
            "amount_minor",
            Text(de="Betrag", en="Amount"),
            _each(("19,90", "1249,00", "35,50"), ("19.90", "1249.00", "35.50")),
            Text(
                de="Warenwert vor Erstattungen, mit zwei Nachkommastellen",
                en="value of the goods before refunds, with two decimals",
            ),
        ),
        Field(tables.ORDERS, "units", Text(de="Menge", en="Quantity"), _same("1", "3", "2")),
        Field(
            tables.ORDERS,
            "state",
            Text(de="Bestellstatus", en="Order status"),
            _each(("bezahlt", "bezahlt", "storniert"), ("paid", "paid", "cancelled")),
            Text(
                de="storniert, unbezahlt und Test zählen nicht, alles andere zählt",
                en="cancelled, unpaid and test do not count, everything else does",
            ),
        ),
        Field(
            tables.REFUNDS,
            "amount_minor",
            Text(de="Erstattungsbetrag", en="Refund amount"),
            _each(("0,00", "49,00", "0,00"), ("0.00", "49.00", "0.00")),
            Text(de="was davon erstattet wurde", en="what of it was refunded"),
        ),
        Field(
            tables.CUSTOMERS,
            "country",
            Text(de="Land", en="Country"),
            _same("DE", "AT", "DE"),
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
            _same("B-1001", "B-1001", "B-1002"),
            Text(de="dieselbe in jeder Zeile der Bestellung", en="the same in each of its rows"),
        ),
        Field(
            tables.ORDERS,
            "customer_id",
            _WHO,
            _same("anna@example.com", "anna@example.com", "ben@example.com"),
            _CUSTOMER,
        ),
        Field(
            tables.ORDERS,
            "placed_at",
            _DATE,
            _each(
                ("15.01.2026 09:30", "15.01.2026 09:30", "28.01.2026 17:05"),
                ("2026-01-15 09:30", "2026-01-15 09:30", "2026-01-28 17:05"),
            ),
            _WHEN,
        ),
        Field(
            tables.ORDER_LINES,
            "product_id",
            Text(de="Artikelnummer", en="Product number"),
            _same("T-7", "K-2", "T-7"),
            Text(de="leer, wenn unbekannt", en="empty if unknown"),
        ),
        Field(
            tables.ORDER_LINES,
            "product",
            Text(de="Artikelname", en="Product name"),
            _each(("Tasse", "Kanne", "Tasse"), ("Cup", "Pot", "Cup")),
            Text(de="wie im Shop", en="as in the shop"),
        ),
        Field(
            tables.ORDER_LINES,
            "quantity",
            Text(de="Menge", en="Quantity"),
            _same("2", "1", "6"),
            Text(de="bestellte Stück", en="units ordered"),
        ),
        Field(
            tables.ORDER_LINES,
            "unit_price",
            Text(de="Einzelpreis", en="Unit price"),
            _each(("7,50", "24,90", "7,50"), ("7.50", "24.90", "7.50")),
            Text(de="Preis eines Stücks", en="price of one unit"),
        ),
        Field(
            tables.ORDERS, "currency", Text(de="Währung", en="Currency"), _same("EUR", "EUR", "EUR")
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
    _plain(
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
    _plain(
        tables.CUSTOMERS,
        ("anna@example.com", "ben@example.com", "cleo@example.com"),
        ("DE", "AT", "CH"),
    ),
)
TEMPLATES = {each.table.name: each for each in (ORDERS, ORDER_LINES, REFUNDS, CUSTOMERS)}
DELIMITERS: dict[Language, str] = {"de": ";", "en": ","}


def write(table: str, *, language: Language) -> str:
    """Return the example file for a table: comments, a header, three rows.

    Raises
    ------
    UnknownNameError
        There is no such table to bring.
    """
    if table not in TEMPLATES:
        raise UnknownNameError(
            "There is no template for “{name}”. There are: {names}.",
            name=table,
            names=", ".join(TEMPLATES),
        )
    template = TEMPLATES[table]
    out = io.StringIO()
    for text in (template.table.meaning, template.use):
        out.write(f"# {text.render(language)}\n")
    for field in template.fields:
        out.write(f"# {field.header.render(language)}: {field.meaning.render(language)}\n")
    writer = csv.writer(out, delimiter=DELIMITERS[language], lineterminator="\n")
    writer.writerow(field.header.render(language) for field in template.fields)
    for row in zip(*(field.cells for field in template.fields), strict=True):
        writer.writerow(cell.render(language) for cell in row)
    return out.getvalue()
