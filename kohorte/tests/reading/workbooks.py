"""Workbooks of orders, written by hand: Excel old and new, OpenDocument, and one part of them changed."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import xlsxwriter
import xlwt

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


GOOD = xlsx({"A": [HEADER, *ROWS]})
SHEET = "xl/worksheets/sheet1.xml"
