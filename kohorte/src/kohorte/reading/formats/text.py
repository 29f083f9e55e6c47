"""CSV and its cousins: detected by us, parsed by the engine, staged as Parquet row by row."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Sentence
from kohorte.reading import sql
from kohorte.reading.formats import dialect, lines, scan, transcode
from kohorte.reading.formats.dialect import Dialect
from kohorte.reading.formats.scan import Scan
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import BAD_ROWS_MAX, COLUMNS_MAX, LINE_BYTES_MAX, BadRow, Column, Source

REJECTS = "kohorte_reading_rejects"
# What marketplaces write below the table: how many rows there were, and whose they are.
_FOOTER = re.compile(
    r"\W*\d+\W+(?:record|Bestellung|Datens)|\W*(?:Seller ID|Verkäufer)\b", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class _File:
    """A text file ready for the engine: UTF-8, cells parted by one character."""

    path: Path
    name: str
    scan: Scan
    dialect: Dialect
    delimiter: str


def open_source(
    path: Path,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
) -> Source:
    """Open a text file as a table; rows that are no rows raise or are listed, as the user wants.

    Raises
    ------
    ReadError
        With the line, for everything that makes the file no table.
    """
    file, encoding = _prepare(path, folder=folder, options=options)
    columns, repeated = _columns(file)
    staged = folder / f"{len(list(folder.iterdir()))}.staged.parquet"
    bad = _stage(
        file, target=staged, connection=connection, width=len(columns), skip=options.skip_bad_rows
    )
    (rows,) = sql.row(connection, f"SELECT count(*) FROM {sql.parquet([staged])}")
    if not rows and not bad:
        raise ReadError(
            "The file {file} holds a header but no rows. Export it again with orders in it.",
            file=file.name,
        )
    return Source(
        path=path,
        name=file.name,
        relation=_relation(file, staged=staged, connection=connection, rows=rows, bad=bad),
        columns=columns,
        repeated=repeated,
        has_header=file.dialect.header is not None,
        rows=int(rows),
        encoding=encoding,
        delimiter=file.dialect.delimiter,
        bad_rows=bad,
        remarks=_remarks(file),
    )


def _remarks(file: _File) -> tuple[Sentence, ...]:
    count = file.dialect.titles
    if not count:
        return ()
    return (
        Sentence(
            "Lines above the header that are no part of the table: {count}.", {"count": count}
        ),
    )


def _prepare(path: Path, *, folder: Path, options: ReadOptions) -> tuple[_File, str]:
    name, source, encoding = path.name, path, options.encoding
    if encoding:
        transcode.require_encoding(encoding)
    with path.open("rb") as opened:
        if opened.read(2) in scan.UTF_16_MARKS:
            encoding = encoding or "utf-16"
    if encoding and encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        source = transcode.to_utf8(
            path, name=name, encoding=encoding, folder=folder, breaks="mixed"
        )
        scanned = scan.scan(source, name=name, encoding="utf-8")
    else:
        scanned = scan.scan(path, name=name, encoding=encoding)
        encoding = scanned.encoding
        plain = encoding in ("utf-8", "utf-8-sig") and scanned.breaks == "plain"
        if options.encoding or not plain:
            source = transcode.to_utf8(
                path, name=name, encoding=encoding, folder=folder, breaks=scanned.breaks
            )
            if scanned.breaks != "plain":
                scanned = scan.scan(source, name=name, encoding="utf-8")
    with source.open("rb") as opened:
        beginning = opened.read(dialect.SAMPLE_BYTES).decode("utf-8-sig", errors="ignore")
    whole = source.stat().st_size <= dialect.SAMPLE_BYTES
    sample = beginning if whole else beginning[: beginning.rfind("\n") + 1] or beginning
    sniffed = dialect.sniff(sample.replace("\r\n", "\n"), delimiter=_delimiter(options.delimiter))
    delimiter = sniffed.delimiter
    if delimiter == dialect.BLANKS:
        source = transcode.to_tabs(source, name=name, folder=folder)
        delimiter = "\t"
    file = _File(path=source, name=name, scan=scanned, dialect=sniffed, delimiter=delimiter)
    return file, "utf-8" if encoding == "utf-8-sig" else encoding


def _delimiter(given: str | None) -> str | None:
    if given is None:
        return None
    mark = {"\\t": "\t", "tab": "\t", "blank": " "}.get(given.lower(), given)
    if len(mark) != 1 or mark in '"\r\n':
        raise ReadError(
            "“{delimiter}” cannot part cells. Use one character such as ; or the word tab.",
            delimiter=given,
        )
    return mark


def _columns(file: _File) -> tuple[tuple[Column, ...], frozenset[str]]:
    """Return the columns, those of a repeated name with a number, and the repeated names."""
    width = file.dialect.width
    if width > COLUMNS_MAX:
        raise ReadError(
            "The file {file} has {columns} columns; at most {limit} are read.",
            file=file.name,
            columns=width,
            limit=COLUMNS_MAX,
        )
    header = file.dialect.header or ("",) * width
    columns = tuple(Column(i, name or str(i + 1)) for i, name in enumerate(header))
    seen = Counter[str]()
    named = []
    for column in columns:
        seen[column.name] += 1
        number = seen[column.name]
        named.append(column if number == 1 else replace(column, name=f"{column.name} ({number})"))
    return tuple(named), frozenset(name for name, count in seen.items() if count > 1)


def _reader(file: _File, *, width: int, rejects: str = "", quote: str = '"') -> str:
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    return (
        f"read_csv({sql.literal(str(file.path))}, auto_detect = false, header = false, "
        f"skip = {file.dialect.skip_records}, delim = {sql.literal(file.delimiter)}, "
        f"quote = '{quote}', escape = '{quote}', columns = {{{columns}}}, strict_mode = true, "
        f"max_line_size = {LINE_BYTES_MAX}{rejects})"
    )


def _stage(
    file: _File, *, target: Path, connection: duckdb.DuckDBPyConnection, width: int, skip: bool
) -> tuple[BadRow, ...]:
    """Copy the rows to Parquet; where that fails, find the rows at fault."""
    copy = "COPY (SELECT * FROM {table}) TO {target} (FORMAT parquet)"
    into = sql.literal(str(target))
    try:
        sql.rows(connection, copy.format(table=_reader(file, width=width), target=into))
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        if file.delimiter == "\t" and _unquoted(file, target, connection=connection, width=width):
            return ()
        rejects = (
            f", ignore_errors = true, store_rejects = true, rejects_table = '{REJECTS}', "
            f"rejects_scan = '{REJECTS}_scan', rejects_limit = {BAD_ROWS_MAX + 1}"
        )
        table = _reader(file, width=width, rejects=rejects)
        try:
            sql.rows(connection, copy.format(table=table, target=into))
            found = sql.rows(
                connection,
                "SELECT line_byte_position, any_value(error_type)::VARCHAR, "
                f"any_value(csv_line) FROM {REJECTS} GROUP BY 1 ORDER BY 1",
            )
        except (duckdb.InvalidInputException, duckdb.ConversionException):
            found = []
        finally:
            sql.rows(connection, f"DROP TABLE IF EXISTS {REJECTS}")
            sql.rows(connection, f"DROP TABLE IF EXISTS {REJECTS}_scan")
        return _judged(found, file=file, width=width, skip=skip)
    return ()


def _unquoted(
    file: _File, target: Path, *, connection: duckdb.DuckDBPyConnection, width: int
) -> bool:
    """Copy the rows of a file with tabs whose quotation marks are inches; return if it has some.

    Such files, which marketplaces write, quote nothing; one that quotes any cell is not of them.
    """
    table = _reader(file, width=width, quote="")
    quoted = " OR ".join(f"c{index} LIKE '\"%\"'" for index in range(width))
    try:
        sql.rows(
            connection,
            f"COPY (SELECT * FROM {table}) TO {sql.literal(str(target))} (FORMAT parquet)",
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException):
        return False
    return not sql.rows(connection, f"SELECT 1 FROM {sql.parquet([target])} WHERE {quoted} LIMIT 1")


def _judged(found: list[sql.Record], *, file: _File, width: int, skip: bool) -> tuple[BadRow, ...]:
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
        raise ReadError(
            "More than {limit} rows of {file} cannot be read; perhaps the delimiter is not the "
            "right one. Name it with --delimiter.",
            limit=BAD_ROWS_MAX,
            file=file.name,
        )
    if skip or all(_FOOTER.match(row.text) for row in rows):
        return tuple(rows)
    if kind == "UNQUOTED VALUE":
        raise ReadError(
            "Line {line} of {file} has a quotation mark that is not closed. Correct the line, or "
            "leave such rows out with --skip-bad-rows.",
            line=rows[0].line,
            file=file.name,
        )
    cells = _count(rows[0].text, delimiter=file.delimiter)
    raise ReadError(
        "Line {line} of {file} has {cells} cells, but the table has {columns} columns. Correct the "
        "line, or leave such rows out with --skip-bad-rows.",
        line=rows[0].line,
        file=file.name,
        cells=cells,
        columns=width,
    )


def _count(text: str, *, delimiter: str) -> int:
    try:
        return len(next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), []))
    except csv.Error:
        return text.count(delimiter) + 1


def _relation(
    file: _File,
    *,
    staged: Path,
    connection: duckdb.DuckDBPyConnection,
    rows: int,
    bad: tuple[BadRow, ...],
) -> str:
    """Return the staged rows with their physical lines; renumbered once if that takes work."""
    skipped, width = file.dialect.skip_lines, file.dialect.width
    left_out = [row.line for row in bad]
    blank = [line for line in file.scan.blank_lines if line > skipped] if width > 1 else []
    more = file.scan.lines - skipped - rows - len(left_out)
    if not more and not left_out:
        table = sql.parquet([staged])
        return f"(SELECT file_row_number + {skipped + 1} AS line, * FROM {table})"
    broken = False
    if more != len(blank):
        (inside,) = sql.row(
            connection, f"SELECT sum({lines.breaks(width)}) FROM {sql.parquet([staged])}"
        )
        broken = bool(inside)
        blank = blank if (inside or 0) + len(blank) == more else []
    select = lines.numbered(
        staged,
        width=width,
        skip_lines=skipped,
        gaps=sorted({*blank, *left_out}),
        broken=broken,
    )
    target = staged.with_suffix(".numbered.parquet")
    sql.rows(connection, f"COPY ({select}) TO {sql.literal(str(target))} (FORMAT parquet)")
    staged.unlink()
    return f"(SELECT * FROM read_parquet({sql.literal(str(target))}))"
