"""Records of old workbooks (BIFF 5 to 8): texts, formats of numbers, and where the sheets begin."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

BOF, EOF, CONTINUE = 0x0809, 0x000A, 0x003C
_FILE_PASS, _CODE_PAGE, _DATE_MODE, _FORMAT = 0x002F, 0x0042, 0x0022, 0x041E
_XF, _BOUND_SHEET, _SHARED = 0x00E0, 0x0085, 0x00FC
BIFF_5, BIFF_8 = 0x0500, 0x0600
# The built-in formats of dates and times.
_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))
_NO_DATE = re.compile(r'"[^"]*"|\\.|[_*].|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)

_HEAD = struct.Struct("<HH")

Record = tuple[int, bytes]


class LockedError(Exception):
    """The workbook is protected by a password."""


@dataclass
class Book:
    """What the records in front of the sheets tell.

    Parameters
    ----------
    version
        Of the records: BIFF 8 writes texts in another way.
    codec
        Of texts in records before BIFF 8.
    is_1904
        Whether days count from 1904.
    texts
        The texts that cells share.
    dates
        For each style of cells, whether its numbers are dates.
    sheets
        Name, whether it is visible, and where its records begin.
    """

    version: int = BIFF_8
    codec: str = "cp1252"
    is_1904: bool = False
    texts: list[str] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)
    sheets: list[tuple[str, bool, int]] = field(default_factory=list)


def records(stream: bytes, start: int) -> Iterator[Record]:
    """Yield the records from a place up to the end that they mark.

    Raises
    ------
    ValueError, struct.error
        If there is no beginning at the place, or no end.
    """
    depth = 0
    while True:
        kind, size = _HEAD.unpack_from(stream, start)
        start += 4 + size
        if start > len(stream) or (not depth and kind != BOF):
            raise ValueError
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if not depth:
                return
        # What lies deeper is a chart.
        if depth == 1:
            yield kind, stream[start - size : start]


def book(stream: bytes) -> Book:
    """Read the records in front of the sheets.

    Raises
    ------
    LockedError
        If the workbook has a password.
    ValueError, IndexError, struct.error
        If it is damaged.
    """
    found = Book()
    formats: dict[int, str] = {}
    styles: list[int] = []
    shared: list[bytes] = []
    before = 0
    for kind, data in records(stream, 0):
        if kind == BOF:
            found.version = _version(data)
        elif kind == _FILE_PASS:
            raise LockedError
        elif kind == _CODE_PAGE:
            found.codec = _codec(struct.unpack_from("<H", data)[0])
        elif kind == _DATE_MODE:
            found.is_1904 = data[:1] == b"\1"
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", data)[0]] = text(
                data, 2, found, size=2 if found.version >= BIFF_8 else 1
            )
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _BOUND_SHEET and data[5] == 0:
            place = struct.unpack_from("<I", data)[0]
            found.sheets.append((text(data, 6, found, size=1), not data[4] & 3, place))
        elif kind == _SHARED or (kind == CONTINUE and before == _SHARED):
            shared.append(data)
            kind = _SHARED
        before = kind
    found.dates = [_is_date(style, formats.get(style)) for style in styles]
    found.texts = list(_shared(shared))
    return found


def _version(data: bytes) -> int:
    version = int(struct.unpack_from("<H", data)[0])
    if version not in (BIFF_5, BIFF_8):
        raise ValueError
    return version


def _codec(page: int) -> str:
    name = {1200: "utf-16-le", 10000: "mac-roman", 32768: "mac-roman", 32769: "cp1252"}.get(
        page, f"cp{page}"
    )
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def text(data: bytes, start: int, found: Book, *, size: int = 2) -> str:
    """Return the text at a place, whose length is a number of so many bytes."""
    length = int.from_bytes(data[start : start + size], "little")
    start += size
    if found.version < BIFF_8:
        return data[start : start + length].decode(found.codec, errors="replace")
    return _decoded(data[start + 1 : start + 1 + length * (1 + (data[start] & 1))], data[start])


def _decoded(content: bytes, flags: int) -> str:
    return content.decode("utf-16-le" if flags & 1 else "latin-1", errors="replace")


def _shared(parts: list[bytes]) -> Iterator[str]:
    """Yield the texts that cells share.

    A text may go on in the next part, which then says anew how many bytes a character has.
    """
    count = struct.unpack_from("<i", parts[0], 4)[0] if parts else 0
    part, at = 0, 8
    for _ in range(count):
        if at >= len(parts[part]):
            part, at = part + 1, 0
        data = parts[part]
        left, flags = struct.unpack_from("<HB", data, at)
        at += 3
        # Formats of single characters and how they are pronounced follow the text.
        behind = 0
        if flags & 8:
            behind += 4 * struct.unpack_from("<H", data, at)[0]
            at += 2
        if flags & 4:
            behind += struct.unpack_from("<I", data, at)[0]
            at += 4
        pieces = []
        while True:
            wide = 1 + (flags & 1)
            taken = min(left, (len(data) - at) // wide)
            pieces.append(_decoded(data[at : at + taken * wide], flags))
            left, at = left - taken, at + taken * wide
            if not left:
                break
            part, at = part + 1, 1
            data = parts[part]
            flags = data[0]
        while behind > len(data) - at:
            behind -= len(data) - at
            part, at = part + 1, 0
            data = parts[part]
        at += behind
        yield "".join(pieces)


def _is_date(style: int, written: str | None) -> bool:
    if written is None:
        return style in _DATES
    return bool(_DATE.search(_NO_DATE.sub("", written.split(";")[0])))
