"""Sheets of old workbooks (.xls of Excel 5 to 2003), read record by record.

The library that reads .xlsx trusts the sizes that an .xls states, and ends the whole program where
they lie; here a file costs what it holds and no more.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kohorte.errors import ReadError
from kohorte.language import Text
from kohorte.reading.formats import archive, biff, staging
from kohorte.reading.formats.compound import Compound
from kohorte.reading.formats.sheet import MERGED_MAX, Row, Sheet, Span
from kohorte.reading.source import LINE_BYTES_MAX

# The records are in memory as a whole.
STREAM_BYTES_MAX = 150_000_000

_NUMBER, _RK, _MANY_RK, _SHARED, _LABEL, _RICH = 0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6
_BOOL_OR_ERROR, _FORMULA, _RESULT, _MERGED = 0x0205, 0x0006, 0x0207, 0x00E5
_CELLS = frozenset((_NUMBER, _RK, _MANY_RK, _SHARED, _LABEL, _RICH, _BOOL_OR_ERROR, _FORMULA))
_DAMAGES = (ValueError, IndexError, struct.error)
_LAST_DAY = 2_958_466

_STREAMS: tuple[tuple[str, Text], ...] = (
    ("WordDocument", Text(de="ein Word-Dokument", en="a Word document")),
    ("PowerPoint Document", Text(de="eine PowerPoint-Datei", en="a PowerPoint file")),
    ("__properties_version1.0", Text(de="eine E-Mail von Outlook", en="an e-mail of Outlook")),
)
_OTHER = Text(de="eine Datei eines anderen Programms", en="a file of another program")


@contextmanager
def opened(path: Path, *, name: str) -> Iterator[list[Sheet]]:
    """Open the sheets.

    Raises
    ------
    ReadError
        If the workbook is damaged, locked or too large, or is none.
    """
    try:
        stream = _stream(path, name=name)
        book = biff.book(stream)
        sheets = [
            _sheet(stream, book, title, is_visible, start, name=name)
            for title, is_visible, start in book.sheets
        ]
    except biff.LockedError:
        raise archive.locked(name) from None
    except _DAMAGES:
        raise archive.damaged(name) from None
    yield sheets


def _stream(path: Path, *, name: str) -> bytes:
    with path.open("rb") as file:
        compound = Compound(file)
        if "EncryptedPackage" in compound.streams:
            raise archive.locked(name)
        wanted = next((s for s in ("Workbook", "Book") if s in compound.streams), None)
        if wanted is None:
            what = next((text for s, text in _STREAMS if s in compound.streams), _OTHER)
            raise ReadError(
                "The file {file} is {what}. Save the table as CSV, Excel or Parquet and try again.",
                file=name,
                what=what,
            )
        stream = compound.read(wanted, limit=STREAM_BYTES_MAX)
        if stream is None:
            raise archive.bomb(name, compound.size)
        return stream


def _sheet(
    stream: bytes, book: biff.Book, title: str, is_visible: bool, start: int, *, name: str
) -> Sheet:
    width = errors = 0
    merged: list[Span] = []
    for kind, data in biff.records(stream, start):
        if kind in _CELLS:
            errors += kind == _BOOL_OR_ERROR and data[7] == 1
            errors += kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2
            last = struct.unpack_from("<H", data, len(data) - 2 if kind == _MANY_RK else 2)[0]
            width = max(width, last + 1)
        elif kind == _MERGED:
            merged += _spans(data)
    rows = partial(_rows, stream, book, start, width=width, name=name)
    return Sheet(
        name=title,
        is_visible=is_visible,
        width=width,
        rows=rows,
        merged=tuple(merged[:MERGED_MAX]),
        errors=errors,
    )


def _spans(data: bytes) -> list[Span]:
    found = struct.iter_unpack("<4H", data[2 : 2 + (len(data) - 2) // 8 * 8])
    return [((top, left), (bottom, right)) for top, bottom, left, right in found]


def _rows(stream: bytes, book: biff.Book, start: int, *, width: int, name: str) -> Iterator[Row]:
    row, cells = 0, _empty(width)
    found = _cells(stream, book, start)
    while True:
        try:
            place, column, value = next(found, (-1, 0, ""))
        except _DAMAGES:
            raise archive.damaged(name) from None
        if place != row:
            yield from _filled(row, cells, name=name)
            row, cells = place, _empty(width)
        if place < 0:
            return
        cells[column] = value


def _empty(width: int) -> list[object]:
    return [""] * width


def _filled(row: int, cells: list[object], *, name: str) -> Iterator[Row]:
    size = sum(len(cell) for cell in cells if isinstance(cell, str))
    if size > LINE_BYTES_MAX:
        raise staging.too_long(row + 1, name=name)
    yield row + 1, cells


def _cells(stream: bytes, book: biff.Book, start: int) -> Iterator[tuple[int, int, object]]:
    """Yield row, column and value of the cells, in the order of the file."""
    place = (0, 0)
    for kind, data in biff.records(stream, start):
        if kind == _RESULT:
            yield *place, biff.text(data, 0, book)
        elif kind == _MANY_RK:
            yield from _numbers(data, book)
        elif kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", data)
            if kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] != 1:
                # A text that a formula gives follows in a record of its own.
                place = row, column
                continue
            for value in _value(kind, data, style, book):
                yield row, column, value


def _numbers(data: bytes, book: biff.Book) -> Iterator[tuple[int, int, object]]:
    """Yield the numbers of several cells side by side."""
    row, column = struct.unpack_from("<HH", data)
    for number, at in enumerate(range(4, len(data) - 6, 6)):
        (style,) = struct.unpack_from("<H", data, at)
        yield row, column + number, _dated(_compact(data, at + 2), style, book)


def _value(kind: int, data: bytes, style: int, book: biff.Book) -> tuple[object, ...]:
    """Return the value of a cell, nothing for an error."""
    match kind:
        case 0x00FD:
            return (book.texts[struct.unpack_from("<I", data, 6)[0]],)
        case 0x027E:
            return (_dated(_compact(data, 6), style, book),)
        case 0x0204 | 0x00D6:
            return (biff.text(data, 6, book),)
        case 0x0205:
            return (data[6] != 0,) if data[7] == 0 else ()
        case 0x0006 if data[12:14] == b"\xff\xff":
            return (data[8] != 0,)
    return (_dated(struct.unpack_from("<d", data, 6)[0], style, book),)


def _compact(data: bytes, at: int) -> float:
    """Return a number in four bytes: two bits say whether it is whole, and in hundredths."""
    (bits,) = struct.unpack_from("<i", data, at)
    number: float = bits >> 2
    if not bits & 2:
        (number,) = struct.unpack("<d", struct.pack("<q", (bits & 0xFFFFFFFC) << 32))
    return number / 100 if bits & 1 else number


def _dated(number: float, style: int, book: biff.Book) -> object:
    """Return a number, or the day or time that it is by the style of its cell."""
    is_date = style < len(book.dates) and book.dates[style]
    number_of_day = number + 1462 * book.is_1904
    if not is_date or not 0 <= number_of_day < _LAST_DAY:
        return number
    passed = dt.timedelta(milliseconds=round(number_of_day * 86_400_000))
    if number_of_day < 1:
        return (dt.datetime.min + passed).time()  # noqa: DTZ901  # a time of day has no zone
    # To the first spreadsheets 1900 was a leap year, so that days before March are one less.
    begin = dt.datetime(1899, 12, 31 if number_of_day < 60 else 30)  # noqa: DTZ001  # nor a sheet
    return begin + passed
