"""Small valid files of every format, and ways to spoil them."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import xlsxwriter
import xlwt

HEADER = ("order_id", "customer_id", "date", "amount", "product")
ROWS = [
    (
        f"N{n}",
        f"kunde{n % 7}@example.com",
        dt.datetime(2024, 1, 5 + n, 10, 30),  # noqa: DTZ001  # a sheet has no zone
        n + 0.5,
        f"Müsli {n}",
    )
    for n in range(12)
]
# Formats whose container checks sums: what is spoiled there is a part, packed anew.
PACKED = ("xlsx", "ods")
SUFFIXES = {"cp1252": "csv", "utf-16": "csv", "tables": "parquet", "sqlite": "db"}


def text(separator: str = ",") -> str:
    quoted = [[f'"{cell}"' if "ü" in str(cell) else str(cell) for cell in row] for row in ROWS]
    return "\r\n".join(separator.join(row) for row in [HEADER, *quoted]) + "\r\n"


def xlsx() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        sheet = book.add_worksheet("Orders")
        for number, row in enumerate([HEADER, *ROWS]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(13, 3, "=1+1", None, 2)
        sheet.write_row(13, 0, ["N99", "a@example.com", ROWS[0][2]])
        sheet.merge_range(0, 5, 0, 6, "merged")
        book.add_worksheet("Other").write(0, 0, "nothing")
    return content.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Orders")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY HH:MM")
    for number, row in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell, *([day] if isinstance(cell, dt.datetime) else []))
    sheet.write(14, 3, xlwt.Formula("1+1"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods() -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, dt.datetime):
            return f'<t:table-cell o:value-type="date" o:date-value="{value.isoformat()}"/>'
        if isinstance(value, float):
            return f'<t:table-cell o:value-type="float" o:value="{value}"/>'
        return f'<t:table-cell o:value-type="string"><x:p>{value}</x:p></t:table-cell>'

    urn = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = "".join(
        f"<t:table-row>{''.join(map(cell, row))}</t:table-row>" for row in [HEADER, *ROWS]
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f'<o:document-content xmlns:o="{urn}office:1.0" xmlns:t="{urn}table:1.0" '
            f'xmlns:x="{urn}text:1.0"><o:body><o:spreadsheet><t:table t:name="Orders">{rows}'
            '<t:table-row t:number-rows-repeated="1048000"><t:table-cell '
            't:number-columns-repeated="16384"/></t:table-row></t:table></o:spreadsheet></o:body>'
            "</o:document-content>",
        )
    return content.getvalue()


def objects() -> list[dict[str, object]]:
    return [
        dict(zip(HEADER, (*row[:2], row[2].isoformat(), *row[3:]), strict=True))
        | {"buyer": {"id": number, "tags": ["a"]}}
        for number, row in enumerate(ROWS)
    ]


def parquet(*, finished: bool) -> bytes:
    columns = "order_id, customer_id, date, amount, product"
    if finished:
        columns = (
            "order_id, customer_id, date AS placed_at, (amount * 100)::BIGINT AS amount_minor, "
            "'EUR' AS currency, 'counted' AS state"
        )
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "x.parquet"
        connection.execute(
            "CREATE TABLE t (order_id VARCHAR, customer_id VARCHAR, date TIMESTAMP, amount DOUBLE, "
            "product VARCHAR)"
        )
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", ROWS)
        connection.execute(f"COPY (SELECT {columns} FROM t) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        with closing(sqlite3.connect(path)) as opened, opened:
            opened.execute("CREATE TABLE orders (order_id, customer_id, date, amount, product)")
            opened.executemany(
                "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
                [(*row[:2], row[2].isoformat(), *row[3:]) for row in ROWS],
            )
        return path.read_bytes()


FORMATS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: text().encode(),
    "tsv": lambda: text("\t").encode(),
    "cp1252": lambda: text(";").encode("cp1252"),
    "utf-16": lambda: text(";").encode("utf-16"),
    "jsonl": lambda: "".join(json.dumps(each) + "\n" for each in objects()).encode(),
    "json": lambda: json.dumps(objects(), indent=1).encode(),
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    "parquet": lambda: parquet(finished=False),
    "tables": lambda: parquet(finished=True),
    "sqlite": sqlite,
}
# What has a meaning somewhere, and so does more harm than any byte.
TOKENS = (
    b"\0", b'"', b"'", b"\n", b"\r", b",", b";", b"\t", b"{", b"}", b"[", b"]", b"<", b">", b"</row>",
    b"&", b"\\u0000", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\xef\xbb\xbf",
    b"999999999", b"-1", b"1e999", b"NaN", b"PK\x05\x06", b'r="XFD1048576"', b'="1048576"', b"\x9d",
)  # fmt: skip


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Return content with one to four places flipped, cut, doubled, moved or filled."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        size = len(found)
        if not size:
            break
        place = chance.randrange(size)
        length = min(chance.choice((1, 1, 2, 4, 16, 64, 512)), size - place)
        match chance.randrange(7):
            case 0:
                found[place] ^= 1 << chance.randrange(8)
            case 1:
                found[place] = chance.randrange(256)
            case 2:
                del found[place : place + length]
            case 3:
                found[place:place] = found[place : place + length] * chance.choice((1, 2, 50))
            case 4:
                found[place:place] = chance.choice(TOKENS)
            case 5:
                found[place : place + length] = chance.randbytes(length)
            case 6:
                del found[place:]
    return bytes(found)


def spoiled_inside(content: bytes, chance: random.Random) -> bytes:
    """Return a packed file with one of its parts spoiled and packed anew."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        wanted = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, spoiled(part, chance) if name == wanted else part)
    return result.getvalue()
