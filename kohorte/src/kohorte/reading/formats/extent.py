"""What the bytes of an .xlsx sheet reach over: rows and columns, seen before any cell is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Rows and cells as nearly all programs write them: told apart at the speed of a search.
_ROW = re.compile(rb'<row(?: [\w:.]+="[^"<>&]*")*? r="([0-9]{1,7})"(?: [\w:.]+="[^"<>&]*")*\s?/?>')
_CELL = re.compile(
    rb'<c(?: [\w:.]+="[^"<>&]*")*? r="([A-Z]{1,3})([0-9]{1,7})"'
    rb'(?: [\w:.]+="[^"<>&]*")*\s?(?:/>|></|(>))'
)
_BEGINS = re.compile(rb"<(?:c|row)[\s/>]")
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
# The same, however XML lets them be written.
_ANY = re.compile(rb"<(?!/)(?:[^\s<>:]*:)?(?:c|row)(?=[\s/>])")
_TAG = re.compile(
    rb"<(?!/)(?:[^\s<>:/=]*:)?(c|row)"
    rb"((?:\s+[^\s<>=/\"']+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*)\s*(/?)>(</)?"
)
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{0,3})([0-9]{1,7})[\"']")
_REFERENCED = re.compile(rb"\sr\s*=")


@dataclass
class Extent:
    """The rectangle around the filled cells, and how many there are; rows and columns from 1.

    `last` is the number of the last row, filled or not.
    """

    top: int = 0
    bottom: int = 0
    right: int = 0
    cells: int = 0
    last: int = 0

    @property
    def area(self) -> int:
        """Return the cells of the rectangle, which a reader may keep all in memory."""
        return (self.bottom - self.top + 1) * self.right if self.cells else 0

    def joined(self, other: Extent) -> Extent:
        """Return the extent of this and of what follows it."""
        if not self.cells or not other.cells:
            filled = self if self.cells else other
            return Extent(filled.top, filled.bottom, filled.right, filled.cells, other.last)
        return Extent(
            min(self.top, other.top),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
            self.cells + other.cells,
            other.last,
        )

    def add(self, row: int, column: int) -> None:
        """Add a filled cell."""
        self.top = min(self.top, row) if self.cells else row
        self.bottom = max(self.bottom, row)
        self.right = max(self.right, column)
        self.cells += 1


def of_rows(block: bytes, *, last: int) -> Extent | None:
    """Return what whole rows behind the row `last` reach over; None if that cannot be told."""
    rows = _ROW.findall(block)
    cells = _CELL.findall(block)
    if _PREFIXED.search(block) or len(rows) + len(cells) != len(_BEGINS.findall(block)):
        return _of_odd_rows(block, last=last)
    found = Extent(last=int(rows[-1]) if rows else last)
    filled = [(column, row) for column, row, is_filled in cells if is_filled]
    if filled:
        numbers = [int(row) for row in {row for _, row in filled}]
        found.top, found.bottom = min(numbers), max(numbers)
        found.right = max(map(number, {column for column, _ in filled}))
        found.cells = len(filled)
    return found


def _of_odd_rows(block: bytes, *, last: int) -> Extent | None:
    """Return the same for rows that are written in another way, or do not say where they are."""
    found, column, tags = Extent(last=last), 0, 0
    for match in _TAG.finditer(block):
        tags += 1
        place = _REFERENCE.search(match[2])
        if place is None and _REFERENCED.search(match[2]):
            return None
        if match[1] == b"row":
            found.last = int(place[2]) if place else found.last + 1
            column = 0
            continue
        column = number(place[1].upper()) if place and place[1] else column + 1
        if not match[3] and not match[4]:
            found.add(int(place[2]) if place else found.last, column)
    return found if tags == len(_ANY.findall(block)) else None


def split(block: bytes, *, end: bytes) -> Iterator[bytes]:
    """Return the rows of a block one by one; what follows the last `end` comes last."""
    start = 0
    while (place := block.find(end, start)) >= 0:
        yield block[start : place + len(end)]
        start = place + len(end)
    if start < len(block):
        yield block[start:]


def number(column: bytes) -> int:
    """Return the number of a column named by letters.

    >>> number(b"A"), number(b"XFD")
    (1, 16384)
    """
    result = 0
    for letter in column:
        result = result * 26 + letter - 64
    return result
