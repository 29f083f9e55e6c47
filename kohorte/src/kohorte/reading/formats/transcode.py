"""A clean copy of a text file where the engine could not read the original as it is."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from kohorte.errors import ReadError
from kohorte.reading import copies
from kohorte.reading.formats.scan import CHUNK_BYTES, Breaks, blocks, lines_of

_SIGNS = 'Nr;"1,5"\t\\n|a+b-~\r\n'
# Python's names for what is written in addresses and programs.
_NO_FILES = ("idna", "raw-unicode-escape", "charmap")
_BLANKS = re.compile(rb"[ \t]+")
_EDGES = re.compile(rb"(?m)^\t|\t(?=\r?$)")


def require_encoding(encoding: str) -> None:
    """Raise unless Python knows the encoding and files of tables are written in it.

    Unlike `idna` or `rot13` it leaves the signs of a table as they are, or takes two or four bytes
    for each.
    """
    try:
        name = codecs.lookup(encoding).name
        is_wide = name.startswith(("utf-16", "utf-32"))
        is_of_tables = name not in _NO_FILES and (
            is_wide or _SIGNS.encode(encoding).endswith(_SIGNS.encode("ascii"))
        )
    except (LookupError, UnicodeError, ValueError):
        is_of_tables = False
    if not is_of_tables:
        raise ReadError(
            "“{encoding}” is not a known encoding. Use for example utf-8, cp1252 or utf-16.",
            encoding=encoding,
        )


def to_utf8(path: Path, *, name: str, encoding: str, folder: Path, breaks: Breaks) -> Path:
    """Copy a file as UTF-8 without a mark and with line breaks of one kind; return the copy.

    Raises
    ------
    ReadError
        With the line, if bytes cannot be decoded.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    copy = copies.name(folder, "utf-8")
    held = ""
    with path.open("rb") as source, copy.open("wb") as target:
        while True:
            chunk = source.read(CHUNK_BYTES)
            try:
                text = held + decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                target.flush()
                raise ReadError(
                    "Line {line} of {file} holds bytes that are not {encoding}. Name the right "
                    "encoding with --encoding, or save the file as UTF-8.",
                    line=lines_of(copy) + 1 + _lines_before(error, encoding=encoding),
                    file=name,
                    encoding=encoding,
                ) from None
            if breaks != "plain":
                held = "\r" if text.endswith("\r") and chunk else ""
                text = text[: len(text) - len(held)].replace("\r\n", "\n")
            # Where files were put together, the later ones bring their marks along.
            if "\ufeff" in text:
                text = text.replace("\ufeff", "")
            if breaks == "mac":
                text = text.replace("\r", "\n")
            target.write(text.encode("utf-8", errors="replace"))
            if not chunk:
                return copy


def _lines_before(error: UnicodeError, *, encoding: str) -> int:
    """Return the line breaks in front of the bytes at fault; UTF-16 without a mark names none."""
    if not isinstance(error, UnicodeDecodeError):
        return 0
    return bytes(error.object[: error.start]).decode(encoding, errors="replace").count("\n")


def to_tabs(path: Path, *, name: str, folder: Path) -> Path:
    """Copy a file whose cells are parted by any number of blanks, with one tab instead."""
    copy = copies.name(folder, "tabs")
    with copy.open("wb") as target:
        for block in blocks(path, name=name):
            target.write(_EDGES.sub(b"", _BLANKS.sub(b"\t", block)))
    return copy
