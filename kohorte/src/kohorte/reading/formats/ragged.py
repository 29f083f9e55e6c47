"""Rows with too few or too many cells, found one by one where the engine refused a text file.

The engine finds them as well, but keeps all that it finds: where most rows are at fault, that takes
minutes and all memory.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

from kohorte.reading.formats import scan
from kohorte.reading.source import LINE_BYTES_MAX, BadRow


def rows(
    path: Path, *, name: str, delimiter: str, width: int, skip_lines: int
) -> Iterator[tuple[BadRow, int]]:
    """Yield the rows that are not so many cells wide, and how many they are.

    The first row that only the engine can judge is the end.

    Raises
    ------
    ReadError
        If a quotation mark stays open for longer than any row is.
    """
    lines = itertools.islice(_lines(path, name=name), skip_lines, None)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if len(cells) != width and cells:
                row = BadRow(line=skip_lines + begins, text=delimiter.join(cells))
                yield row, len(cells)
            begins = reader.line_num + 1
    except csv.Error:
        _require_closed(lines, name=name, line=skip_lines + begins)


def _lines(path: Path, *, name: str) -> Iterator[str]:
    for block in scan.blocks(path, name=name):
        # Of all that may break a line only one sign does here.
        yield from io.StringIO(block.decode("utf-8", errors="replace"), newline="\n")


def _require_closed(lines: Iterator[str], *, name: str, line: int) -> None:
    """Raise if no quotation mark follows within the length of a row."""
    size = 0
    for each in lines:
        size += len(each)
        if '"' in each:
            return
        if size > LINE_BYTES_MAX:
            raise scan.too_long(name=name, line=line)
