"""Packed workbooks looked at before they are opened: what they are, and whether they are bombs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from kohorte.errors import ReadError
from kohorte.language import Text

# Real workbooks shrink to a tenth or a thirtieth, bombs to a thousandth.
UNPACKED_MAX = 1_500_000_000
RATIO_MAX = 250
RATIO_FROM = 50_000_000
PARTS_MAX = 5_000
# The list of the parts, which is read in one go.
DIRECTORY_BYTES_MAX = 8 << 20
# A part that is needed as a whole, such as the styles, and what may stand between two rows.
WHOLE_BYTES_MAX = 64 << 20
GAP_BYTES_MAX = 16 << 20
CHUNK_BYTES = 1 << 20

Packed = Literal["xlsx", "ods"]

_OTHERS: tuple[tuple[str, Text], ...] = (
    ("word/", Text(de="ein Word-Dokument", en="a Word document")),
    ("ppt/", Text(de="eine PowerPoint-Datei", en="a PowerPoint file")),
    ("xl/workbook.bin", Text(de="eine binäre Excel-Datei (XLSB)", en="a binary Excel file (XLSB)")),
    ("Index/", Text(de="eine Datei von Apple Numbers", en="an Apple Numbers file")),
)
ZIP = Text(de="eine ZIP-Datei", en="a ZIP file")
# Workbooks are packed in these ways only; others may ask for any amount of memory.
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What the standard library raises for files that are damaged, or packed in ways it does not know:
# a RuntimeError for a password and, as its child NotImplementedError, for a stranger's way to pack.
_DAMAGES = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)


class _Bounded(io.FileIO):
    """A file that refuses to read more at once than the list of a workbook's parts takes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > DIRECTORY_BYTES_MAX:
            raise zipfile.BadZipFile
        return super().read(size) or b""


def require_sane(path: Path, *, name: str) -> Packed:
    """Return what a packed file is.

    Raises
    ------
    ReadError
        If it is damaged, locked, a bomb, or no workbook.
    """
    try:
        with _Bounded(path) as file, zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except _DAMAGES:
        raise damaged(name) from None
    require_small(sum(part.file_size for part in parts), path, name=name)
    if any(part.flag_bits & 1 for part in parts):
        raise locked(name)
    names = {part.filename for part in parts}
    if len(parts) <= PARTS_MAX:
        if any(part.compress_type not in _WAYS for part in parts):
            raise damaged(name)
        if "xl/workbook.xml" in names:
            return "xlsx"
        if {"content.xml", "mimetype"} <= names and _is_spreadsheet(path, name=name):
            return "ods"
    what = next((t for begin, t in _OTHERS if any(n.startswith(begin) for n in names)), ZIP)
    raise ReadError(
        "The file {file} is {what}. Save the table as CSV, Excel or Parquet and try again.",
        file=name,
        what=what,
    )


def _is_spreadsheet(path: Path, *, name: str) -> bool:
    if b"encryption-data" in whole(path, "META-INF/manifest.xml", name=name):
        raise locked(name)
    return b"opendocument.spreadsheet" in whole(path, "mimetype", name=name)


def require_small(size: int, path: Path, *, name: str) -> None:
    """Raise if a file unpacks to more than anyone's orders, or to far more than it holds."""
    if size > UNPACKED_MAX or (size > RATIO_FROM and size > RATIO_MAX * path.stat().st_size):
        raise bomb(name, size)


def whole(path: Path, part: str, *, name: str) -> bytes:
    """Return a small part of the file; an absent one holds nothing."""
    content, size = [], 0
    for chunk in chunks(path, part, name=name):
        content.append(chunk)
        size += len(chunk)
        if size > WHOLE_BYTES_MAX:
            raise bomb(name, size)
    return b"".join(content)


def blocks(path: Path, part: str, *, name: str, end: bytes) -> Iterator[bytes]:
    """Return a part of the file in blocks that end behind `end`, but for very long ones."""
    rest = b""
    for chunk in chunks(path, part, name=name):
        # The end may be cut by the edge of a chunk.
        block = rest + chunk
        cut = block.rfind(end, max(len(rest) - len(end), 0)) + len(end)
        if cut >= len(end):
            yield block[:cut]
            rest = block[cut:]
        elif len(block) > GAP_BYTES_MAX:
            yield block
            rest = b""
        else:
            rest = block
    yield rest


def chunks(path: Path, part: str, *, name: str) -> Iterator[bytes]:
    """Return a part of the file in chunks, never more than it says it holds.

    Raises
    ------
    ReadError
        If the part is damaged.
    """
    try:
        with _Bounded(path) as opened, zipfile.ZipFile(opened) as packed:
            if part not in packed.NameToInfo:
                return
            with packed.open(part) as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk
    except _DAMAGES:
        raise damaged(name) from None


def bomb(name: str, size: int) -> ReadError:
    """Return the error for a workbook that unpacks to more than anyone's orders."""
    return ReadError(
        "The file {file} would unpack to {size} MB, far more than a shop's workbook holds. "
        "Save the table as CSV.",
        file=name,
        size=size // 1_000_000,
    )


def damaged(name: str) -> ReadError:
    """Return the error for a workbook that cannot be opened."""
    return ReadError(
        "The workbook {file} is damaged. Open it in its program, save it again and try again.",
        file=name,
    )


def locked(name: str) -> ReadError:
    """Return the error for a workbook with a password."""
    return ReadError(
        "The workbook {file} is protected by a password. Save a copy without one and try again.",
        file=name,
    )
