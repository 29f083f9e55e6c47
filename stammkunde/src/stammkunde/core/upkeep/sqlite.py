"""The SQLite database in a backup: copied and put back by SQLite itself, page by page."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused
from stammkunde.core.upkeep.archive import Reader, Writer

NAME = "database.sqlite3"
BUSY_SECONDS = 10


def file() -> Path:
    """Return where the database is."""
    name = str(connection.settings_dict["NAME"])
    if name == ":memory:" or name.startswith("file:"):
        raise Refused(_("A database in memory cannot be backed up."), name="backup.in_memory")
    return Path(name).absolute()


def let_go() -> None:
    """Overwrite what was deleted, also in the log of writes ahead."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def dump(writer: Writer, folder: Path) -> dict[str, list[str]]:
    """Write the database as it is at one moment, while others go on writing."""
    copy = folder / NAME
    with closing(sqlite3.connect(file())) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    writer.add(NAME, copy)
    copy.unlink()
    return {}


def load(reader: Reader, folder: Path) -> None:
    """Put the database back in one transaction: others see the old one or the new one, never a part.

    Raises
    ------
    Refused
        The copy is not sound, or somebody writes into the database all the time.
    """
    copy = folder / NAME
    reader.extract(NAME, copy)
    connection.close()
    with closing(sqlite3.connect(copy)) as source:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Refused(_("The database in the backup is damaged."), name="backup.is_damaged")
        with closing(sqlite3.connect(file(), timeout=BUSY_SECONDS)) as target:
            try:
                # The copy itself would wait for ever for somebody who writes.
                target.execute("BEGIN IMMEDIATE")
                target.rollback()
                source.backup(target)
            except sqlite3.OperationalError as fault:
                raise Refused(
                    _("Somebody uses the database. Stop `stammkunde serve` first."),
                    name="restore.is_busy",
                ) from fault
    copy.unlink()
