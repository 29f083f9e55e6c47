"""A disk that remembers what was synced, so that the power can fail at any write.

SQLite writes through a layer that can be replaced (its VFS). This one passes everything on to the real
files and notes it. `Disk.after` then gives the files as they may be found after a power cut: everything
up to the last sync of each file, and of what came later any part in any order, pages torn at sectors.
SQLite lives in apsw here, since Python's own module lets nobody in between; Django speaks to it as ever.
"""

from __future__ import annotations

import datetime as dt
import decimal
import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.backends.sqlite3 import base

apsw: Any = pytest.importorskip("apsw", reason="apsw is not installed")

SECTOR = 512
READ = {
    "bool": bool,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
    "decimal": decimal.Decimal,
}


@dataclass(frozen=True)
class Noted:
    """A write (data), a truncation (no data, offset is the size), or a sync (neither)."""

    path: str
    offset: int | None = None
    data: bytes | None = None


@dataclass
class Disk:
    """What was written to the files of one folder, in order.

    Parameters
    ----------
    before
        The files as they were safely stored before anything was noted.
    """

    before: dict[str, bytes]
    noted: list[Noted] = field(default_factory=list)

    def after(self, cut: int, chance: random.Random) -> dict[str, bytes]:
        """Return the files after a power cut behind so many notes."""
        safe = {path: bytearray(data) for path, data in self.before.items()}
        open_now: dict[str, list[Noted]] = {}
        for note in self.noted[:cut]:
            if note.offset is None:
                for kept in open_now.pop(note.path, []):
                    _apply(safe, kept)
            else:
                open_now.setdefault(note.path, []).append(note)
        for notes in open_now.values():
            survivors = chance.choice((0.0, 0.3, 0.7, 1.0))
            for kept in notes:
                if chance.random() < survivors:
                    _apply(safe, kept, torn=chance if chance.random() < 0.3 else None)
        return {path: bytes(data) for path, data in safe.items()}


def _apply(files: dict[str, bytearray], note: Noted, torn: random.Random | None = None) -> None:
    content, offset = files.setdefault(note.path, bytearray()), note.offset or 0
    if note.data is None:
        del content[offset:]
        return
    content.extend(bytes(max(0, offset + len(note.data) - len(content))))
    for start in range(0, len(note.data), SECTOR):
        if torn is None or torn.random() < 0.5:
            piece = note.data[start : start + SECTOR]
            content[offset + start : offset + start + len(piece)] = piece


class _Layer(apsw.VFS):
    def __init__(self, name: str, disk: Disk) -> None:
        self.disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(name, flags, self.disk)

    def xDelete(self, name: str, syncdir: bool) -> None:
        super().xDelete(name, syncdir)
        self.disk.noted += [Noted(Path(name).name, 0), Noted(Path(name).name)]


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], disk: Disk) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.path, self.disk = Path(path or "temporary").name, disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.disk.noted.append(Noted(self.path, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self.disk.noted.append(Noted(self.path, size))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.disk.noted.append(Noted(self.path))


@contextmanager
def recorded(path: Path, *, synchronous: str = "FULL") -> Iterator[Disk]:
    """Let Django write to a file through a disk that remembers."""
    disk = Disk({path.name: path.read_bytes()})
    layer = _Layer("losing-power", disk)
    kept = connections["default"]
    settings = {**kept.settings_dict, "NAME": str(path)}
    connections["default"] = wrapper = _Wrapper(settings, "default")
    wrapper.synchronous = synchronous
    try:
        yield disk
    finally:
        wrapper.close()
        connections["default"] = kept
        layer.unregister()


class _Wrapper(base.DatabaseWrapper):
    synchronous = "FULL"

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        found = Connection(apsw.Connection(conn_params["database"], vfs="losing-power"))
        base.register_functions(found)
        for pragma in (
            "foreign_keys = ON",
            "journal_mode = WAL",
            f"synchronous = {self.synchronous}",
        ):
            found.execute(f"PRAGMA {pragma}")
        return found

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor()

    def _set_autocommit(self, autocommit: bool) -> None:
        """Leave it on: every transaction is begun by a statement."""


class Connection:
    """As Python's own module has it, as far as Django asks."""

    def __init__(self, raw: apsw.Connection) -> None:
        self.raw = raw

    def cursor(self, factory: object = None) -> Cursor:
        return Cursor(self.raw)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(sql, parameters or None)

    def create_function(self, name: str, arguments: int, work: Any, **more: Any) -> None:
        self.raw.create_scalar_function(name, work, arguments, **more)

    def create_aggregate(self, name: str, arguments: int, made: Any) -> None:
        """Leave out: deviations and variances, which no booking asks for."""

    def commit(self) -> None:
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.raw.close()


class Cursor:
    """Rows are read at once; values come and go as Django's own cursor has them."""

    def __init__(self, raw: apsw.Connection) -> None:
        self.raw = raw
        self.description: list[tuple[Any, ...]] | None = None
        self.rows: list[tuple[Any, ...]] = []
        self.rowcount = -1
        self.lastrowid = 0

    def execute(self, sql: str, parameters: Sequence[Any] | None = None) -> Cursor:
        return self._run(sql, None if parameters is None else [parameters])

    def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> Cursor:
        rows = list(many)
        return self._run(sql, rows) if rows else self

    def _run(self, sql: str, many: list[Sequence[Any]] | None) -> Cursor:
        if many is not None:
            sql = base.FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
        cursor, before = self.raw.cursor(), self.raw.total_changes()
        self.description, self.rows = None, []
        try:
            for row in cursor.executemany(sql, [_written(row) for row in (many or [()])]):
                if self.description is None:
                    found = cursor.get_description()
                    self.description = [(name, kind, *[None] * 5) for name, kind in found]
                self.rows.append(_read(row, self.description))
        except apsw.ConstraintError as error:
            raise sqlite3.IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise sqlite3.OperationalError(str(error)) from error
        changed = self.raw.total_changes() - before
        one = many is not None and len(many) == 1
        self.rowcount = self.raw.changes() if one and changed else changed
        self.lastrowid = self.raw.last_insert_rowid()
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows.pop(0) if self.rows else None

    def fetchmany(self, size: int = 1) -> list[tuple[Any, ...]]:
        found, self.rows = self.rows[:size], self.rows[size:]
        return found

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.fetchmany(len(self.rows))

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchall())

    def close(self) -> None:
        self.rows = []


def _written(row: Sequence[Any]) -> list[Any]:
    def one(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.isoformat(" ")
        return str(value) if isinstance(value, dt.date | decimal.Decimal | str) else value

    return [one(value) for value in row]


def _read(row: Sequence[Any], description: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    def one(value: Any, kind: str | None) -> Any:
        read = READ.get((kind or "").lower().split("(")[0])
        return value if read is None or value is None else read(value)

    return tuple(one(value, each[1]) for value, each in zip(row, description, strict=True))
