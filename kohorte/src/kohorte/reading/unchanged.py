"""Files that change while they are read: nothing half old and half new is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from kohorte.errors import ReadError
from kohorte.reading.address import Address

Stamp = tuple[int, int, int, int]


@contextmanager
def watched(places: Sequence[Path | Address]) -> Iterator[Callable[[], None]]:
    """Give a check that raises if a file is no longer what it was when the work on it began.

    Tables of databases are read as they are at one moment and need no watch.
    """
    files = [place for place in places if isinstance(place, Path)]
    before = [_stamp(file) for file in files]
    try:
        yield lambda: _compare(files, before)
    except (ReadError, duckdb.Error, OSError):
        # What went wrong may come from the change, which then is the better explanation.
        _compare(files, before)
        raise


def _compare(files: Sequence[Path], before: Sequence[Stamp | None]) -> None:
    for file, stamp in zip(files, before, strict=True):
        if stamp is not None and _stamp(file) != stamp:
            raise ReadError(
                "The file {file} changed while it was read. Wait until it is complete and try "
                "again.",
                file=file.name,
            ) from None


def _stamp(file: Path) -> Stamp | None:
    with suppress(OSError):
        found = file.stat()
        # The time of the last change of anything about it; other than the first it cannot be set.
        return found.st_size, found.st_mtime_ns, found.st_ino, found.st_ctime_ns
    return None
