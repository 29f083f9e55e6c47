"""One pass over the bytes of a text file: encoding, line breaks, and what no table may hold."""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kohorte.errors import ReadError
from kohorte.reading.source import LINE_BYTES_MAX

CHUNK_BYTES = 1 << 20
BLANK_LINES_MAX = 100_000
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Breaks = Literal["plain", "mixed", "mac"]

_BLANK = re.compile(rb"(?m)^\r?\n")
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_LETTER = re.compile(rb"\xc3[\x80-\xbf]")
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_ASCII = bytes(range(0x80))
# All but the bytes that mean other characters in Windows-1252 than in Latin 1.
_ALIKE = bytes((*range(0x80), *range(0xA0, 0x100)))


@dataclass
class Scan:
    """What the bytes of a file tell.

    Parameters
    ----------
    encoding
        `utf-8`, `utf-8-sig` or `cp1252`; a given one stays as it is.
    lines
        Physical lines, counted by their line breaks.
    breaks
        `mixed` if lines end in different ways, which quoted cells may cause as well; `mac` if
        they end in a carriage return alone.
    latin
        Whether a file in `cp1252` holds characters of Latin 1 only.
    marked_inside
        Whether marks of UTF-8 stand behind the beginning, as where files were put together.
    """

    encoding: str
    lines: int = 0
    breaks: Breaks = "plain"
    latin: bool = False
    marked_inside: bool = False


def unmarked_utf_16(head: bytes) -> str | None:
    """Return the encoding of a file in UTF-16 that lacks its mark, told by its zeros.

    >>> unmarked_utf_16("Kunde;Betrag".encode("utf-16-be"))
    'utf-16-be'
    """
    first, second = head[0::2].count(0), head[1::2].count(0)
    for ours, others, encoding in ((second, first, "utf-16-le"), (first, second, "utf-16-be")):
        if 4 * ours > len(head) and not others:
            return encoding
    return None


def scan(path: Path, *, name: str, encoding: str | None) -> Scan:
    """Read a file in an encoding that contains ASCII once, from end to end.

    Raises
    ------
    ReadError
        With the line: for NUL bytes, endless lines, and bytes that no encoding explains.
    """
    result = Scan(encoding=encoding or "utf-8")
    signs = _Signs()
    breaks = io.IncrementalNewlineDecoder(None, translate=False)
    newlines = returns = 0
    last = b""
    for block in blocks(path, name=name):
        if not newlines and block.startswith(codecs.BOM_UTF8) and not encoding:
            result.encoding = "utf-8-sig"
        if b"\0" in block:
            raise ReadError(
                "Line {line} of {file} holds a NUL byte, so it is not a text file. Export it "
                "again as CSV in UTF-8.",
                line=newlines + 1 + block.count(b"\n", 0, block.index(b"\0")),
                file=name,
            )
        if encoding is None and not block.isascii():
            signs.add(block, lines=newlines)
            # One byte is found in a fraction of the time of three.
            if codecs.BOM_UTF8[:1] in block:
                result.marked_inside |= codecs.BOM_UTF8 in (block if newlines else block[3:])
        newlines += block.count(b"\n")
        # Breaks are the same in any encoding; that at the end stands for all unless some differ.
        breaks.decode((block if b"\r" in block else block[-1:]).decode("latin-1"))
        if not newlines:
            returns += block.count(b"\r")
        last = block[-1:]
    breaks.decode("", final=True)
    result.lines = (newlines or returns) + (last not in (b"\n", b"\r"))
    if isinstance(breaks.newlines, tuple):
        result.breaks = "mixed"
    elif breaks.newlines == "\r":
        result.breaks = "mac"
    if signs.strange:
        marked = result.encoding == "utf-8-sig"
        result.encoding = signs.explained(path, name=name, marked=marked)
        result.latin = signs.latin
    return result


@dataclass
class _Signs:
    """The bytes above ASCII that are not UTF-8: how many they are, and where the first are.

    Blocks end with a line, so no character is cut.
    """

    strange: int = 0
    first: int = 0
    undefined: int = 0
    latin: bool = True
    is_mixed: bool = False

    def add(self, block: bytes, *, lines: int) -> None:
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as error:
            known = block.decode("utf-8", errors="ignore")
            self.is_mixed = self.is_mixed or not known.isascii()
            self.strange += len(block) - len(known.encode() if self.is_mixed else known)
            self.first = self.first or lines + 1 + block.count(b"\n", 0, error.start)
            self.latin = self.latin and not block.translate(None, _ALIKE)
            if not self.undefined and any(byte in block for byte in _UNDEFINED):
                left = _MULTIBYTE.sub(b"", block)
                if hole := _UNDEFINED_IN_CP1252.search(left):
                    self.undefined = lines + 1 + left.count(b"\n", 0, hole.start())
        else:
            self.is_mixed, self.latin = True, False

    def explained(self, path: Path, *, name: str, marked: bool) -> str:
        """Return the encoding of a file that is not UTF-8; a mixture of encodings is refused."""
        if marked or (self.is_mixed and _high(path, name=name) > 2 * self.strange):
            raise ReadError(
                "Line {line} of {file} holds bytes that are not UTF-8, unlike the rest of the file. "
                "Save the file in one encoding, or name it with --encoding, such as cp1252.",
                line=self.first,
                file=name,
            )
        if self.undefined:
            raise ReadError(
                "Line {line} of {file} holds bytes that are neither UTF-8 nor Windows-1252. Save "
                "the file as UTF-8, or name its encoding with --encoding.",
                line=self.undefined,
                file=name,
            )
        if self.is_mixed and (line := _letter_in_utf_8(path, name=name)):
            raise ReadError(
                "Line {line} of {file} is in UTF-8, but other lines are in Windows-1252. Save the "
                "file in one encoding, or name it with --encoding, such as cp1252.",
                line=line,
                file=name,
            )
        return "cp1252"


def _letter_in_utf_8(path: Path, *, name: str) -> int | None:
    """Return the line of the first letter such as ü in UTF-8, which in Windows-1252 is Ã¼."""
    lines = 0
    for block in blocks(path, name=name):
        if found := _LETTER.search(block):
            return lines + 1 + block.count(b"\n", 0, found.start())
        lines += block.count(b"\n")
    return None


def _high(path: Path, *, name: str) -> int:
    """Return how many bytes of a file are above ASCII."""
    return sum(len(block.translate(None, _ASCII)) for block in blocks(path, name=name))


def blank_lines(path: Path, *, name: str) -> list[int]:
    """Return the numbers of the first empty lines outside of cells.

    Behind an odd number of quotation marks a line is empty inside a cell.
    """
    found: list[int] = []
    lines = quotes = 0
    for block in blocks(path, name=name):
        start = 0
        for match in _BLANK.finditer(block) if _may_be_blank(block) else ():
            lines += block.count(b"\n", start, match.start())
            quotes += block.count(b'"', start, match.start())
            start = match.start()
            if quotes % 2 == 0:
                found.append(lines + 1)
        if len(found) >= BLANK_LINES_MAX:
            break
        lines += block.count(b"\n", start)
        quotes += block.count(b'"', start)
    return found[:BLANK_LINES_MAX]


def _may_be_blank(block: bytes) -> bool:
    starts = block.startswith((b"\n", b"\r\n"))
    return starts or b"\n\n" in block or (b"\r" in block and b"\n\r\n" in block)


def blocks(path: Path, *, name: str) -> Iterator[bytes]:
    """Return the file in blocks of whole lines, each line at most `LINE_BYTES_MAX` long."""
    rest = b""
    read = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            end = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, len(chunk) - 1) + 1
            if not end:
                rest += chunk
                if len(rest) > LINE_BYTES_MAX:
                    raise too_long(name=name, line=lines_of(path, until=read) + 1)
                continue
            block = rest + chunk[:end]
            rest = chunk[end:]
            read += len(block)
            yield block
    if rest:
        yield rest


def lines_of(path: Path, *, until: int = sys.maxsize) -> int:
    """Return the line breaks of a file in front of a place."""
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(min(until, CHUNK_BYTES)):
            lines += chunk.count(b"\n")
            until -= len(chunk)
    return lines


def too_long(*, name: str, line: int) -> ReadError:
    """Return the error for a line that no table has."""
    return ReadError(
        "Line {line} of {file} is longer than {limit} bytes. Perhaps a quotation mark is never "
        "closed there, or the file is no table.",
        line=line,
        file=name,
        limit=LINE_BYTES_MAX,
    )
