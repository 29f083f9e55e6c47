from __future__ import annotations

import struct

import pytest

from kohorte.errors import ReadError
from kohorte.reading.formats import archive
from reading.workbooks import GOOD, HEADER, SHEET, changed, ods, xlsx

LONG_SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>%s</sheetData></worksheet>'
)
BOMB = b"0" * (archive.RATIO_FROM + 1_000_000)


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
