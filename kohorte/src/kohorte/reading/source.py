"""A file opened as a table: what every format hands to the rest of the reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kohorte.language import Sentence
from kohorte.reading.address import Address

# The limits of what is read. Sample sizes bound the work of guessing, never what is counted.
COLUMNS_MAX = 2_000
LINE_BYTES_MAX = 2_000_000
BAD_ROWS_MAX = 100_000
SAMPLE_ROWS = 5_000

Kind = Literal["text", "number", "day", "time", "instant", "other"]


@dataclass(frozen=True)
class Column:
    """One column of a file: its place, its header as written there, and what the cells are."""

    index: int
    name: str
    kind: Kind = "text"

    @property
    def sql(self) -> str:
        """Return the column's name in SQL, which never is the user's text."""
        return f"c{self.index}"


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A row that could not even be parted into cells."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file as a relation with the columns `line`, `c0`, `c1` …

    Parameters
    ----------
    path, name
        The file or the address of a table, and how it is named in messages.
    relation
        What stands behind FROM; `line` is the physical line of a text file, the number of the
        row elsewhere.
    columns
        The columns in the order of the file.
    has_header
        False where the file has no header line; columns are then called by their number.
    rows
        Rows in the relation.
    encoding, delimiter
        Of a text file; None elsewhere.
    repeated
        Names that several columns have in the file; all but the first then bear a number.
    bad_rows
        Rows that are missing in the relation because they have too few or too many cells.
    in_place
        Whether the relation reads the file itself, which is Parquet, and no copy.
    """

    path: Path | Address
    name: str
    relation: str
    columns: tuple[Column, ...]
    has_header: bool
    rows: int
    encoding: str | None = None
    delimiter: str | None = None
    repeated: frozenset[str] = frozenset()
    bad_rows: tuple[BadRow, ...] = ()
    in_place: bool = False
    remarks: tuple[Sentence, ...] = ()

    @property
    def place(self) -> str:
        """Return where the table stands: the file, and the sheet where several of it are read."""
        if isinstance(self.path, Address) or self.name == self.path.name:
            return str(self.path)
        return f"{self.path.parent}/{self.name}"

    @property
    def headers(self) -> str:
        """Return the headers as they are listed in messages, cut at a readable length."""
        names = [column.name for column in self.columns]
        shown = ", ".join(names[:40])
        return shown if len(names) <= 40 else f"{shown}, …"


def shapeless(sources: Iterable[Source], *, first: int = 0) -> str:
    """Return the SQL of the rows that could not be parted into cells; empty where there are none.

    It is a relation of `file`, the place of the source counted from `first`, and `line`.
    """
    rows = ", ".join(
        f"({number}, {row.line})"
        for number, source in enumerate(sources, start=first)
        for row in source.bad_rows
    )
    return f"(VALUES {rows}) shapeless(file, line)" if rows else ""
