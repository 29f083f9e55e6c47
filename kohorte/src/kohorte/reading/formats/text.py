"""CSV and its cousins: detected by us, parsed by the engine, staged as Parquet row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb

from kohorte.errors import BadRowsError, ReadError
from kohorte.language import Sentence
from kohorte.reading import copies, sql
from kohorte.reading.formats import delimited, dialect, lines, scan, transcode
from kohorte.reading.formats.delimited import TextFile
from kohorte.reading.options import ReadOptions
from kohorte.reading.rows import total_words
from kohorte.reading.source import COLUMNS_MAX, BadRow, Column, Source

HEAD_BYTES = 4096
# Headers of two thousand columns are half as long.
HEADER_CHARACTERS_MAX = 100_000


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
    _require_closed_header(file, is_sure=False)
    staged = copies.name(folder, "staged.parquet")
    bad = delimited.stage(
        file, target=staged, connection=connection, width=len(columns), skip=options.skip_bad_rows
    )
    (rows,) = sql.row(connection, f"SELECT count(*) FROM {sql.parquet([staged])}")
    notes = {row.line: row.text for row in bad if total_words.FOOTER.match(row.text)}
    if not rows and not bad:
        _require_closed_header(file, is_sure=True)
        raise ReadError(
            "The file {file} holds a header but no rows. Export it again with rows in it.",
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
        bad_rows=tuple(row for row in bad if row.line not in notes),
        remarks=(*_remarks(file), *([total_words.told(notes)] if notes else [])),
    )


def _require_closed_header(file: TextFile, *, is_sure: bool) -> None:
    """Raise if the header goes on without end, or over lines which are all that there is."""
    header = "".join(file.dialect.header or ())
    if len(header) > HEADER_CHARACTERS_MAX or (is_sure and "\n" in header):
        raise BadRowsError(
            "Line {line} of {file} has a quotation mark that is not closed. Correct the line, or "
            "leave such rows out with --skip-bad-rows.",
            line=file.dialect.skip_records,
            file=file.name,
        )


def _remarks(file: TextFile) -> tuple[Sentence, ...]:
    count = file.dialect.titles
    if not count:
        return ()
    return (
        Sentence(
            "Lines above the header that are no part of the table: {count}.", {"count": count}
        ),
    )


def _prepare(path: Path, *, folder: Path, options: ReadOptions) -> tuple[TextFile, str]:
    name, source, encoding, latin = path.name, path, options.encoding, False
    if encoding:
        transcode.require_encoding(encoding)
    else:
        with path.open("rb") as opened:
            head = opened.read(HEAD_BYTES)
        encoding = "utf-16" if head[:2] in scan.UTF_16_MARKS else scan.unmarked_utf_16(head)
    if encoding and encoding.lower().replace("_", "-").startswith(("utf-16", "utf-32")):
        source = transcode.to_utf8(
            path, name=name, encoding=encoding, folder=folder, breaks="mixed"
        )
        scanned = scan.scan(source, name=name, encoding="utf-8")
    else:
        scanned = scan.scan(path, name=name, encoding=encoding)
        encoding = scanned.encoding
        latin = scanned.latin and scanned.breaks == "plain"
        plain = encoding in ("utf-8", "utf-8-sig") and scanned.breaks == "plain"
        plain = plain and not scanned.marked_inside
        if options.encoding or not (plain or latin):
            source = transcode.to_utf8(
                path, name=name, encoding=encoding, folder=folder, breaks=scanned.breaks
            )
            if scanned.breaks != "plain":
                scanned = scan.scan(source, name=name, encoding="utf-8")
    with source.open("rb") as opened:
        head = opened.read(dialect.SAMPLE_BYTES)
    beginning = head.decode("latin-1" if latin else "utf-8-sig", errors="ignore")
    whole = source.stat().st_size <= dialect.SAMPLE_BYTES
    sample = beginning if whole else beginning[: beginning.rfind("\n") + 1] or beginning
    sniffed = dialect.sniff(sample.replace("\r\n", "\n"), delimiter=_delimiter(options.delimiter))
    if encoding == "utf-8-sig" and source == path and sniffed.skip_lines > sniffed.skip_records:
        # Behind a mark the engine does not see that a header is quoted, and may be of more lines.
        source = transcode.to_utf8(
            path, name=name, encoding=encoding, folder=folder, breaks=scanned.breaks
        )
    delimiter = sniffed.delimiter
    if delimiter == dialect.BLANKS:
        source = transcode.to_tabs(source, name=name, folder=folder)
        delimiter = "\t"
    file = TextFile(
        path=source,
        name=name,
        scan=scanned,
        dialect=sniffed,
        delimiter=delimiter,
        latin=latin,
    )
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


def _columns(file: TextFile) -> tuple[tuple[Column, ...], frozenset[str]]:
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


def _relation(
    file: TextFile,
    *,
    staged: Path,
    connection: duckdb.DuckDBPyConnection,
    rows: int,
    bad: tuple[BadRow, ...],
) -> str:
    """Return the staged rows with their physical lines; renumbered once if that takes work."""
    skipped, width = file.dialect.skip_lines, file.dialect.width
    left_out = [row.line for row in bad]
    more = file.scan.lines - skipped - rows - len(left_out)
    if not more and not left_out:
        table = sql.parquet([staged])
        return f"(SELECT file_row_number + {skipped + 1} AS line, * FROM {table})"
    found = scan.blank_lines(file.path, name=file.name) if width > 1 else []
    blank = [line for line in found if line > skipped]
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
    sql.copy(connection, select, to=target, width=width)
    staged.unlink()
    return f"(SELECT * FROM read_parquet({sql.literal(str(target))}))"
