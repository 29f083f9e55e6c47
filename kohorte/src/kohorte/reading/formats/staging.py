"""Rows of values from a workbook or a database, copied to Parquet one by one: memory stays flat."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading import copies, sql
from kohorte.reading.source import LINE_BYTES_MAX, Kind

# What the cells of a column are; each but a text is marked in the copy until all cells are known.
_TEXT, _NUMBER, _TIME, _INSTANT, _OTHER = 1, 2, 4, 8, 16
_NUMBER_MARK, _TIME_MARK, _INSTANT_MARK = "\x01", "\x02", "\x03"
_MARKS = "\x00\x01\x02\x03"
# Whole numbers below are written without an exponent, as ids are.
_WHOLE_MAX = 1e18
_DAYS_MAX = 10_000_000
_EMPTY = (None, "")


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A copy: the Parquet file with `line`, `c0`, `c1` …, what its columns are, and its rows.

    A column without any filled cell has no kind.
    """

    path: Path
    kinds: tuple[Kind | None, ...]
    rows: int


def stage(
    rows: Iterable[tuple[int, Sequence[object]]],
    *,
    width: int,
    name: str,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
) -> Staged:
    """Copy numbered rows of one width; rows without a filled cell are left out.

    Raises
    ------
    ReadError
        If a row holds more than any order has.
    """
    copy = copies.name(folder, "cells")
    target = copy.with_suffix(".staged.parquet")
    cells = _Cells(width)
    count = 0
    with copy.open("w", encoding="utf-8", errors="replace", newline="") as file:
        # Both characters of the line break are then quoted inside of cells.
        writer = csv.writer(file, lineterminator="\r\n")
        for line, values in rows:
            written = cells.written(values)
            if not any(written):
                continue
            count += 1
            if writer.writerow([line, *written]) > LINE_BYTES_MAX:
                raise too_long(line, name=name)
    columns = "".join(f", 'c{index}': 'VARCHAR'" for index in range(width))
    chosen = "".join(f", {cells.typed(index)} AS c{index}" for index in range(width))
    sql.copy(
        connection,
        f"SELECT line{chosen} FROM read_csv({sql.literal(str(copy))}, auto_detect = false, "
        "header = false, delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n', "
        f"columns = {{'line': 'BIGINT'{columns}}}, max_line_size = {8 * LINE_BYTES_MAX})",
        to=target,
        width=width,
    )
    copy.unlink()
    return Staged(path=target, kinds=tuple(map(cells.kind, range(width))), rows=count)


def too_long(line: int, *, name: str) -> ReadError:
    """Return the error for a row that holds more than any order has."""
    return ReadError(
        "Row {line} of {file} holds more than {limit} characters, far more than anyone needs. Leave long "
        "texts out.",
        line=line,
        file=name,
        limit=LINE_BYTES_MAX,
    )


class _Cells:
    """Writes cells as text and remembers what each column holds."""

    def __init__(self, width: int) -> None:
        self.flags = [0] * width
        self.commas = [0] * width

    def written(self, values: Sequence[object]) -> list[str]:
        """Return a row as texts."""
        flags, commas = self.flags, self.commas
        result = []
        for index, value in enumerate(values):
            if value in _EMPTY:
                result.append("")
            elif isinstance(value, str):
                flags[index] |= _TEXT
                commas[index] += value[-3:-2] == "," or value[-2:-1] == ","
                if value < " " or "\0" in value:
                    value = value.replace("\0", "").lstrip(_MARKS)
                result.append(value)
            else:
                text, flag = other(value)
                flags[index] |= flag
                result.append(text)
        return result

    def kind(self, index: int) -> Kind | None:
        """Return what a column is, None without filled cells."""
        match self.flags[index]:
            case 0:
                return None
            case value if value == _NUMBER:
                return "number"
            case value if value in (_TIME, _TIME | _NUMBER):
                return "time"
            case value if value == _INSTANT:
                return "instant"
            case value if value == _OTHER:
                return "other"
        return "text"

    def typed(self, index: int) -> str:
        """Return the SQL of a column without the marks.

        Among dates a bare number is a date that lost its format; among texts a number is written
        with their decimal mark, and never so that it could be one of thousands.
        """
        cell, flags = f"c{index}", self.flags[index]
        bare = f"substr({cell}, 2)"
        # Far numbers are no days; they stay so far that it is seen.
        days = f"greatest(least({bare}::DOUBLE, {_DAYS_MAX}), -{_DAYS_MAX})"
        seconds = f"to_microseconds(round({days} * 86400)::BIGINT * 1000000)"
        serial = f"TIMESTAMP '1899-12-30' + {seconds}"
        match self.kind(index):
            case None | "other":
                return cell
            case "number":
                return bare
            case "instant":
                return f"{bare}::TIMESTAMPTZ"
            case "time" if flags == _TIME:
                return f"{bare}::TIMESTAMP"
            case "time":
                given = f"starts_with({cell}, chr({ord(_TIME_MARK)}))"
                return f"CASE WHEN {given} THEN {bare}::TIMESTAMP ELSE {serial} END"
        if flags == _TEXT:
            return cell
        clear = rf"regexp_replace({bare}, '\.([0-9]{{3}})$', '.\10')"
        if self.commas[index]:
            clear = f"replace({clear}, '.', ',')"
        return (
            f"CASE WHEN starts_with({cell}, chr({ord(_NUMBER_MARK)})) THEN {clear} "
            f"WHEN {cell} < chr(4) THEN {bare} ELSE {cell} END"
        )


def other(value: object) -> tuple[str, int]:
    r"""Return the text and the sort of a cell that is neither empty nor a text.

    >>> other(17850.0), other(True)
    (('\x0117850', 2), ('true', 1))
    """
    match value:
        case bool():
            return ("true" if value else "false"), _TEXT
        case int():
            return f"{_NUMBER_MARK}{value}", _NUMBER
        case float():
            if not math.isfinite(value):
                return "", 0
            whole = value.is_integer() and abs(value) < _WHOLE_MAX
            return f"{_NUMBER_MARK}{int(value) if whole else repr(value)}", _NUMBER
        case Decimal():
            return (f"{_NUMBER_MARK}{value:f}", _NUMBER) if value.is_finite() else ("", 0)
        case dt.datetime() if value.tzinfo is not None:
            return _INSTANT_MARK + value.astimezone(dt.UTC).isoformat(" "), _INSTANT
        case dt.datetime():
            return _TIME_MARK + value.isoformat(" "), _TIME
        case dt.date():
            return f"{_TIME_MARK}{value.isoformat()} 00:00:00", _TIME
        case bytes() | bytearray() | memoryview() | list() | dict() | tuple():
            return "…", _OTHER
    return str(value), _TEXT
