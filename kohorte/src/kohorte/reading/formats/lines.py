"""Line numbers: from the records of a staged copy back to the physical lines of the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kohorte.reading import sql
from kohorte.reading.formats.scan import CHUNK_BYTES

# So many steps the engine takes row by row; more are joined, for which it sorts the rows.
STEPS_MAX = 1_000


def numbered(
    staged: Path, *, width: int, skip_lines: int, gaps: Sequence[int], broken: bool
) -> str:
    """Return the select of the staged rows with the column `line`.

    Parameters
    ----------
    staged
        Parquet copy of the rows in the order of the file.
    width
        Number of its columns.
    skip_lines
        Physical lines before the first row.
    gaps
        Physical lines behind them that are no row, ascending: blank ones and those left out.
    broken
        Whether cells hold line breaks.

    Notes
    -----
    A row of n lines moves the following ones by n − 1, a gap by 1. Sums over all rows before are
    taken in the order of the file while it is read, so that memory stays flat.
    """
    table, own = sql.parquet([staged]), f"file_row_number + {skip_lines + 1}"
    if broken:
        before = "sum(breaks) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - breaks"
        table = f"(SELECT *, {breaks(width)} AS breaks FROM {table})"
        own = f"{own} + ({before})::BIGINT"
    rows = f"SELECT {own} AS place, {_cells(width)} FROM {table}"
    # Of gaps in a row the last one holds.
    steps = sorted({gap - before: before + 1 for before, gap in enumerate(gaps)}.items())
    if len(steps) <= STEPS_MAX:
        return f"SELECT place + {_shift(steps)} AS line, {_cells(width)} FROM ({rows})"
    shifts = ", ".join(map(str, steps))
    return (
        f"SELECT r.place + coalesce(shift, 0) AS line, {_cells(width)} FROM ({rows}) r "
        f"ASOF LEFT JOIN (VALUES {shifts}) gaps(place, shift) ON r.place >= gaps.place ORDER BY line"
    )


def _cells(width: int) -> str:
    return ", ".join(f"c{index}" for index in range(width))


def _shift(steps: Sequence[tuple[int, int]], *, below: int = 0) -> str:
    """Return the expression of the shift at a place: that of the last step in front of it."""
    if not steps:
        return str(below)
    middle = len(steps) // 2
    place, shift = steps[middle]
    before = _shift(steps[:middle], below=below)
    return f"CASE WHEN place < {place} THEN {before} ELSE {_shift(steps[middle + 1 :], below=shift)} END"


def breaks(width: int) -> str:
    """Return the expression that counts the line breaks inside the cells of a row."""
    return " + ".join(
        f"CASE WHEN contains(c{i}, chr(10)) THEN len(c{i}) - len(replace(c{i}, chr(10), '')) "
        "ELSE 0 END"
        for i in range(width)
    )


def of_offsets(path: Path, offsets: Sequence[int]) -> list[int]:
    """Return the physical lines of byte positions (from 0, ascending) in a file.

    A position in front of blank lines stands for the line behind them.
    """
    offsets = _behind_blanks(path, offsets)
    found: list[int] = []
    line, start = 1, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            counted = 0
            while len(found) < len(offsets) and offsets[len(found)] < start + len(chunk):
                place = offsets[len(found)] - start
                line += chunk.count(b"\n", counted, place)
                counted = place
                found.append(line)
            line += chunk.count(b"\n", counted)
            start += len(chunk)
    return found + [line] * (len(offsets) - len(found))


def _behind_blanks(path: Path, offsets: Sequence[int]) -> list[int]:
    moved = []
    with path.open("rb") as file:
        for offset in offsets:
            file.seek(offset)
            ahead = file.read(1024)
            moved.append(offset + len(ahead) - len(ahead.lstrip(b"\r\n")))
    return moved
