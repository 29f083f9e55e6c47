from __future__ import annotations

from typing import Any

import pytest

from kohorte.errors import ReadError
from kohorte.reading import ReadOptions
from reading.workbooks import (
    DAYS,
    GOOD,
    HEADER,
    READ,
    ROWS,
    SHEET,
    changed,
    ods,
    xls,
    xlsx,
)


def orders(shop: Any) -> list[tuple[Any, ...]]:
    return shop.rows(
        "SELECT order_id, customer_id, placed_at, amount_minor FROM orders ORDER BY order_id"
    )


@pytest.mark.parametrize("name", ["orders.xlsx", "orders.xls", "orders.ods", "orders.csv"])
def test_typed_cells_are_what_they_are_in_every_workbook(shop, name):
    """The content tells the format: a workbook that is called CSV is one all the same."""
    table = [HEADER, *ROWS]
    content = {"xls": xls, "ods": ods}.get(name[-3:], lambda rows: xlsx({"A": rows}))(table)

    shop.read(shop.file(content, name))

    assert orders(shop) == READ
    assert shop.remarks() == []
    assert shop.reading.rows_read == 2


def test_titles_empty_rows_and_columns_are_no_part_of_the_table(shop):
    rows = [["Bestellungen 2024"], [], [*HEADER, "", ""], ROWS[0], [], ROWS[1], ["", ""]]

    shop.read(shop.file(xlsx({"A": rows}), "orders.xlsx"))

    assert orders(shop) == READ
    assert shop.remarks() == ["Lines above the header that are no part of the table: 1."]


def test_a_fault_names_the_row_of_the_sheet(shop):
    rows = [["Bestellungen"], [], HEADER, ROWS[0], [], [1003, 7, "bald", 5]]

    with pytest.raises(ReadError) as refused:
        shop.read(shop.file(xlsx({"A": rows}), "orders.xlsx"))

    assert "Line 6 of orders.xlsx: “bald” in the column “Bestelldatum”" in str(refused.value)


def test_merged_cells_spread_a_header_over_two_rows(shop):
    def merge(sheet, _book):
        sheet.merge_range(0, 1, 0, 2, "Kunde")
        sheet.merge_range(0, 0, 1, 0, "Bestellnummer")

    rows = [["", "", "", "Bestelldatum"], ["", "Nr.", "Name", ""], [7, 12, "Anna", ROWS[0][2]]]
    shop.read(shop.file(xlsx({"A": rows}, finish=merge), "orders.xlsx"))

    assert [guess.column for guess in shop.reading.files[0].guesses] == [
        "Bestellnummer",
        "Kunde Nr.",
        "Bestelldatum",
    ]
    assert shop.row("SELECT order_id, customer_id FROM orders") == ("7", "12")


def test_formulas_carry_their_values_and_error_cells_are_told(shop):
    def formulas(sheet, _book):
        sheet.write_formula("D2", "=10+9.99", None, 19.99)
        sheet.write_formula("E2", "=NA()", None, "#N/A")
        sheet.write_boolean("F2", True)

    shop.read(shop.file(xlsx({"A": [HEADER, *ROWS]}, finish=formulas), "orders.xlsx"))

    assert orders(shop) == READ
    assert shop.remarks() == ["Cells that hold an error such as #N/A and count as empty: 1."]


def test_numbers_among_dates_are_dates_that_lost_their_format(shop):
    rows = [HEADER, ROWS[0], [1002, 13047, 45328, 1234.5]]

    shop.read(shop.file(xlsx({"A": rows}), "orders.xlsx"))

    assert orders(shop) == READ


def test_numbers_among_texts_are_never_taken_for_thousands(shop):
    rows = [[*HEADER, "Menge"], [1, 7, ROWS[0][2], 1.234, 1], [2, 7, ROWS[0][2], "12,50", 1]]

    shop.read(shop.file(xlsx({"A": rows}), "orders.xlsx"))

    assert [row[3] for row in orders(shop)] == [123, 1250]


def test_the_sheet_with_the_orders_is_found_and_the_others_are_told(shop):
    sheets = {
        "Lesen Sie mich": [["Stand", "heute"]],
        "Kunden": [["Kunden-Nr.", "Name"], [17850, "Anna"]],
        "Export": [HEADER, *ROWS],
        "Alt": [HEADER, *ROWS],
    }

    shop.read(shop.file(xlsx(sheets, hidden="Alt"), "orders.xlsx"))

    assert orders(shop) == READ
    assert shop.remarks() == [
        "The sheet “Export” was read, the sheet “Lesen Sie mich” was not. --sheet changes it.",
        "Hidden sheets that were not read: “Alt”.",
        "This is a list of customers; 1 of them have orders here.",
    ]


def test_lines_refunds_and_customers_in_other_sheets_go_with_the_orders(shop):
    sheets = {
        "Notizen": [["Stand", "heute"]],
        "Bestellungen": [[*HEADER, "Status"], [*ROWS[0], "bezahlt"], [*ROWS[1], "bezahlt"]],
        "Positionen": [
            ["Bestellnummer", "Artikelnummer", "Artikel", "Menge", "Einzelpreis"],
            [1001, "G1", "Gouda", 1, 9.99],
            [1001, "B1", "Brie", 2, 5.0],
            [1002, "G1", "Gouda", 3, 411.5],
        ],
        "Erstattungen": [
            ["Erstattungsnummer", "Bestellnummer", "Erstattungsdatum", "Erstattungsbetrag"],
            ["R1", 1001, DAYS[1], 5.0],
        ],
    }

    shop.read(shop.file(xlsx(sheets), "orders.xlsx"))

    assert orders(shop) == READ
    asked = shop.connection.execute
    assert asked("SELECT product, quantity FROM order_lines ORDER BY ALL").fetchall() == [
        ("Brie", 2), ("Gouda", 1), ("Gouda", 3),
    ]  # fmt: skip
    assert asked("SELECT order_id, amount_minor FROM refunds").fetchall() == [("1001", 500)]
    assert [each.path.rpartition("/")[2] for each in shop.reading.files] == [
        "orders.xlsx", "orders.xlsx (Erstattungen)", "orders.xlsx (Positionen)",
    ]  # fmt: skip
    assert "the sheet “Notizen” was not" in " ".join(shop.remarks())


def test_where_a_sheet_is_named_no_other_is_read(shop):
    sheets = {
        "Export": [HEADER, *ROWS],
        "Erstattungen": [
            ["Bestellnummer", "Erstattungsdatum", "Erstattungsbetrag"],
            [1001, DAYS[1], 5.0],
        ],
    }

    shop.read(shop.file(xlsx(sheets), "orders.xlsx"), sheet="Export")

    assert shop.connection.execute("SELECT count(*) FROM refunds").fetchone() == (0,)


def test_of_several_tables_of_orders_one_is_named(shop):
    path = shop.file(xlsx({"2023": [HEADER, ROWS[0]], "2024": [HEADER, ROWS[1]]}), "orders.xlsx")

    with pytest.raises(ReadError) as refused:
        shop.read(path)
    assert str(refused.value) == (
        "The workbook orders.xlsx has several sheets that could be meant: “2023”, “2024”. "
        'Name one with --sheet "orders.xlsx=NAME".'
    )
    assert "„2023“, „2024“." in refused.value.render("de")

    shop.read(path, sheet="2024")
    assert orders(shop) == READ[1:]
    assert shop.reading.mapping.sheet == "2024"


LINES = "Bestellnummer;Kundennummer;Bestelldatum;Betrag\nB-1;K1;25.01.2026;20,00\n"
COSTS = [
    ["Monat", "Kanal", "Zweck", "Kosten"],
    ["Januar 2026", "Suchanzeigen", "Neukunden", 120.5],
    ["Januar 2026", "Newsletter", "Bestandskunden", 30],
]
SPENT = [("Suchanzeigen", "acquisition", 12050), ("Newsletter", "retention", 3000)]


@pytest.mark.parametrize("write", [lambda rows: xlsx({"Orders": rows}), ods, xls])
def test_a_workbook_beside_the_orders_is_read_like_any_file(shop, write):
    shop.read(shop.file(LINES), shop.file(write(COSTS), "kosten.xlsx"), currency="EUR")

    assert shop.rows("SELECT channel, purpose, amount_minor FROM spend") == SPENT


def test_each_workbook_has_a_sheet_of_its_own(shop):
    orders_ = shop.file(xlsx({"2023": [HEADER, ROWS[0]], "2024": [HEADER, ROWS[1]]}), "orders.xlsx")
    costs = shop.file(xlsx({"Plan": COSTS[:2], "Ist": COSTS}), "kosten.xlsx")

    reading = shop.read(
        orders_, costs, sheets={"orders.xlsx": "2024", "kosten.xlsx": "ist"}, currency="EUR"
    )

    assert orders(shop) == READ[1:]
    assert shop.rows("SELECT channel, purpose, amount_minor FROM spend") == SPENT
    mapping = shop.file(reading.mapping.to_toml(), "mapping.toml")
    assert ReadOptions.from_mapping(mapping).sheets == {
        "orders.xlsx": "2024",
        "kosten.xlsx": "ist",
    }


def test_a_sheet_of_a_workbook_that_is_not_there_is_refused(shop):
    with pytest.raises(ReadError) as refused:
        shop.read(shop.file(LINES), sheets={"kosten.xlsx": "Ist"})
    assert str(refused.value) == (
        "--sheet names kosten.xlsx, which is not among the files. Those are: orders.csv."
    )


def test_sheets_whose_tags_have_a_prefix_are_looked_at_as_well(shop):
    content = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:sheetData><x:row r="1"><x:c r="A1"><x:f>1+1</x:f></x:c></x:row></x:sheetData>'
        b"</x:worksheet>"
    )

    with pytest.raises(ReadError, match="1 formula whose value was never computed"):
        shop.read(shop.file(changed(GOOD, SHEET, content), "orders.xlsx"))


def test_a_file_behind_a_workbook_does_not_take_its_place(shop):
    costs = shop.file(xlsx({"Orders": COSTS}), "kosten.xlsx")
    people = shop.file("Customer ID,First Name,Last Name,Country Code\nK1,A,B,AT\n", "kunden.csv")

    shop.read(shop.file(LINES), costs, people, currency="EUR")

    assert shop.rows("SELECT channel, purpose, amount_minor FROM spend") == SPENT
    assert shop.rows("FROM customers") == [("K1", "AT")]
