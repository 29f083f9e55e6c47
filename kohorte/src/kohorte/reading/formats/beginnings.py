"""What files begin with: by this they are told apart, and strangers are named."""

from __future__ import annotations

import codecs
import errno
import itertools
import os
import re
import stat
from pathlib import Path

from kohorte.errors import ReadError
from kohorte.language import Text
from kohorte.reading.formats import scan

HEAD_BYTES = 4096

_PICTURE = Text(de="ein Bild", en="a picture")
_PROGRAM = Text(de="ein Programm", en="a program")
_SOUND = Text(de="eine Ton- oder Filmdatei", en="a sound or a film")
_OLD_EXCEL = Text(de="eine Excel-Datei von vor 1993", en="an Excel file from before 1993")
# What other files begin with, and what they are called.
_FOREIGN: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF", Text(de="ein PDF-Dokument", en="a PDF document")),
    (b"\x1f\x8b", Text(de="eine gepackte Datei (gzip)", en="a compressed file (gzip)")),
    (b"(\xb5/\xfd", Text(de="eine gepackte Datei (zstd)", en="a compressed file (zstd)")),
    (b"BZh", Text(de="eine gepackte Datei (bzip2)", en="a compressed file (bzip2)")),
    (b"7z\xbc\xaf", Text(de="eine gepackte Datei (7z)", en="a compressed file (7z)")),
    (b"\xfd7zXZ", Text(de="eine gepackte Datei (xz)", en="a compressed file (xz)")),
    (b"\x04\x22M\x18", Text(de="eine gepackte Datei (lz4)", en="a compressed file (lz4)")),
    (b"Rar!", Text(de="eine gepackte Datei (RAR)", en="a compressed file (RAR)")),
    (b"PK\x05\x06", Text(de="eine leere ZIP-Datei", en="an empty ZIP file")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"ID3", _SOUND),
    (b"\x7fELF", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"{\\rtf", Text(de="ein Textdokument (RTF)", en="a text document (RTF)")),
    (b"<", Text(de="eine HTML- oder XML-Datei", en="an HTML or XML file")),
    (b"PARE", Text(de="eine verschlüsselte Parquet-Datei", en="an encrypted Parquet file")),
    (b"ARROW1\0", Text(de="eine Arrow-Datei", en="an Arrow file")),
    (b"Obj\x01", Text(de="eine Avro-Datei", en="an Avro file")),
    (b"\0\1\0\0Standard", Text(de="eine Access-Datenbank", en="an Access database")),
    (b"\x09\x00\x04\x00", _OLD_EXCEL),
    (b"\x09\x02\x06\x00", _OLD_EXCEL),
    (b"\x09\x04\x06\x00", _OLD_EXCEL),
    (b"L\0\0\0\1\x14\2\0", Text(de="eine Verknüpfung", en="a shortcut")),
)
# Signs that tables may begin with as well, or that stand further behind: only beside a NUL byte.
_BINARY: tuple[tuple[re.Pattern[bytes], Text], ...] = (
    (re.compile(rb"MZ"), _PROGRAM),
    (re.compile(rb"BM|RIFF....WEBP|....ftyp(?:heic|avif|mif1)", re.DOTALL), _PICTURE),
    (re.compile(rb"RIFF|....ftyp|OggS", re.DOTALL), _SOUND),
    (
        re.compile(rb".{257}ustar", re.DOTALL),
        Text(de="ein Archiv (tar)", en="an archive (tar)"),
    ),
)
_NO_RECORDS = re.compile(rb"[\[{]\s*[\[{\"]")
_HOLLOW = Text(
    de="nur mit NUL-Bytes gefüllt, vielleicht ein abgebrochener Download",
    en="filled with NUL bytes only, perhaps a broken download",
)
_JSON = Text(de="eine JSON-Datei ohne Tabelle", en="a JSON file without a table")


def foreign(head: bytes) -> Text | None:
    """Return what a file is that begins like no table; None if it may be one.

    >>> foreign(b"%PDF-1.7").en
    'a PDF document'
    """
    begins = head.lstrip()
    if not head.strip(b"\0"):
        return _HOLLOW
    if _NO_RECORDS.match(begins):
        return _JSON
    if b"\0" in head:
        for pattern, what in _BINARY:
            if pattern.match(head):
                return what
    signed = (what for sign, what in _FOREIGN if head.startswith(sign) or begins.startswith(sign))
    return next(signed, None)


def plain(head: bytes) -> bytes:
    """Return the beginning of a text in UTF-8 without a mark, that of other files as it is."""
    if head.startswith(scan.UTF_16_MARKS):
        return head.decode("utf-16", errors="ignore").encode("utf-8", errors="replace")
    return head.removeprefix(codecs.BOM_UTF8)


def is_blank(path: Path) -> bool:
    """Return whether a file holds nothing but blanks and line breaks."""
    with path.open("rb") as file:
        first = file.read(scan.CHUNK_BYTES).removeprefix(codecs.BOM_UTF8)
        chunks = itertools.chain([first], iter(lambda: file.read(scan.CHUNK_BYTES), b""))
        return not any(chunk.strip() for chunk in chunks)


def read(path: Path) -> bytes:
    """Return what a file begins with.

    Raises
    ------
    ReadError
        If there is no such file, or it may not or cannot be read.
    """
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            raise ReadError("{file} is a folder. Name the files in it.", file=str(path))
        if not stat.S_ISREG(kind):
            raise ReadError(
                "{file} is a device or a pipe, which can be read only once. Save the table as a "
                "file.",
                file=str(path),
            )
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except PermissionError:
        raise ReadError(
            "The file {file} may not be read by you. Copy it to a folder of yours, or ask for the "
            "right to read it.",
            file=str(path),
        ) from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise _missing(path) from None
    except OSError as error:
        # Links that lead in a circle and endless names lead to no file either.
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            raise _missing(path) from None
        raise ReadError(
            "The file {file} cannot be opened ({problem}).",
            file=str(path),
            problem=error.strerror or type(error).__name__,
        ) from None


def _missing(path: Path) -> ReadError:
    return ReadError("The file {file} does not exist.", file=str(path))
