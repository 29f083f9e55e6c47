"""Any file opened as a table: the format is told by what the file begins with, not by its name."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.language import Text
from kohorte.reading.address import Address
from kohorte.reading.formats import database, json_records, parquet, text, workbook
from kohorte.reading.options import ReadOptions
from kohorte.reading.source import Source

HEAD_BYTES = 4096

# What other files begin with, and what they are called.
FOREIGN: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF", Text(de="ein PDF-Dokument", en="a PDF document")),
    (b"\x1f\x8b", Text(de="eine gepackte Datei (gzip)", en="a compressed file (gzip)")),
    (b"(\xb5/\xfd", Text(de="eine gepackte Datei (zstd)", en="a compressed file (zstd)")),
    (b"BZh", Text(de="eine gepackte Datei (bzip2)", en="a compressed file (bzip2)")),
    (b"7z\xbc\xaf", Text(de="eine gepackte Datei (7z)", en="a compressed file (7z)")),
    (b"Rar!", Text(de="eine gepackte Datei (RAR)", en="a compressed file (RAR)")),
    (b"\x89PNG", Text(de="ein Bild", en="a picture")),
    (b"\xff\xd8\xff", Text(de="ein Bild", en="a picture")),
    (b"GIF8", Text(de="ein Bild", en="a picture")),
    (b"\x7fELF", Text(de="ein Programm", en="a program")),
    (b"MZ\x90", Text(de="ein Programm", en="a program")),
    (b"{\\rtf", Text(de="ein Textdokument (RTF)", en="a text document (RTF)")),
    (b"<", Text(de="eine HTML- oder XML-Datei", en="an HTML or XML file")),
)
PACKED_SIGN = b"PK\x03\x04"
_NO_RECORDS = re.compile(rb"[\[{]\s*[\[{\"]")
_JSON_NAME = Text(de="eine JSON-Datei ohne Bestellungen", en="a JSON file without orders")


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
    head = _head(path)
    name = path.name
    if not head.strip(b"\xef\xbb\xbf\r\n\t "):
        raise ReadError("The file {file} is empty. Export the orders again.", file=name)
    if head.startswith(b"PAR1"):
        return parquet.open_source(path, connection=connection)
    if head.startswith((PACKED_SIGN, workbook.OLD_SIGN)):
        return workbook.open_source(path, connection=connection, folder=folder, options=options)
    shape = json_records.shape_of(head.removeprefix(b"\xef\xbb\xbf"))
    if shape:
        return json_records.open_source(path, shape=shape, connection=connection, folder=folder)
    what = _foreign(head)
    if head.startswith(database.SQLITE_SIGN):
        raise ReadError(
            "The file {file} is an SQLite database. Name a table in it: "
            "sqlite:///{file}?table=NAME.",
            file=name,
        )
    if what:
        raise ReadError(
            "The file {file} is {what}. Save the orders as CSV, Excel or Parquet and try again.",
            file=name,
            what=what,
        )
    if path.suffix.lower() in (".parquet", ".pq"):
        raise ReadError("The file {file} is called Parquet but is none.", file=name)
    return text.open_source(path, connection=connection, folder=folder, options=options)


def _foreign(head: bytes) -> Text | None:
    """Return what a file is that begins like no table; None if it may be one."""
    begins = head.lstrip()
    if _NO_RECORDS.match(begins):
        return _JSON_NAME
    return next((what for sign, what in FOREIGN if begins.startswith(sign)), None)


def _head(path: Path) -> bytes:
    # Other than pathlib, os.path answers for links that lead in a circle as for missing files.
    if not os.path.exists(path):
        raise ReadError("The file {file} does not exist.", file=str(path))
    if path.is_dir():
        raise ReadError("{file} is a folder. Name the files in it.", file=str(path))
    if not path.is_file():
        raise ReadError(
            "{file} is a device or a pipe, which can be read only once. Save the orders as a file.",
            file=str(path),
        )
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise ReadError(
            "The file {file} cannot be opened ({problem}).",
            file=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None
