"""Backing up an installation, and restoring one: whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext_lazy as _

from stammkunde.core import clock
from stammkunde.core.audit import services as audit
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.core.jobs import queries as jobs
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.core.upkeep import archive, postgresql, sqlite, starting
from stammkunde.core.upkeep.archive import Manifest, Reader, Writer

# Inside the data folder, so that moving files from here never crosses disks.
STAGED, REPLACED = ".restoring", ".replaced"


@dataclass(frozen=True)
class Made:
    """A backup: where it is, how many files and bytes it holds."""

    file: Path
    files: int
    size: int


@dataclass(frozen=True)
class Restored:
    """What came back: when it was backed up, how many files, and how many jobs will go on."""

    made_at: str
    files: int
    jobs: int


def store() -> ModuleType:
    """Return the half of the work that differs between databases."""
    return postgresql if connection.vendor == "postgresql" else sqlite


def make(target: Path) -> Made:
    """Back up database and data folder into a new file that only its owner can read.

    The database comes first: files that it names are written before it names them.

    Raises
    ------
    Refused
        There is such a file already, the database is not up to date, or a tool failed.
    """
    if target.exists():
        raise Refused(_("There is such a file already. Name another."), name="backup.exists")
    starting.require_migrated()
    with transaction.atomic():
        audit.note("installation.backed_up", actor=COMMAND)
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as scratch:
        folder = Path(scratch)
        part = folder / "part.zip"
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
        writer = Writer(part)
        tables = store().dump(writer, folder)
        for name, file in data_files(leave_out=target.parent if _is_in_data(target) else None):
            writer.add(archive.DATA + name, file)
        writer.close(
            Manifest(
                store=connection.vendor,
                made_at=clock.now().isoformat(timespec="seconds"),
                version=metadata.version("stammkunde"),
                migrations=_leaves(),
                tables=tables,
            )
        )
        Reader(part).verify()
        with part.open("rb") as whole:
            os.fsync(whole.fileno())
        part.replace(target)
    return Made(file=target, files=len(writer.files), size=target.stat().st_size)


def restore(source: Path, *, replace: bool) -> Restored:
    """Put a backup back: database in one transaction, then the files, then the steps it lacks.

    Raises
    ------
    Refused
        The backup is damaged, of another kind or too new, there is no room for it, or something is
        here already and `replace` does not say that it may go. Nothing has changed then.
    """
    reader = Reader(source)
    _require_fit(reader, replace=replace)
    reader.verify()
    staged = Path(settings.DATA) / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True, mode=0o700)
    try:
        names = [name for name in reader.manifest.files if name.startswith(archive.DATA)]
        for name in names:
            reader.extract(name, staged / name)
        store().load(reader, staged)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    # From here on the new database counts; the staged files stay until all of them are in place.
    _swap(staged)
    starting.migrate()
    with transaction.atomic():
        audit.note("installation.restored", actor=COMMAND, made_at=reader.manifest.made_at)
    return Restored(made_at=reader.manifest.made_at, files=len(names), jobs=jobs.waiting().count())


def is_unfinished() -> bool:
    """Return whether a restore was interrupted after the database, before its files were in place."""
    return (Path(settings.DATA) / STAGED).exists()


def data_files(*, leave_out: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Give name and place of every file of the data folder that belongs into a backup."""
    root = Path(settings.DATA)
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(name for name in names if _is_kept(here / name, root, leave_out))
        for file in sorted(files):
            path = here / file
            if path.is_file() and _is_kept(path, root, leave_out):
                yield path.relative_to(root).as_posix(), path


def _is_kept(path: Path, root: Path, leave_out: Path | None) -> bool:
    """Return whether a file or folder is the shop's: not made by us again, not the database itself."""
    if path.is_symlink() or path == leave_out:
        return False
    if path.suffix == ".duckdb" or (path.parent == root and path.name.startswith(".")):
        return False
    return path not in _database_files()


def _database_files() -> set[Path]:
    if connection.vendor != "sqlite":
        return set()
    file = sqlite.file()
    return {file.with_name(file.name + end) for end in ("", "-wal", "-shm", "-journal")}


def _is_in_data(target: Path) -> bool:
    return Path(settings.DATA) in target.parents and target.parent != Path(settings.DATA)


def _leaves() -> list[str]:
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in loader.graph.leaf_nodes())


def _require_fit(reader: Reader, *, replace: bool) -> None:
    if reader.manifest.store != connection.vendor:
        raise Refused(
            str(_("This backup is of a %(store)s database. Set DATABASE_URL to one."))
            % {"store": reader.manifest.store},
            name="restore.other_store",
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if not known.issuperset(reader.manifest.migrations):
        raise Refused(
            _("This backup was made by a newer version of Stammkunde. Install that one."),
            name="backup.is_newer",
        )
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    if not replace and not _is_empty():
        raise Refused(
            _("There are shops, people or files here. With --replace they are lost for good."),
            name="restore.not_empty",
        )
    if shutil.disk_usage(settings.DATA).free < 2 * reader.size:
        raise Refused(_("There is not enough room on the disk."), name="restore.no_room")


def _is_empty() -> bool:
    if is_unfinished() or any(data_files()):
        return False
    tables = set(connection.introspection.table_names())
    models = (Shop, Person)
    return not any(
        model._meta.db_table in tables and model._default_manager.exists() for model in models
    )


def _swap(staged: Path) -> None:
    """Let the staged files take the place of those that are here."""
    root = Path(settings.DATA)
    replaced = root / REPLACED
    shutil.rmtree(replaced, ignore_errors=True)
    replaced.mkdir(mode=0o700)
    for name, file in list(data_files()):
        target = replaced / name
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
    for file in sorted((staged / archive.DATA).rglob("*")):
        if file.is_file():
            target = root / file.relative_to(staged / archive.DATA)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
    shutil.rmtree(replaced)
    shutil.rmtree(staged)
