"""Requests that were answered, counted over all processes that answer at one machine.

Each process counts in a file of its own, mapped into memory: counting is a write of a few bytes, no lock is
shared, and what was counted stays when a process is killed. Whoever is asked adds up all files, so the sum
is the same whichever process answers, and never falls while the product runs. The folder is made anew by
`serve` at each start; a process without one counts for itself.
"""

from __future__ import annotations

import bisect
import mmap
import os
import secrets
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

# Upper bounds in seconds: a page is to be there within 0.15.
BOUNDS = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Not one of ours that an environment could set: it is for the processes that `serve` starts.
FOLDER = "_STAMMKUNDE_COUNTS"
Key = tuple[str, str, str]
_KEY_BYTES = 168
# In the machine's own form and aligned, so that no reader sees half a number.
_COUNT, _SUM = struct.Struct("@Q"), struct.Struct("@d")
_BUCKETS = len(BOUNDS) + 1
_SUM_AT = _KEY_BYTES + _BUCKETS * _COUNT.size
_RECORD = _SUM_AT + _SUM.size
RECORDS = 2048
SIZE = RECORDS * _RECORD


class Counts:
    """The counts of this process.

    Parameters
    ----------
    folder
        Shared with the other processes; None to count for itself.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._places: dict[Key, int] = {}
        if folder is None:
            self._memory = mmap.mmap(-1, SIZE)
            return
        name = f"{os.getpid()}-{secrets.token_hex(4)}.counts"
        with (folder / name).open("w+b") as file:
            file.truncate(SIZE)
            self._memory = mmap.mmap(file.fileno(), SIZE)

    def observe(self, key: Key, seconds: float) -> None:
        """Count a request: its route, method and status, and how long its answer took."""
        with self._lock:
            place = self._places.get(key)
            if place is None:
                place = self._begin(key)
            if place is None:
                return
            at = place + _KEY_BYTES + bisect.bisect_left(BOUNDS, seconds) * _COUNT.size
            _COUNT.pack_into(self._memory, at, _COUNT.unpack_from(self._memory, at)[0] + 1)
            at = place + _SUM_AT
            _SUM.pack_into(self._memory, at, _SUM.unpack_from(self._memory, at)[0] + seconds)

    def _begin(self, key: Key) -> int | None:
        """Return where a new key is counted; None when there is no room, which routes never fill."""
        if len(self._places) == RECORDS:
            return None
        place = len(self._places) * _RECORD
        said = "\t".join(key).encode("utf-8", "replace")[:_KEY_BYTES]
        self._memory[place : place + len(said)] = said
        self._places[key] = place
        return place

    def totals(self) -> dict[Key, tuple[list[int], float]]:
        """Return buckets and sum of seconds by key, over all processes."""
        found: dict[Key, tuple[list[int], float]] = {}
        for memory in self._memories():
            for key, counts, total in _records(memory):
                known, before = found.get(key, ([0] * _BUCKETS, 0.0))
                summed = [one + other for one, other in zip(known, counts, strict=True)]
                found[key] = summed, before + total
        return dict(sorted(found.items()))

    def _memories(self) -> Iterator[bytes]:
        if self._folder is None:
            yield bytes(self._memory)
            return
        for path in sorted(self._folder.glob("*.counts")):
            yield path.read_bytes()


def _records(memory: bytes) -> Iterator[tuple[Key, tuple[int, ...], float]]:
    for place in range(0, len(memory), _RECORD):
        said = memory[place : place + _KEY_BYTES].rstrip(b"\0")
        if not said:
            return
        parts = said.decode("utf-8", "replace").split("\t")
        if len(parts) == 3:
            counts = struct.unpack_from(f"@{_BUCKETS}Q", memory, place + _KEY_BYTES)
            yield (
                (parts[0], parts[1], parts[2]),
                counts,
                _SUM.unpack_from(memory, place + _SUM_AT)[0],
            )


@contextmanager
def shared() -> Iterator[None]:
    """Let the processes that are started meanwhile count together."""
    folder = tempfile.mkdtemp(prefix="stammkunde-counts-")
    os.environ[FOLDER] = folder
    try:
        yield
    finally:
        del os.environ[FOLDER]
        rmtree(folder, ignore_errors=True)


def of_this_process() -> Counts:
    """Return counts that begin now, shared where `serve` made a folder for them."""
    folder = os.environ.get(FOLDER)
    return Counts(Path(folder) if folder and Path(folder).is_dir() else None)
