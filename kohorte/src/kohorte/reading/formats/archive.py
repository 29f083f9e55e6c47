"""Packed workbooks looked at before they are opened: what they are, and whether they are bombs."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kohorte.errors import ReadError
from kohorte.language import Text
from kohorte.reading.source import COLUMNS_MAX

# Real workbooks shrink to a tenth or a thirtieth, bombs to a thousandth.
UNPACKED_MAX = 1_500_000_000
RATIO_MAX = 250
RATIO_FROM = 50_000_000
PARTS_MAX = 5_000
# Cells of the rectangle around everything that a sheet holds: the reader keeps them all in memory.
CELLS_MAX = 40_000_000
CHUNK_BYTES = 1 << 20
ROW_BYTES_MAX = 16 << 20

Packed = Literal["xlsx", "ods"]

_OTHERS: tuple[tuple[str, Text], ...] = (
    ("word/", Text(de="ein Word-Dokument", en="a Word document")),
    ("ppt/", Text(de="eine PowerPoint-Datei", en="a PowerPoint file")),
    ("xl/workbook.bin", Text(de="eine binäre Excel-Datei (XLSB)", en="a binary Excel file (XLSB)")),
)
ZIP = Text(de="eine ZIP-Datei", en="a ZIP file")

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)([0-9]+)"')
_UNKNOWN = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)</(?:\w+:)?c>")
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"')
# The end of a row, or of the bare beginning of one; names may have a prefix.
_ROW_END = b"row>"
_TAG = re.compile(r"<(?:\w+:)?(?:sheet|Relationship)\s[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the bytes of an .xlsx sheet tell: formulas that were never computed, and error cells."""

    unknown: int = 0
    errors: int = 0


def require_sane(path: Path, *, name: str) -> Packed:
    """Return what a packed file is.

    Raises
    ------
    ReadError
        If it is damaged, locked, a bomb, or no workbook.
    """
    # NotImplementedError is what zipfile raises for a compression that it does not know.
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise damaged(name) from None
    unpacked = sum(part.file_size for part in parts)
    if (
        unpacked > UNPACKED_MAX
        or len(parts) > PARTS_MAX
        or (unpacked > RATIO_FROM and unpacked > RATIO_MAX * path.stat().st_size)
    ):
        raise ReadError(
            "The file {file} would unpack to {size} MB, far more than a workbook of orders holds. "
            "Save the orders as CSV.",
            file=name,
            size=unpacked // 1_000_000,
        )
    if any(part.flag_bits & 1 for part in parts):
        raise locked(name)
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if {"content.xml", "mimetype"} <= names and _is_spreadsheet(path, name=name):
        return "ods"
    what = next((t for begin, t in _OTHERS if any(n.startswith(begin) for n in names)), ZIP)
    raise ReadError(
        "The file {file} is {what}. Save the orders as CSV, Excel or Parquet and try again.",
        file=name,
        what=what,
    )


def _is_spreadsheet(path: Path, *, name: str) -> bool:
    kind = b"".join(_blocks(path, "mimetype", name=name))
    if b"encryption-data" in b"".join(_blocks(path, "META-INF/manifest.xml", name=name)):
        raise locked(name)
    return b"opendocument.spreadsheet" in kind


def sheets(path: Path, *, name: str) -> dict[str, Sheet]:
    """Read the sheets of an .xlsx once, as bytes.

    Raises
    ------
    ReadError
        If a cell lies so far outside that the sheet would not fit into memory.
    """
    return {
        title: _sheet(path, part, name=name, title=title)
        for title, part in _parts(path, name=name).items()
    }


def _parts(path: Path, *, name: str) -> dict[str, str]:
    """Return the part that holds each sheet."""
    book = _tags(path, "xl/workbook.xml", name=name)
    links = {tag.get("Id"): tag for tag in _tags(path, "xl/_rels/workbook.xml.rels", name=name)}
    found = {}
    for tag in book:
        link = links.get(tag.get("id", ""), {})
        if link.get("Type", "").endswith("/worksheet"):
            target = posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))
            found[tag.get("name", "")] = target.lstrip("/")
    with zipfile.ZipFile(path) as packed:
        named = set(found.values())
        others = [part for part in packed.namelist() if part.startswith("xl/worksheets/sheet")]
    return found | {part: part for part in others if part not in named}


def _tags(path: Path, part: str, *, name: str) -> list[dict[str, str]]:
    text = b"".join(_blocks(path, part, name=name)).decode("utf-8", errors="replace")
    return [
        {
            key.rpartition(":")[2]: html.unescape(double or single)
            for key, double, single in _ATTRIBUTE.findall(tag)
        }
        for tag in _TAG.findall(text)
    ]


def _sheet(path: Path, part: str, *, name: str, title: str) -> Sheet:
    columns: set[bytes] = set()
    rows = unknown = errors = 0
    for block in _blocks(path, part, name=name):
        cells = _CELL.findall(block)
        columns.update(column for column, _ in cells)
        rows = max(rows, max((int(row[:10]) for _, row in cells), default=0))
        unknown += len(_UNKNOWN.findall(block))
        errors += len(_ERROR.findall(block))
    width = max(map(_number, columns), default=0)
    if width > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=name,
            columns=width,
            limit=COLUMNS_MAX,
        )
    if rows * width > CELLS_MAX:
        raise ReadError(
            "The sheet “{sheet}” of {file} reaches to row {row}, column {columns}, which is more "
            "than can be read. Delete stray cells far outside of the table, or save it as CSV.",
            sheet=title,
            file=name,
            row=rows,
            columns=width,
        )
    return Sheet(unknown=unknown, errors=errors)


def _number(column: bytes) -> int:
    """Return the number of a column named by letters; long names are far beyond any limit."""
    number = 0
    for letter in column[:6]:
        number = number * 26 + letter - 64
    return number


def _blocks(path: Path, part: str, *, name: str) -> Iterator[bytes]:
    """Return a part of the file in blocks of whole rows; an absent part holds nothing."""
    rest = b""
    try:
        with zipfile.ZipFile(path) as packed:
            if part not in packed.namelist():
                return
            with packed.open(part) as file:
                while chunk := file.read(CHUNK_BYTES):
                    end = chunk.rfind(_ROW_END) + len(_ROW_END)
                    if end >= len(_ROW_END):
                        yield rest + chunk[:end]
                        rest = chunk[end:]
                    elif len(rest) > ROW_BYTES_MAX:
                        raise damaged(name)
                    else:
                        rest += chunk
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise damaged(name) from None
    except zlib.error:
        raise damaged(name) from None
    yield rest


def damaged(name: str) -> ReadError:
    """Return the error for a workbook that cannot be opened."""
    return ReadError(
        "The workbook {file} is damaged. Open it in its program, save it again and try again.",
        file=name,
    )


def locked(name: str) -> ReadError:
    """Return the error for a workbook with a password."""
    return ReadError(
        "The workbook {file} is protected by a password. Save a copy without one and try again.",
        file=name,
    )
