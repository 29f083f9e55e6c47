"""The dialect of a text file: what parts the cells, and where the header is."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
BLANKS = " "
SAMPLE_BYTES = 1 << 17
SAMPLE_LINES = 500

_MARKER = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
_VALUE = re.compile(r"[-+]?[\d][\d.,:/\- ]*")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text file is written.

    Parameters
    ----------
    delimiter
        What parts the cells; a blank stands for any number of blanks.
    header
        The header's cells; None if the first line holds values.
    width
        Cells of a row.
    skip_records, skip_lines
        Records and physical lines in front of the first row of values.
    """

    delimiter: str
    header: tuple[str, ...] | None
    width: int
    skip_records: int
    skip_lines: int


def sniff(sample: str, *, delimiter: str | None) -> Dialect:
    r"""Return the dialect that explains the beginning of a file best.

    >>> sniff("Kunde;Betrag\n7;1,50\n", delimiter=None).delimiter
    ';'
    """
    marker = _MARKER.match(sample.split("\n", 1)[0])
    if marker:
        delimiter = delimiter or marker[1]
    best = delimiter or _best_delimiter(sample, begins=1 if marker else 0)
    reader = csv.reader(
        sample.splitlines(keepends=True), delimiter=best, skipinitialspace=best == BLANKS
    )
    records = 1 if marker else 0
    if marker:
        next(reader)
    for record in reader:
        cells = _cells(record, best)
        if not any(cells):
            records += 1
            continue
        if any(_VALUE.fullmatch(cell) for cell in cells):
            line = reader.line_num - 1 - sum(cell.count("\n") for cell in cells)
            return _dialect(best, None, width=len(cells), records=records, lines=line)
        return _dialect(best, cells, width=len(cells), records=records + 1, lines=reader.line_num)
    return _dialect(best, None, width=1, records=0, lines=0)


def _dialect(
    delimiter: str, header: list[str] | None, *, width: int, records: int, lines: int
) -> Dialect:
    return Dialect(
        delimiter=delimiter,
        header=tuple(header) if header is not None else None,
        width=width,
        skip_records=records,
        skip_lines=lines,
    )


def _cells(record: list[str], delimiter: str) -> list[str]:
    cells = [cell.strip() for cell in record]
    return [cell for cell in cells if cell] if delimiter == BLANKS else cells


def _best_delimiter(sample: str, *, begins: int) -> str:
    """Choose the delimiter under which most rows are as wide as the header, the widest first."""
    lines = sample.splitlines(keepends=True)[begins:SAMPLE_LINES]
    scores = {mark: _score(lines, mark) for mark in DELIMITERS}
    best = max(scores, key=lambda mark: scores[mark])
    if scores[best] == (0.0, 0):
        agreement, width = _score(lines, BLANKS)
        if agreement == 1 and width >= 3:
            return BLANKS
    return best


def _score(lines: list[str], mark: str) -> tuple[float, int]:
    try:
        records = [_cells(record, mark) for record in csv.reader(lines, delimiter=mark)]
    except csv.Error:
        return (0.0, 0)
    widths = [len(cells) for cells in records if any(cells)]
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (round(widths.count(widths[0]) / len(widths), 1), widths[0])
