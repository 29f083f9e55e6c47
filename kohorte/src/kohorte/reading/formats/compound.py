"""The shell of old Office files (OLE): streams by name, found without trusting any of its numbers.

Sectors form chains; a chain that leads in a circle or out of the file ends there.
"""

from __future__ import annotations

import array
import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO

SIGN = b"\xd0\xcf\x11\xe0"
# Sectors that stand in the header; more are in a chain of their own.
_IN_HEADER = 109
_END = 0xFFFFFFFA
_ENTRY_BYTES = 128
_MINI_BYTES = 64
ENTRIES_MAX = 20_000
# What streams of a few bytes take together.
MINI_BYTES_MAX = 16 << 20


class Compound:
    """An open old Office file.

    Raises
    ------
    ValueError
        If the header is none.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, 2)
        file.seek(0)
        header = file.read(512)
        if len(header) < 512 or not header.startswith(SIGN):
            raise ValueError
        shift = struct.unpack_from("<H", header, 30)[0]
        if shift not in (9, 12):
            raise ValueError
        self.sector_bytes = 1 << shift
        directory, _, self.mini_from, first_mini, _, more = struct.unpack_from("<6I", header, 48)
        self.links = self._links(struct.unpack_from(f"<{_IN_HEADER}I", header, 76), more=more)
        self.streams: dict[str, tuple[int, int]] = {}
        self._root = (_END, 0)
        self._list(self._chain(directory, limit=ENTRIES_MAX * _ENTRY_BYTES))
        self._mini_links = _numbers(self._chain(first_mini, limit=MINI_BYTES_MAX))

    def read(self, name: str, *, limit: int) -> bytes | None:
        """Return a stream; None if it is longer than the limit.

        Raises
        ------
        ValueError
            If some of it is missing.
        """
        start, size = self.streams[name]
        if limit < size <= self.size:
            return None
        if size >= self.mini_from:
            content = self._chain(start, limit=size)
        else:
            small = self._chain(self._root[0], limit=min(self._root[1], MINI_BYTES_MAX))
            places = _followed(start, self._mini_links, limit=-(-size // _MINI_BYTES))
            parts = [small[p * _MINI_BYTES : (p + 1) * _MINI_BYTES] for p in places]
            content = b"".join(parts)[:size]
        if len(content) < size:
            raise ValueError
        return content

    def _links(self, listed: tuple[int, ...], *, more: int) -> array.array[int]:
        """Return for each sector which one follows it."""
        needed = self.size // self.sector_bytes // (self.sector_bytes // 4) + 1
        sectors = [sector for sector in listed if sector < _END]
        for _ in range(needed):
            *found, more = _numbers(self._sector(more)) if more < _END else [_END]
            sectors += [sector for sector in found if sector < _END]
        links = array.array("I")
        for sector in sectors[:needed]:
            links.extend(_numbers(self._sector(sector)))
        return links

    def _list(self, directory: bytes) -> None:
        for place in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", directory, place + 64)
            start, size = struct.unpack_from("<II", directory, place + 116)
            name = directory[place : place + max(min(length, 64) - 2, 0)]
            if kind == 5:
                self._root = (start, size)
            elif kind == 2:
                self.streams.setdefault(name.decode("utf-16-le", errors="replace"), (start, size))

    def _chain(self, start: int, limit: int) -> bytes:
        count = -(-min(limit, self.size) // self.sector_bytes)
        content = bytearray()
        for sector in _followed(start, self.links, limit=count):
            content += self._sector(sector)
        return bytes(content[:limit])

    def _sector(self, number: int) -> bytes:
        self.file.seek((number + 1) * self.sector_bytes)
        return self.file.read(self.sector_bytes)


def _followed(start: int, links: array.array[int], *, limit: int) -> Iterator[int]:
    """Yield the members of a chain, at most so many."""
    while limit > 0 and start < _END:
        yield start
        start = links[start] if start < len(links) else _END
        limit -= 1


def _numbers(content: bytes) -> array.array[int]:
    result = array.array("I")
    result.frombytes(content[: len(content) // 4 * 4])
    if sys.byteorder == "big":
        result.byteswap()
    return result
