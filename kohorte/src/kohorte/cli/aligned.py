"""Tables on the terminal: columns one under the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def lines(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give rows as lines, the first column to the left, columns without any value left out.

    >>> list(lines([["", "days", "note"], ["tea", "30", ""]]))
    ['       days', '  tea    30']
    """
    kept = [column for column in zip(*cells, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in kept]
    for row in zip(*kept, strict=True):
        first, *others = zip(row, widths, strict=True)
        written = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        yield "  " + "  ".join(written).rstrip()
