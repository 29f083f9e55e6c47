"""Line numbers: from the records of a staged copy back to the physical lines of the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kohorte.reading import sql
from kohorte.reading.formats.scan import CHUNK_BYTES


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
    A row of n lines moves the following ones by n − 1, a gap by 1.
    """
    inside = "0"
    if broken:
        inside = (
            f"coalesce(sum({breaks(width)}) OVER (ORDER BY file_row_number "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
        )
    own = f"file_row_number + {skip_lines + 1} + ({inside})::BIGINT"
    table = sql.parquet([staged])
    if not gaps:
        return f"SELECT {own} AS line, * EXCLUDE (file_row_number) FROM {table}"
    # Of gaps in a row the last one holds.
    steps = {gap - before: before + 1 for before, gap in enumerate(gaps)}
    shifts = ", ".join(f"({place}, {shift})" for place, shift in steps.items())
    return (
        "SELECT r.place + coalesce(shift, 0) AS line, r.* EXCLUDE (place, file_row_number) "
        f"FROM (SELECT {own} AS place, * FROM {table}) r "
        f"ASOF LEFT JOIN (VALUES {shifts}) gaps(place, shift) ON r.place >= gaps.place ORDER BY line"
    )


def breaks(width: int) -> str:
    """Return the expression that counts the line breaks inside the cells of a row."""
    return " + ".join(
        f"coalesce(len(c{i}) - len(replace(c{i}, chr(10), '')), 0)" for i in range(width)
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
            while len(found) < len(offsets) and offsets[len(found)] < start + len(chunk):
                found.append(line + chunk.count(b"\n", 0, offsets[len(found)] - start))
            line += chunk.count(b"\n")
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
