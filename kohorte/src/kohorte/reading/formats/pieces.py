"""An .xlsx sheet cut into pieces that fit into memory, at the ends of rows."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kohorte.reading.formats import archive, extent
from kohorte.reading.formats.extent import Extent
from kohorte.reading.formats.sheet import MERGED_MAX, Span

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# A piece: cells of its rectangle, bytes, and characters if each cell held the longest text.
CELLS_MAX = 250_000
BYTES_MAX = 16_000_000
CHARACTERS_MAX = 25_000_000
# A sheet has no more rows.
ROWS_MAX = 1_048_576
# So much behind the cells is searched for merged ones.
TAIL_BYTES = 4_000_000

_HEAD = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
_FOOT = b"</sheetData></worksheet>"
_DATA = re.compile(rb"<([^\s<>:/]*:)?sheetData(?:\s[^<>]*?)?(/)?>")
_DATA_END = re.compile(rb"</(?:[^\s<>:/]*:)?sheetData\s*>")
_UNKNOWN = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)</(?:\w+:)?c>")
_ERROR = re.compile(rb"<(?:\w+:)?c\s[^>]*?\bt=[\"']e[\"']")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']"
)


@dataclass
class Cut:
    """A sheet that was cut: its pieces, and what its bytes tell."""

    pieces: list[str] = field(default_factory=list)
    extent: Extent = field(default_factory=Extent)
    merged: tuple[Span, ...] = ()
    unknown: int = 0
    errors: int = 0


class Cutter:
    """Gathers rows until they are a piece, and writes it.

    Parameters
    ----------
    packed
        Where the pieces go.
    longest
        Characters of the longest text that cells share: what a cell may cost.
    """

    def __init__(self, packed: zipfile.ZipFile, *, longest: int) -> None:
        self.packed = packed
        self.longest = longest
        self.pieces: list[str] = []
        self._held: list[bytes] = []
        self._size = self._before = 0
        self._extent = Extent()

    def cut(self, path: Path, part: str, *, name: str) -> Cut:
        """Write the pieces of a sheet.

        Raises
        ------
        ReadError
            If the sheet is damaged.
        """
        cut, begin, tail = Cut(), len(self.pieces), bytearray()
        self._before, self._extent = 0, Extent()
        end = _end_of_row(path, part, name=name)
        blocks = archive.blocks(path, part, name=name, end=end)
        for rows in _data(blocks, tail, name=name):
            found = _extent(rows, last=cut.extent.last, name=name)
            _note(rows, cut)
            if self._is_small(found, len(rows)):
                self._add(rows, found)
            else:
                last = cut.extent.last
                for row in extent.split(rows, end=end):
                    alone = _extent(row, last=last, name=name)
                    self._add(row, alone)
                    last = alone.last
            cut.extent = cut.extent.joined(found)
        self._write()
        cut.pieces = self.pieces[begin:]
        cut.merged = _merged(bytes(tail))
        return cut

    def _is_small(self, found: Extent, size: int) -> bool:
        return (
            found.area <= CELLS_MAX
            and size <= BYTES_MAX
            and found.cells * self.longest <= CHARACTERS_MAX
        )

    def _add(self, rows: bytes, found: Extent) -> None:
        """Add rows, in a new piece if they do not fit into the old one."""
        if not self._is_small(self._extent.joined(found), self._size + len(rows)):
            self._write()
        self._held.append(rows)
        self._size += len(rows)
        self._extent = self._extent.joined(found)

    def _write(self) -> None:
        """Write the piece; rows without a number count from the one in front of it."""
        if self._extent.cells:
            before = f'<row r="{self._before}"></row>'.encode() if self._before else b""
            piece = str(len(self.pieces))
            content = b"".join((_HEAD, before, *self._held, _FOOT))
            self.packed.writestr(f"xl/worksheets/{piece}.xml", content)
            self.pieces.append(piece)
        self._before = self._extent.last
        self._held, self._size, self._extent = [], 0, Extent(last=self._extent.last)


def _end_of_row(path: Path, part: str, *, name: str) -> bytes:
    beginning = next(archive.chunks(path, part, name=name), b"")
    data = _DATA.search(beginning)
    return b"</" + ((data and data[1]) or b"") + b"row>"


def _extent(rows: bytes, *, last: int, name: str) -> Extent:
    found = extent.of_rows(rows, last=last)
    if found is None or max(found.last, found.bottom) > ROWS_MAX:
        raise archive.damaged(name)
    return found


def _note(rows: bytes, cut: Cut) -> None:
    """Count the formulas that were never computed, and the cells that hold an error."""
    if b"<f" in rows or b":f" in rows:
        cut.unknown += len(_UNKNOWN.findall(rows))
    if b'"e"' in rows or b"'e'" in rows:
        cut.errors += len(_ERROR.findall(rows))


def _data(blocks: Iterator[bytes], tail: bytearray, *, name: str) -> Iterator[bytes]:
    """Yield the rows; what stands behind them is added to `tail`, up to a limit."""
    block = next(blocks, b"")
    begin = _DATA.search(block)
    if begin is None:
        raise archive.damaged(name)
    rest = block[begin.end() :]
    if not begin[2]:
        for rows in itertools.chain([rest], blocks):
            end = _DATA_END.search(rows) if b"sheetData" in rows else None
            yield rows[: end.start()] if end else rows
            if end:
                rest = rows[end.end() :]
                break
        else:
            raise archive.damaged(name)
    # To the end, where it shows whether the part is whole.
    for block in itertools.chain([rest], blocks):
        if len(tail) < TAIL_BYTES:
            tail += block


def _merged(tail: bytes) -> tuple[Span, ...]:
    return tuple(
        (
            (int(match[2]) - 1, extent.number(match[1]) - 1),
            (int(match[4]) - 1, extent.number(match[3]) - 1),
        )
        for match in itertools.islice(_MERGED.finditer(tail), MERGED_MAX)
    )
