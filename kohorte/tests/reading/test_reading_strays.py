"""Rows that are no orders: repeated headers, totals and notes. No real order is ever lost."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from kohorte.errors import ReadError

HEADER = "Bestellung;Kunde;Datum;Betrag\n"
ROWS = "1;a;05.01.2024;10,00\n2;b;06.01.2024;20,50\n"
TOTALS = "Rows that are totals or notes and no orders were left out: "


def orders(shop) -> list[tuple[str, int]]:
    return shop.rows("SELECT order_id, amount_minor FROM orders ORDER BY order_id")


def read_as_two_orders(shop, content: str | bytes) -> list[str]:
    reading = shop.text(content)

    assert orders(shop) == [("1", 1_000), ("2", 2_050)]
    assert reading.rows_read == 2
    assert float(reading.raw_amount) == 30.5
    assert shop.row("SELECT count(*) FROM excluded_rows") == (0,)
    return shop.remarks()


@pytest.mark.parametrize(
    ("rows", "lines", "text"),
    [
        ("Summe;;;30,50\n", "1 (line 4", "Summe"),
        (";;Gesamt:;30,50\n", "1 (line 4", "Gesamt:"),
        (";Total;;30,50 €\n", "1 (line 4", "Total"),
        ("Total (2 Bestellungen);;;30,50\n", "1 (line 4", "Total (2 Bestellungen)"),
        ("Gesamtsumme;;06.01.2024;30,50\n", "1 (line 4", "Gesamtsumme"),
        (";;;\n;;;30,50\n;;;\n", "1 (line 5", "30,50"),
        (
            "Exportiert am 07.01.2024 um 14:03 Uhr;;;\n",
            "1 (line 4",
            "Exportiert am 07.01.2024 um 14:03 Uhr",
        ),
        (";;Stand: Januar;\n", "1 (line 4", "Stand: Januar"),
        ("\nSumme;;;30,50\n2 Bestellungen insgesamt;;;\n", "2 (line 5, 6", "Summe"),
        ("\nSumme;;;30,50\nSeite: 1;;;\n", "2 (line 5, 6", "Summe"),
        ("Summe: 30,50\n", "1 (line 4", "Summe: 30,50"),
        ("Erstellt am 07.01.2024\n", "1 (line 4", "Erstellt am 07.01.2024"),
    ],
)
def test_totals_and_notes_at_the_end_are_left_out_and_told(shop, rows, lines, text):
    assert read_as_two_orders(shop, HEADER + ROWS + rows) == [
        f"{TOTALS}{lines}; the first says “{text}”)."
    ]


def test_subtotals_between_orders_are_left_out(shop):
    first, second = ROWS.splitlines(keepends=True)

    assert read_as_two_orders(
        shop,
        f"{HEADER}{first}Zwischensumme;;;10,00\n{second}Zwischensumme;;;20,50\nSumme;;;30,50\n",
    ) == [f"{TOTALS}3 (line 3, 5, 6; the first says “Zwischensumme”)."]


def test_files_that_were_put_together_repeat_the_header(shop):
    first, second = ROWS.splitlines(keepends=True)

    assert read_as_two_orders(shop, HEADER + first + HEADER + second + HEADER) == [
        "Rows that repeat the header were left out: 2 (line 3, 5)."
    ]


def test_every_header_is_found_where_names_repeat_or_are_missing(shop):
    header = "Bestellung;Kunde;Datum;Betrag;Notiz;Notiz;\n"
    rows = [row.rstrip("\n") + ";x;y;\n" for row in ROWS.splitlines()]

    assert read_as_two_orders(shop, header + rows[0] + header + rows[1]) == [
        "Rows that repeat the header were left out: 1 (line 3)."
    ]


def test_a_file_without_a_header_repeats_none(shop):
    shop.text("1,7,2024-01-05,3\n1,7,2024-01-05,3\n", columns={"order_id": "1", "customer_id": "2"})

    assert shop.reading.rows_read == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3;;;12,00\n", "has nothing in the column “Datum”"),
        (";c;;12,00\n", "has nothing in the column “Datum”"),
        (";;;12,00\n", "has nothing in the column “Datum”"),
        ("A-1005;;;\n", "has nothing in the column “Datum”"),
        ("3;Anna Beispiel\n", "has 2 cells"),
        ("Anna Beispiel\n", "has 1 cells"),
        ("Total Records GmbH;3;07.01.2024\n", "has 3 cells"),
    ],
)
def test_what_may_be_an_order_is_never_taken_for_a_total(shop, row, said):
    """A row that was cut off, or lost its day, is a fault and no note."""
    with pytest.raises(ReadError, match=said):
        shop.text(HEADER + ROWS + row)


def test_orders_may_bear_the_words_of_totals(shop):
    shop.text(HEADER + "1;Total GmbH;05.01.2024;10,00\nSumme;b;06.01.2024;20,50\n")

    assert orders(shop) == [("1", 1_000), ("Summe", 2_050)]
    assert shop.remarks() == []


def test_a_sparse_file_has_no_totals(shop):
    with pytest.raises(ReadError, match="has nothing in the column “Datum” \\(such rows: 1,100\\)"):
        shop.text(HEADER + ROWS + ";;;1,00\n" * 1_100 + "1;a;05.01.2024;10,00\n")


def test_totals_of_a_workbook_are_left_out(shop):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Bestellung", "Kunde", "Datum", "Betrag"))
        sheet.write_row(1, 0, ("1", "a", 45296, 10))
        sheet.write_row(2, 0, ("2", "b", 45297, 20.5))
        sheet.write_row(4, 2, ("Summe", 30.5))
    path = shop.file(content.getvalue(), "orders.xlsx")

    shop.read(path)

    assert orders(shop) == [("1", 1_000), ("2", 2_050)]
    assert shop.reading.rows_read == 2
    assert shop.remarks()[-1] == f"{TOTALS}1 (line 5; the first says “Summe”)."
