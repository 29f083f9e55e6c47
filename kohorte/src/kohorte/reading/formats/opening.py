"""Any file opened as a table: the format is told by what the file begins with, not by its name."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading.address import Address
from kohorte.reading.formats import (
    beginnings,
    database,
    guarded,
    headers,
    json_records,
    parquet,
    text,
    workbook,
)
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Source

PACKED_SIGN = b"PK\x03\x04"


def open_sources(
    path: Path | Address,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
    takes: workbook.Takes,
) -> list[Source]:
    """Open a file as a table; a workbook with all its sheets that `takes` says go with it.

    Raises
    ------
    ReadError
        As `open_source` does.
    """
    if isinstance(path, Path) and beginnings.read(path).startswith(
        (PACKED_SIGN, workbook.OLD_SIGN)
    ):
        found = workbook.open_sources(
            path, connection=connection, folder=folder, options=options, takes=takes
        )
        return [headers.without_repeated(each, connection=connection) for each in found]
    return [open_source(path, connection=connection, folder=folder, options=options)]


def open_source(
    path: Path | Address,
    *,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    options: ReadOptions,
) -> Source:
    """Open a file as a table.

    Parameters
    ----------
    path
        The file, or the address of a table in a database.
    connection
        Where the work is done; no table is left in it.
    folder
        A temporary folder for copies.
    options
        What the user said about encoding and delimiter.

    Raises
    ------
    ReadError
        If there is no such file, it is empty, or it is no table.
    """
    if isinstance(path, Address):
        return database.open_source(path, connection=connection, folder=folder)
    head = beginnings.read(path)
    name = path.name
    if beginnings.is_blank(path):
        raise ReadError("The file {file} is empty. Export it again.", file=name)
    if head.startswith(parquet.SIGN):
        return parquet.open_source(path, connection=connection)
    if head.startswith((PACKED_SIGN, workbook.OLD_SIGN)):
        (book,) = workbook.open_sources(path, connection=connection, folder=folder, options=options)
        return headers.without_repeated(book, connection=connection)
    begins = beginnings.plain(head)
    shape = json_records.shape_of(begins)
    if shape:
        return json_records.open_source(path, shape=shape, connection=connection, folder=folder)
    what = beginnings.foreign(begins)
    if head.startswith(database.SQLITE_SIGN):
        raise ReadError(
            "The file {file} is an SQLite database. Name a table in it: "
            "sqlite:///{file}?table=NAME.",
            file=name,
        )
    if what:
        raise ReadError(
            "The file {file} is {what}. Save the table as CSV, Excel or Parquet and try again.",
            file=name,
            what=what,
        )
    if path.suffix.lower() in (".parquet", ".pq"):
        raise ReadError("The file {file} is called Parquet but is none.", file=name)
    table = text.open_source(path, connection=connection, folder=folder, options=options)
    table = guarded.bared(table, connection=connection)
    return headers.without_repeated(table, connection=connection)
