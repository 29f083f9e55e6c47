"""The rows of a text file, parsed by the engine into a staged copy; what is no row is listed."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from kohorte.errors import BadRowsError, ReadError
from kohorte.reading import sql
from kohorte.reading.formats import lines, ragged, scan, transcode
from kohorte.reading.formats.dialect import Dialect
from kohorte.reading.formats.scan import Scan
from kohorte.reading.rows import total_words
from kohorte.reading.source import BAD_ROWS_MAX, LINE_BYTES_MAX, BadRow

REJECTS = "kohorte_reading_rejects"
# The engine holds several of these at a time; each must hold a line.
_BUFFER_BYTES = 4 * LINE_BYTES_MAX
# Each cell that is too many is a fault of its own.
FAULTS_MAX = 20 * BAD_ROWS_MAX


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """A text file ready for the engine: UTF-8 or Latin 1, cells parted by one character."""

    path: Path
    name: str
    scan: Scan
    dialect: Dialect
    delimiter: str
    latin: bool


def _reader(
    file: TextFile, *, width: int, rejects: str = "", quote: str = '"', is_alone: bool = False
) -> str:
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    return (
        f"read_csv({sql.literal(str(file.path))}, auto_detect = false, header = false, "
        f"skip = {file.dialect.skip_records}, delim = {sql.literal(file.delimiter)}, "
        f"quote = '{quote}', escape = '{quote}', columns = {{{columns}}}, strict_mode = true, "
        f"max_line_size = {LINE_BYTES_MAX}, buffer_size = {_BUFFER_BYTES}, parallel = {not is_alone}, "
        f"encoding = '{'latin-1' if file.latin else 'utf-8'}'{rejects})"
    )


def stage(
    file: TextFile, *, target: Path, connection: duckdb.DuckDBPyConnection, width: int, skip: bool
) -> tuple[BadRow, ...]:
    """Copy the rows to Parquet; where that fails, find the rows at fault."""
    try:
        _copy(file, target, connection=connection, width=width)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        if file.latin:
            file = _in_utf8(file, folder=target.parent)
            return stage(file, target=target, connection=connection, width=width, skip=skip)
        if file.delimiter == "\t" and _unquoted(file, target, connection=connection, width=width):
            return ()
        least = _require_mostly_rows(file, width=width, skip=skip)
        found = _rejected(file, target, connection=connection, width=width)
        if len(found) < least:
            # A thread that begins where all rows are at fault tells none of them.
            again = _rejected(file, target, connection=connection, width=width, is_alone=True)
            found = max(found, again, key=len)
        return _judged(found, file=file, width=width, skip=skip)
    return ()


def _rejected(
    file: TextFile,
    target: Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    width: int,
    is_alone: bool = False,
) -> list[sql.Record]:
    """Copy the rows to Parquet without those at fault, and return these: place, fault and text."""
    rejects = (
        f", ignore_errors = true, store_rejects = true, rejects_table = '{REJECTS}', "
        f"rejects_scan = '{REJECTS}_scan', rejects_limit = {FAULTS_MAX + 1}"
    )
    try:
        _copy(file, target, connection=connection, width=width, rejects=rejects, is_alone=is_alone)
        if sql.row(connection, f"SELECT count(*) FROM {REJECTS}")[0] > FAULTS_MAX:
            raise _too_many(file)
        return sql.rows(
            connection,
            "SELECT line_byte_position, any_value(error_type)::VARCHAR, "
            f"any_value(csv_line) FROM {REJECTS} GROUP BY 1 ORDER BY 1",
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return []
    finally:
        sql.rows(connection, f"DROP TABLE IF EXISTS {REJECTS}")
        sql.rows(connection, f"DROP TABLE IF EXISTS {REJECTS}_scan")


def _copy(
    file: TextFile,
    target: Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    width: int,
    rejects: str = "",
    is_alone: bool = False,
) -> None:
    """Copy the rows to Parquet, by many threads or by one alone."""
    table = _reader(file, width=width, rejects=rejects, is_alone=is_alone)
    try:
        sql.copy(connection, f"SELECT * FROM {table}", to=target, width=width)
    except duckdb.NotImplementedException:
        # Among very many empty lines the engine's threads lose each other.
        table = _reader(file, width=width, rejects=rejects, is_alone=True)
        sql.copy(connection, f"SELECT * FROM {table}", to=target, width=width)


def _require_mostly_rows(file: TextFile, *, width: int, skip: bool) -> int:
    """Raise where the rows at fault are evident, or more than anyone would leave out; else count them."""
    skipped = file.dialect.skip_lines
    found = ragged.rows(
        file.path, name=file.name, delimiter=file.delimiter, width=width, skip_lines=skipped
    )
    number = 0
    for number, (row, cells) in enumerate(found, start=1):
        if not skip and not total_words.FOOTER.match(row.text):
            raise _uneven(row, cells, file=file, width=width)
        if number > BAD_ROWS_MAX:
            raise _too_many(file)
    return number


def _in_utf8(file: TextFile, *, folder: Path) -> TextFile:
    """Return the file in UTF-8, in which the engine tells best where a row is at fault."""
    path = transcode.to_utf8(
        file.path, name=file.name, encoding="cp1252", folder=folder, breaks="plain"
    )
    return replace(file, path=path, latin=False)


def _unquoted(
    file: TextFile, target: Path, *, connection: duckdb.DuckDBPyConnection, width: int
) -> bool:
    """Copy the rows of a file with tabs whose quotation marks are inches; return if it has some.

    Such files, which marketplaces write, quote nothing; one that quotes any cell is not of them.
    """
    table = _reader(file, width=width, quote="")
    quoted = " OR ".join(f"c{index} LIKE '\"%\"'" for index in range(width))
    try:
        sql.copy(connection, f"SELECT * FROM {table}", to=target, width=width)
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    return not sql.rows(connection, f"SELECT 1 FROM {sql.parquet([target])} WHERE {quoted} LIMIT 1")


def _judged(
    found: list[sql.Record], *, file: TextFile, width: int, skip: bool
) -> tuple[BadRow, ...]:
    """Return the bad rows to be left out, or raise for the first of them."""
    if not found:
        raise ReadError(
            "The file {file} is no table that can be read. Save it again as CSV in UTF-8.",
            file=file.name,
        )
    offsets = [max(int(offset) - 1, 0) for offset, _, _ in found]
    places = lines.of_offsets(file.path, offsets)
    rows = [
        BadRow(line=line, text=str(text or "").strip("\r\n"))
        for line, (_, _, text) in zip(places, found, strict=True)
    ]
    kind = str(found[0][1])
    if kind == "LINE SIZE OVER MAXIMUM":
        raise scan.too_long(name=file.name, line=rows[0].line)
    if len(found) > BAD_ROWS_MAX:
        raise _too_many(file)
    if skip or all(total_words.FOOTER.match(row.text) for row in rows):
        return tuple(rows)
    if kind == "UNQUOTED VALUE":
        raise BadRowsError(
            "Line {line} of {file} has a quotation mark that is not closed. Correct the line, or "
            "leave such rows out with --skip-bad-rows.",
            line=rows[0].line,
            file=file.name,
        )
    cells = _count(rows[0].text, delimiter=file.delimiter)
    raise _uneven(rows[0], cells, file=file, width=width)


def _too_many(file: TextFile) -> ReadError:
    return ReadError(
        "More than {limit} rows of {file} cannot be read; perhaps the delimiter is not the right "
        "one. Name it with --delimiter.",
        limit=BAD_ROWS_MAX,
        file=file.name,
    )


def _uneven(row: BadRow, cells: int, *, file: TextFile, width: int) -> ReadError:
    return BadRowsError(
        "Line {line} of {file} has {cells} cells, but the table has {columns} columns. Correct the "
        "line, or leave such rows out with --skip-bad-rows.",
        line=row.line,
        file=file.name,
        cells=cells,
        columns=width,
    )


def _count(text: str, *, delimiter: str) -> int:
    try:
        return len(next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), []))
    except csv.Error:
        return text.count(delimiter) + 1
