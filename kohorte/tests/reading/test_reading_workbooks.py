from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from typing import Any

import pytest
import xlsxwriter
import xlwt

from kohorte.errors import ReadError
from kohorte.reading import ReadOptions
from kohorte.reading.formats import archive

DAYS = [dt.datetime.fromisoformat(day) for day in ("2024-01-05 10:30", "2024-02-06")]
HEADER = ["Bestellnummer", "Kunden-Nr.", "Bestelldatum", "Gesamtbetrag"]
ROWS = [
    [1001, 17850.0, DAYS[0], 19.99],
    [1002, 13047.0, DAYS[1], 1234.5],
]
READ = [
    ("1001", "17850", DAYS[0], 1999),
    ("1002", "13047", DAYS[1], 123450),
]


def xlsx(sheets: dict[str, list[list[Any]]], *, hidden: str = "", finish: Any = None) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if name == hidden:
            sheet.hide()
        if finish:
            finish(sheet, book)
    book.close()
    return content.getvalue()


def xls(rows: list[list[Any]]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Orders")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY HH:MM")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, dt.datetime):
                sheet.write(number, column, cell, day)
            else:
                sheet.write(number, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(rows: list[list[Any]], *, manifest: str = "") -> bytes:
    def cell(value: Any) -> str:
        if isinstance(value, dt.datetime):
            kind, text = "date", f'office:date-value="{value.isoformat()}"'
        elif isinstance(value, int | float):
            kind, text = "float", f'office:value="{value}"'
        else:
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="{kind}" {text}/>'

    urn = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{urn}:manifest:1.0">{manifest}</manifest:manifest>',
        )
        packed.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
            f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table '
            f'table:name="Orders">{body}{empty}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return content.getvalue()


def changed(workbook: bytes, part: str, content: bytes) -> bytes:
    """Return a workbook with one part exchanged."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return result.getvalue()


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


LONG_SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>%s</sheetData></worksheet>'
)
BOMB = b"0" * (archive.RATIO_FROM + 1_000_000)
GOOD = xlsx({"A": [HEADER, *ROWS]})
SHEET = "xl/worksheets/sheet1.xml"


def compound(stream: str) -> bytes:
    """Return the container of old Office files with one empty stream in it."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = struct.pack("<8s16x5H6x10I", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, 4096, end, 0, end, 0, 0)  # fmt: skip
    head += struct.pack("<I", free) * 108
    sectors = struct.pack("<3I", table, end, free) + struct.pack("<I", free) * 125

    def entry(name: str, kind: int, child: int) -> bytes:
        written = name.encode("utf-16-le").ljust(64, b"\0")
        return struct.pack(
            "<64sHBB3I16xI16xIQ", written, 2 * len(name) + 2, kind, 1, free, free, child, 0, end, 0
        )

    directory = entry("Root Entry", 5, 1) + entry(stream, 2, free)
    return head + sectors + directory.ljust(512, b"\0")


BAD = [
    (
        "a zip bomb",
        changed(GOOD, SHEET, BOMB),
        {},
        "The file orders.xlsx would unpack to 51 MB, far more than a shop's workbook holds. Save "
        "the table as CSV.",
    ),
    (
        "too many columns",
        changed(GOOD, SHEET, LONG_SHEET % b'<row r="2"><c r="GJH2"><v>1</v></c></row>'),
        {},
        "The file orders.xlsx has 5,000 columns; at most 2,000 are read.",
    ),
    (
        "formulas that were never computed",
        changed(GOOD, SHEET, LONG_SHEET % b'<row r="2"><c r="A2"><f>1+1</f></c></row>'),
        {},
        "The sheet “A” of orders.xlsx has 1 formula whose value was never computed. Open it in "
        "Excel or LibreOffice, save it and try again.",
    ),
    (
        "a locked workbook",
        compound("EncryptedPackage"),
        {},
        "The workbook orders.xlsx is protected by a password. Save a copy without one and try "
        "again.",
    ),
    (
        "a locked ODS",
        ods([HEADER], manifest="<manifest:encryption-data/>"),
        {},
        "The workbook orders.xlsx is protected by a password. Save a copy without one and try "
        "again.",
    ),
    (
        "half a workbook",
        GOOD[: len(GOOD) // 2],
        {},
        "The workbook orders.xlsx is damaged. Open it in its program, save it again and try again.",
    ),
    (
        "a sheet that is no XML",
        changed(GOOD, SHEET, b"<worksheet><sheetData><row"),
        {},
        "The workbook orders.xlsx is damaged. Open it in its program, save it again and try again.",
    ),
    (
        "a sheet that ends in the middle",
        changed(GOOD, SHEET, LONG_SHEET[: -len("</sheetData></worksheet>%s")]),
        {},
        "The workbook orders.xlsx is damaged. Open it in its program, save it again and try again.",
    ),
    (
        "an old workbook that is none",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        {},
        "The workbook orders.xlsx is damaged. Open it in its program, save it again and try again.",
    ),
    (
        "another zip",
        changed(GOOD, "xl/workbook.xml", b"").replace(b"xl/workbook.xml", b"xl/notebook.xml"),
        {},
        "The file orders.xlsx is a ZIP file. Save the table as CSV, Excel or Parquet and try again.",
    ),
    (
        "a Word document",
        GOOD.replace(b"xl/workbook.xml", b"word/docume.xml"),
        {},
        "The file orders.xlsx is a Word document. Save the table as CSV, Excel or Parquet and try "
        "again.",
    ),
    (
        "a renamed PDF",
        b"%PDF-1.7\n",
        {},
        "The file orders.xlsx is a PDF document. Save the table as CSV, Excel or Parquet and try "
        "again.",
    ),
    (
        "no such sheet",
        xlsx({"2023": [HEADER], "2024": [HEADER]}),
        {"sheet": "Orders"},
        "The workbook orders.xlsx has no sheet “Orders”. Its sheets are: “2023”, “2024”.",
    ),
    (
        "a header alone",
        xlsx({"A": [HEADER]}),
        {},
        "The file orders.xlsx holds a header but no rows. Export it again with rows in it.",
    ),
    ("nothing", xlsx({"A": []}), {}, "The file orders.xlsx holds no rows."),
]


@pytest.mark.parametrize(
    ("content", "options", "sentence"), [pytest.param(*b[1:], id=b[0]) for b in BAD]
)
def test_a_workbook_that_cannot_be_read_says_why_in_one_sentence(shop, content, options, sentence):
    with pytest.raises(ReadError) as refused:
        shop.read(shop.file(content, "orders.xlsx"), **options)

    assert str(refused.value) == sentence
    assert refused.value.render("de") != sentence
    assert shop.tables() == set()


def test_a_file_behind_a_workbook_does_not_take_its_place(shop):
    costs = shop.file(xlsx({"Orders": COSTS}), "kosten.xlsx")
    people = shop.file("Customer ID,First Name,Last Name,Country Code\nK1,A,B,AT\n", "kunden.csv")

    shop.read(shop.file(LINES), costs, people, currency="EUR")

    assert shop.rows("SELECT channel, purpose, amount_minor FROM spend") == SPENT
    assert shop.rows("FROM customers") == [("K1", "AT")]
