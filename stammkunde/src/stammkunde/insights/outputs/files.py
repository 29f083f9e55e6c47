"""Files of exports on the disk: written whole or not at all, one folder for each schedule."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from stammkunde.insights.outputs.models import File, Schedule


def folder(schedule: Schedule) -> Path:
    """Return where the files of a schedule are."""
    return Path(settings.DATA) / "exports" / str(schedule.shop_id) / str(schedule.pk)


def path(file: File) -> Path:
    """Return where a file is."""
    return folder(file.schedule) / file.name


def write(schedule: Schedule, name: str, lines: Iterable[str]) -> int:
    """Write a file of a schedule; return its bytes.

    Whoever reads meanwhile finds the file that was there before, or none; a power cut leaves one or
    the other.
    """
    where = folder(schedule)
    where.mkdir(parents=True, exist_ok=True)
    beside = where / f".{name}-{secrets.token_hex(4)}"
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        size = beside.stat().st_size
        beside.replace(where / name)
        _settle(where)
    finally:
        beside.unlink(missing_ok=True)
    return size


def drop(file: File) -> None:
    """Delete a file; one that is gone already is no matter."""
    if file.name:
        with suppress(FileNotFoundError):
            path(file).unlink()


def drop_all(schedule: Schedule) -> None:
    """Delete the folder of a schedule."""
    shutil.rmtree(folder(schedule), ignore_errors=True)


def _settle(where: Path) -> None:
    """Let the disk know the new name as well."""
    handle = os.open(where, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
