"""A backup is one zip file: the database, the data folder, and a manifest with the sum of every file."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, NoReturn

from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATA = "data/"
CHUNK = 1 << 20
# What these hold is packed already.
PACKED = (".zip", ".gz", ".parquet", ".dump", ".png", ".jpg", ".jpeg", ".webp", ".xlsx")


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    Parameters
    ----------
    store
        `sqlite` or `postgresql`.
    made_at
        ISO instant.
    version
        Of the product.
    migrations
        The last steps of the database, as `app.name`.
    tables
        Columns by table, where the tables were written by us.
    files
        Size and SHA-256 by name.
    """

    store: str
    made_at: str
    version: str
    migrations: list[str]
    tables: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """Writes files into a backup and remembers their sums."""

    def __init__(self, target: Path) -> None:
        self.files: dict[str, tuple[int, str]] = {}
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    @contextmanager
    def opened(self, name: str) -> Iterator[Sink]:
        """Open a file of the backup for writing."""
        info = zipfile.ZipInfo(name)
        is_packed = name.endswith(PACKED)
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        with self._zip.open(info, "w", force_zip64=True) as file:
            sink = Sink(file)
            yield sink
        self.files[name] = (sink.size, sink.sum.hexdigest())

    def add(self, name: str, source: Path) -> None:
        """Write a file as it is."""
        with source.open("rb") as file, self.opened(name) as sink:
            while chunk := file.read(CHUNK):
                sink.write(chunk)

    def close(self, manifest: Manifest) -> None:
        """Write the manifest last: without it a backup is none."""
        said = {**asdict(manifest), "files": self.files}
        self._zip.writestr(MANIFEST, json.dumps(said, indent=1, ensure_ascii=False))
        self._zip.close()


class Sink:
    """A file that is summed up while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.sum = hashlib.sha256()
        self.size = 0
        self._file = file

    def write(self, chunk: bytes) -> None:
        """Write a piece."""
        self.sum.update(chunk)
        self.size += len(chunk)
        self._file.write(chunk)


class Reader:
    """Reads a backup; nothing is taken from it before every file has the sum that the manifest names."""

    def __init__(self, source: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(source)
            said = json.loads(self._zip.read(MANIFEST))
            if said["format"] != FORMAT:
                raise Refused(
                    _("This backup was made by a newer version of Stammkunde. Install that one."),
                    name="backup.is_newer",
                )
            self.manifest = Manifest(**said)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as fault:
            raise Refused(
                _("This file is no backup, or it is not whole."), name="backup.unreadable"
            ) from fault

    @property
    def size(self) -> int:
        """Bytes that it takes when unpacked."""
        return sum(size for size, _sum in self.manifest.files.values())

    def verify(self) -> None:
        """Compare every file with the manifest.

        Raises
        ------
        Refused
            One is missing, differs, is not named, or would be written elsewhere.
        """
        names = set(self._zip.namelist()) - {MANIFEST}
        if names != set(self.manifest.files) or len(self._zip.namelist()) != len(names) + 1:
            self._refuse(MANIFEST)
        for name, (size, sum_) in self.manifest.files.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
                self._refuse(name)
            try:
                found = self._sum(name)
            except (zipfile.BadZipFile, OSError, EOFError):
                self._refuse(name)
            if found != (size, sum_):
                self._refuse(name)

    def extract(self, name: str, target: Path) -> None:
        """Write a file of the backup to a place."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.opened(name) as file, target.open("wb") as sink:
            shutil.copyfileobj(file, sink, CHUNK)

    def opened(self, name: str) -> IO[bytes]:
        """Open a file of the backup for reading."""
        return self._zip.open(name)

    def _sum(self, name: str) -> tuple[int, str]:
        sum_, size = hashlib.sha256(), 0
        with self.opened(name) as file:
            while chunk := file.read(CHUNK):
                sum_.update(chunk)
                size += len(chunk)
        return size, sum_.hexdigest()

    def _refuse(self, name: str) -> NoReturn:
        sentence = str(_("The backup is damaged at “%(name)s”. Nothing has been changed."))
        raise Refused(sentence % {"name": name}, name="backup.is_damaged")
