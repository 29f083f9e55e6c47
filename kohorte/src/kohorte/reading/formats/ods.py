"""Sheets of OpenDocument (.ods), read as they stream by.

The library that reads .xlsx keeps an .ods as a whole in memory, every repetition of a cell and of
a row included; a file of a few bytes may then take all of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from xml.parsers import expat

from kohorte.errors import ReadError
from kohorte.reading.formats import archive, staging
from kohorte.reading.formats.sheet import Row, Sheet
from kohorte.reading.source import LINE_BYTES_MAX

# Columns that are looked at; more than are read, so that their number can be told.
WIDTH_MAX = 16_384
DEPTH_MAX = 200
# What one tag may take in memory.
TAG_BYTES_MAX = 16 << 20

_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0 "
    for name in ("table", "office", "text", "style")
)
_KIND_OF_RESULT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
_TIME = re.compile(r"PT(\d{1,9})H(\d\d?)M(\d\d?)(?:[.,]\d+)?S")
_WHOLE = re.compile(r"-?\d{1,18}")

Attributes = dict[str, str]


@dataclass
class _Table:
    """What is known of a sheet."""

    name: str
    is_visible: bool
    width: int = 0
    rows: int = 0
    characters: int = 0
    unknown: int = 0
    errors: int = 0


@dataclass(frozen=True)
class _Run:
    """A filled row: in which table it is, its number, how often it is repeated, its cells."""

    table: int
    number: int
    repeats: int
    cells: list[object]


@contextmanager
def opened(path: Path, *, name: str) -> Iterator[list[Sheet]]:
    """Open the sheets.

    Raises
    ------
    ReadError
        If the workbook is damaged, or a sheet holds more than any table.
    """
    stream = _Stream(name)
    for _ in stream.runs(path):
        pass
    yield [
        Sheet(
            name=table.name,
            is_visible=table.is_visible,
            width=table.width,
            rows=partial(_rows, path, place, name=name, width=table.width),
            unknown=table.unknown,
            errors=table.errors,
        )
        for place, table in enumerate(stream.tables)
    ]


def _rows(path: Path, place: int, *, name: str, width: int) -> Iterator[Row]:
    for run in _Stream(name).runs(path):
        if run.table > place:
            return
        if run.table == place:
            cells = [*run.cells, *[""] * (width - len(run.cells))]
            for number in range(run.number, run.number + run.repeats):
                yield number, cells


class _Stream:
    """Turns the tags of a file into filled rows."""

    def __init__(self, name: str) -> None:
        self.file = name
        self.tables: list[_Table] = []
        self.ready: list[_Run] = []
        self.hidden: set[str] = set()
        self.style = ""
        self.depth = 0
        # How deep it is inside of tables, and of what is no text of a cell.
        self.inside = self.aside = 0
        self.cells: list[object] = []
        self.column = self.row_repeats = self.length = 0
        self.cell: Attributes | None = None
        self.text: list[str] | None = None
        self.starts = {
            f"{_STYLE}style": self.begin_style,
            f"{_STYLE}table-properties": self.note_style,
            f"{_TABLE}table": self.begin_table,
            f"{_TABLE}table-row": self.begin_row,
            f"{_TABLE}table-cell": self.begin_cell,
            f"{_TABLE}covered-table-cell": self.begin_cell,
            f"{_TEXT}p": self.begin_paragraph,
            f"{_TEXT}s": self.add_blanks,
            f"{_TEXT}tab": lambda _: self.add("\t"),
            f"{_TEXT}line-break": lambda _: self.add("\n"),
            f"{_OFFICE}annotation": self.begin_aside,
        }
        self.ends = {
            f"{_TABLE}table": self.end_table,
            f"{_TABLE}table-row": self.end_row,
            f"{_TABLE}table-cell": self.end_cell,
            f"{_TABLE}covered-table-cell": self.end_cell,
            f"{_OFFICE}annotation": self.end_aside,
        }

    def runs(self, path: Path) -> Iterator[_Run]:
        """Yield the filled rows of all tables."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add
        # Entities are of no use in a table, and may multiply themselves.
        parser.EntityDeclHandler = self.refuse
        fed = 0
        try:
            for chunk in archive.chunks(path, "content.xml", name=self.file):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > TAG_BYTES_MAX:
                    raise self.refuse()
                yield from self.ready
                self.ready.clear()
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise self.refuse() from None
        yield from self.ready

    def refuse(self, *_entity: object) -> ReadError:
        """Raise the error for a file that no program writes."""
        raise archive.damaged(self.file)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take the beginning of a tag."""
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise self.refuse()
        if begin := self.starts.get(tag):
            begin(attributes)

    def end(self, tag: str) -> None:
        """Take the end of a tag."""
        self.depth -= 1
        if end := self.ends.get(tag):
            end()

    def begin_style(self, attributes: Attributes) -> None:
        """Remember which style is described."""
        self.style = attributes.get(f"{_STYLE}name", "")

    def note_style(self, attributes: Attributes) -> None:
        """Note a style that hides tables."""
        if attributes.get(f"{_TABLE}display") == "false":
            self.hidden.add(self.style)

    def begin_table(self, attributes: Attributes) -> None:
        """Begin a table, unless it lies in a cell of another."""
        self.inside += 1
        if self.inside == 1:
            is_visible = attributes.get(f"{_TABLE}style-name") not in self.hidden
            self.tables.append(_Table(attributes.get(f"{_TABLE}name", ""), is_visible))

    def end_table(self) -> None:
        """End a table."""
        self.inside -= 1

    def begin_row(self, attributes: Attributes) -> None:
        """Begin a row."""
        if self.inside == 1:
            self.row_repeats = self.count(attributes, "number-rows-repeated")
            self.cells, self.column, self.length = [], 0, 0

    def end_row(self) -> None:
        """Keep a row that holds anything."""
        if self.inside != 1:
            return
        table = self.tables[-1]
        if self.cells:
            size = sum(len(cell) for cell in self.cells if isinstance(cell, str))
            if size > LINE_BYTES_MAX:
                raise staging.too_long(table.rows + 1, name=self.file)
            table.characters += (size + len(self.cells)) * self.row_repeats
            if table.characters > archive.UNPACKED_MAX:
                raise archive.bomb(self.file, table.characters)
            table.width = max(table.width, len(self.cells))
            run = _Run(len(self.tables) - 1, table.rows + 1, self.row_repeats, self.cells)
            self.ready.append(run)
        table.rows += self.row_repeats

    def begin_cell(self, attributes: Attributes) -> None:
        """Begin a cell."""
        if self.inside == 1:
            self.cell, self.text = attributes, None

    def end_cell(self) -> None:
        """Keep a cell that holds anything, as often as it is repeated."""
        if self.inside != 1 or self.cell is None:
            return
        repeats = self.count(self.cell, "number-columns-repeated")
        value = self.value(self.cell)
        self.column += repeats
        if value not in (None, ""):
            if self.column > WIDTH_MAX:
                raise self.refuse()
            self.cells += [""] * (self.column - repeats - len(self.cells)) + [value] * repeats
        self.cell, self.text = None, None

    def value(self, cell: Attributes) -> object:
        """Return what a cell holds."""
        table = self.tables[-1]
        kind = cell.get(f"{_OFFICE}value-type")
        if cell.get(_KIND_OF_RESULT) == "error":
            table.errors += 1
            return None
        if kind is None and f"{_TABLE}formula" in cell:
            table.unknown += 1
        text = "".join(self.text or ())
        match kind:
            case "float" | "percentage" | "currency":
                return _number(cell.get(f"{_OFFICE}value", ""))
            case "date":
                return _day(cell.get(f"{_OFFICE}date-value", ""))
            case "time":
                return _TIME.sub(r"\1:\2:\3", cell.get(f"{_OFFICE}time-value", ""))
            case "boolean":
                return cell.get(f"{_OFFICE}boolean-value") == "true"
        return cell.get(f"{_OFFICE}string-value", text)

    def count(self, attributes: Attributes, name: str) -> int:
        """Return how often something is repeated."""
        given = attributes.get(f"{_TABLE}{name}", "1")
        if not given.isdecimal() or len(given) > 9:
            raise self.refuse()
        return int(given)

    def begin_paragraph(self, _attributes: Attributes) -> None:
        """Begin a paragraph, each but the first in a new line."""
        if self.cell is not None and self.inside == 1 and not self.aside:
            if self.text is None:
                self.text = []
            else:
                self.add("\n")

    def add_blanks(self, attributes: Attributes) -> None:
        """Add blanks, of which several are written as their number."""
        given = attributes.get(f"{_TEXT}c", "1")
        self.add(" " * min(int(given[:7]) if given.isdecimal() else 1, LINE_BYTES_MAX + 1))

    def add(self, text: str) -> None:
        """Add to the text of a cell."""
        if self.text is not None and self.inside == 1 and not self.aside:
            self.length += len(text)
            if self.length > LINE_BYTES_MAX:
                raise staging.too_long(self.tables[-1].rows + 1, name=self.file)
            self.text.append(text)

    def begin_aside(self, _attributes: Attributes) -> None:
        """Begin what is no text of a cell."""
        self.aside += 1

    def end_aside(self) -> None:
        """End what is no text of a cell."""
        self.aside -= 1


def _number(given: str) -> object:
    if _WHOLE.fullmatch(given):
        return int(given)
    try:
        return float(given)
    except ValueError:
        return given


def _day(given: str) -> object:
    try:
        return dt.datetime.fromisoformat(given)
    except ValueError:
        return given
