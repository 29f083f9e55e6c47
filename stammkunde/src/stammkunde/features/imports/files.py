"""Where the files of imports lie, and how they get there: whole, with their checksum, or not at all."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused
from stammkunde.features.imports import rules
from stammkunde.features.imports.models import File, Import

BLOCK = 1 << 20
log = logging.getLogger("stammkunde.imports")


def folder(import_: Import) -> Path:
    """Return the folder of an import."""
    return Path(settings.DATA) / "imports" / str(import_.shop_id) / str(import_.pk)


def path(file: File) -> Path:
    """Return where a file lies."""
    return Path(settings.DATA) / file.path


def reading(import_: Import) -> Path:
    """Return the file that holds what the last look understood."""
    return folder(import_) / f"look-{import_.looks}.duckdb"


@contextmanager
def room() -> Iterator[None]:
    """Say in words of people that the disk takes nothing.

    Raises
    ------
    Refused
        The disk is full, or nothing can be written to the folder of data.
    """
    try:
        yield
    except OSError as fault:
        log.error("A file cannot be written to the folder of data (%s).", fault.strerror)
        raise Refused(
            _(
                "The server cannot keep the files: its disk is full or cannot be written to. "
                "Nothing was kept. Whoever runs this installation can change that."
            ),
            name="import.no_room",
        ) from fault


def keep(source: BinaryIO, *, at: Path) -> tuple[int, str]:
    """Write a file beside its place and move it there; return its size and checksum.

    Raises
    ------
    Refused
        It is empty, larger than what is read, or the disk takes nothing.
    """
    with room():
        at.parent.mkdir(parents=True, exist_ok=True)
        return _kept(source, at=at)


def _kept(source: BinaryIO, *, at: Path) -> tuple[int, str]:
    partial = at.with_name(f".{at.name}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as target:
            while block := source.read(BLOCK):
                size += len(block)
                if size > rules.FILE_BYTES_MAX:
                    raise Refused(_("The file is larger than 4 GB."), name="import.too_large")
                digest.update(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        if not size:
            raise Refused(_("The file is empty."), name="import.empty")
        partial.replace(at)
    finally:
        partial.unlink(missing_ok=True)
    return size, digest.hexdigest()


def written(at: Path, write: Callable[[Path], None]) -> None:
    """Let a file be written beside its place and move it there when it is whole."""
    at.parent.mkdir(parents=True, exist_ok=True)
    partial = at.with_name(f".{at.name}.part")
    partial.unlink(missing_ok=True)
    try:
        write(partial)
        partial.replace(at)
    finally:
        partial.unlink(missing_ok=True)
        partial.with_name(f"{partial.name}.wal").unlink(missing_ok=True)
        shutil.rmtree(f"{partial}.spill", ignore_errors=True)


def remove(paths: Iterable[Path]) -> None:
    """Remove files; one that is gone already is no matter."""
    for each in paths:
        each.unlink(missing_ok=True)


def drop(folder: Path) -> None:
    """Remove the folder of an import."""
    shutil.rmtree(folder, ignore_errors=True)
