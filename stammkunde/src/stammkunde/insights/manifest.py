"""The manifest of a shop's columns: which files they are, of which state of the records, in which schema.

Files are written once and never changed; the manifest is replaced as a whole, so that whoever reads it
finds either what was or what is, also after a power cut.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

# Counted up whenever columns hold something else or elsewhere: then all of them are written anew.
SCHEMA = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class Part:
    """A file with rows of one table; of one month (UTC) where the table is parted."""

    file: str
    rows: int
    month: str | None = None


@dataclass(frozen=True)
class Manifest:
    """What the columns of a shop hold.

    Parameters
    ----------
    id
        New with every change; what is computed from columns names it.
    mark
        The number of the last change of the records that is in them (`orders.Mark`).
    tables
        The parts of each table.
    """

    folder: Path
    id: str
    mark: int
    made_at: str
    tables: Mapping[str, tuple[Part, ...]]

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return sum(part.rows for part in self.tables.get(table, ()))

    def files(self) -> frozenset[str]:
        """Return the names of all files."""
        return frozenset(part.file for parts in self.tables.values() for part in parts)


def folder(shop_id: int) -> Path:
    """Return where the columns of a shop are."""
    return Path(settings.DATA) / "columns" / str(shop_id)


def new_id() -> str:
    """Return an id that no other manifest has."""
    return secrets.token_hex(8)


def load(shop_id: int) -> Manifest | None:
    """Return the manifest of a shop; None where there is none of this schema, or a file is missing."""
    where = folder(shop_id)
    try:
        said: dict[str, Any] = json.loads((where / NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if said.get("schema") != SCHEMA:
        return None
    tables = {
        name: tuple(Part(part["file"], part["rows"], part["month"]) for part in parts)
        for name, parts in said["tables"].items()
    }
    found = Manifest(where, said["id"], said["mark"], said["made_at"], tables)
    return found if all((where / name).is_file() for name in found.files()) else None


def save(manifest: Manifest) -> None:
    """Let a manifest hold from now on."""
    said = {
        "schema": SCHEMA,
        "id": manifest.id,
        "mark": manifest.mark,
        "made_at": manifest.made_at,
        "tables": {
            name: [{"file": part.file, "rows": part.rows, "month": part.month} for part in parts]
            for name, parts in sorted(manifest.tables.items())
        },
    }
    write(manifest.folder / NAME, json.dumps(said, indent=1))


def write(path: Path, text: str) -> None:
    """Replace a small file as a whole, and have it on the disk."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file or the names in a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(where: Path, *, keep: Iterable[str]) -> None:
    """Delete what no manifest names."""
    kept = {NAME, "lock", "staging", *keep}
    for path in where.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
