"""One pass over the bytes of a text file: encoding, line breaks, and what no table may hold."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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
_HIGH = re.compile(rb"[\x80-\xff]")
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass
class Scan:
    """What the bytes of a file tell.

    Parameters
    ----------
    encoding
        `utf-8`, `utf-8-sig` or `cp1252`; a given one stays as it is.
    lines
        Physical lines, counted by their line breaks.
    blank_lines
        Numbers of the empty lines outside of cells.
    breaks
        `mixed` if lines end in different ways, which quoted cells may cause as well; `mac` if
        they end in a carriage return alone.
    """

    encoding: str
    lines: int = 0
    blank_lines: list[int] = field(default_factory=list)
    breaks: Breaks = "plain"


def scan(path: Path, *, name: str, encoding: str | None) -> Scan:
    """Read a file in an encoding that contains ASCII once, from end to end.

    Raises
    ------
    ReadError
        With the line: for NUL bytes, endless lines, and bytes that no encoding explains.
    """
    result = Scan(encoding=encoding or "utf-8")
    signs = _Signs()
    newlines = returns = pairs = quotes = 0
    last = b""
    for block in blocks(path, name=name):
        if not newlines and block.startswith(codecs.BOM_UTF8) and not encoding:
            result.encoding = "utf-8-sig"
        if b"\0" in block:
            raise ReadError(
                "Line {line} of {file} holds a NUL byte, so it is not a text file. Export the "
                "orders again as CSV in UTF-8.",
                line=newlines + 1 + block.count(b"\n", 0, block.index(b"\0")),
                file=name,
            )
        if not block.isascii():
            signs.add(block, lines=newlines)
        if _may_be_blank(block):
            result.blank_lines += _blank(block, lines=newlines, quotes=quotes)[
                : BLANK_LINES_MAX - len(result.blank_lines)
            ]
        quotes += block.count(b'"')
        newlines += block.count(b"\n")
        returns += block.count(b"\r")
        pairs += block.count(b"\r\n") if returns else 0
        last = block[-1:]
    result.lines = (newlines or returns) + (last not in (b"\n", b"\r"))
    if returns and not newlines:
        result.breaks = "mac"
    elif 0 < pairs < newlines or returns > pairs:
        result.breaks = "mixed"
    if encoding is None and signs.strange:
        result.encoding = signs.explained(name=name, marked=result.encoding == "utf-8-sig")
    return result


def _may_be_blank(block: bytes) -> bool:
    starts = block.startswith((b"\n", b"\r\n"))
    return starts or b"\n\n" in block or (b"\r" in block and b"\n\r\n" in block)


def _blank(block: bytes, *, lines: int, quotes: int) -> list[int]:
    """Return the numbers of the empty lines in a block behind so many lines and quotation marks.

    Behind an odd number of marks a line is empty inside a cell.
    """
    found, place, start = [], lines + 1, 0
    for match in _BLANK.finditer(block):
        place += block.count(b"\n", start, match.start())
        quotes += block.count(b'"', start, match.start())
        start = match.start()
        if quotes % 2 == 0:
            found.append(place)
    return found


@dataclass
class _Signs:
    """The bytes above ASCII: how many make UTF-8, how many do not, and where the first are.

    Blocks end with a line, so no character is cut.
    """

    multibyte: int = 0
    strange: int = 0
    first: int = 0
    undefined: int = 0

    def add(self, block: bytes, *, lines: int) -> None:
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            left = _MULTIBYTE.sub(b"", block)
            strange = _HIGH.findall(left)
            self.strange += len(strange) or 1
            self.multibyte += len(_HIGH.findall(block)) - len(strange)
            found, hole = _HIGH.search(left), _UNDEFINED_IN_CP1252.search(left)
            if not self.first:
                self.first = lines + 1 + left.count(b"\n", 0, found.start() if found else 0)
            if hole and not self.undefined:
                self.undefined = lines + 1 + left.count(b"\n", 0, hole.start())
        else:
            self.multibyte += len(_HIGH.findall(block))

    def explained(self, *, name: str, marked: bool) -> str:
        """Return the encoding of a file that is not UTF-8; a mixture of encodings is refused."""
        if marked or self.multibyte > self.strange:
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
        return "cp1252"


def blocks(path: Path, *, name: str) -> Iterator[bytes]:
    """Return the file in blocks of whole lines, each line at most `LINE_BYTES_MAX` long."""
    rest = b""
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            end = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, len(chunk) - 1) + 1
            if not end:
                rest += chunk
                if len(rest) > LINE_BYTES_MAX:
                    raise too_long(name=name, line=lines + 1)
                continue
            block = rest + chunk[:end]
            rest = chunk[end:]
            lines += block.count(b"\n")
            yield block
    if rest:
        yield rest


def too_long(*, name: str, line: int) -> ReadError:
    """Return the error for a line that no table has."""
    return ReadError(
        "Line {line} of {file} is longer than {limit} bytes. Perhaps a quotation mark is never "
        "closed there, or the file is no table.",
        line=line,
        file=name,
        limit=LINE_BYTES_MAX,
    )
