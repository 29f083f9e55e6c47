"""The PostgreSQL database in a backup: by its own tools where they are there, table by table otherwise."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import Refused
from stammkunde.core.upkeep.archive import CHUNK, Reader, Writer

NAME = "database.dump"
TABLES = "tables/"
BUSY_SECONDS = 10
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
# Options of a connection as PostgreSQL's tools read them from their environment.
OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}


def let_go() -> None:
    """Have PostgreSQL clean up rows that nobody can see any more, and what its planner knows of tables."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def dump(writer: Writer, folder: Path) -> dict[str, list[str]]:
    """Write the database as it is at one moment; return the columns of tables written by us."""
    if not has_tools():
        return dump_tables(writer)
    copy = folder / NAME
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    writer.add(NAME, copy)
    copy.unlink()
    return {}


def load(reader: Reader, folder: Path) -> None:
    """Put the database back in one transaction; whatever was in it is gone.

    Raises
    ------
    Refused
        PostgreSQL refused, or its tools are missing; nothing has changed.
    """
    connection.close()
    if reader.manifest.tables:
        load_tables(reader)
        return
    if not has_tools():
        raise Refused(
            _("This backup needs pg_restore and psql, as new as the server. Install them."),
            name="restore.lacks_tools",
        )
    copy, script = folder / NAME, folder / "database.sql"
    reader.extract(NAME, copy)
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(copy))
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        f"--command=SET lock_timeout = '{BUSY_SECONDS}s'; {EMPTY}",
        f"--file={script}",
    )
    for file in (copy, script):
        file.unlink()


def has_tools() -> bool:
    """Return whether PostgreSQL's tools are here and not older than the server."""
    if not all(map(shutil.which, ("pg_dump", "pg_restore", "psql"))):
        return False
    said = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=False)  # noqa: S607  # found by its name, as everywhere
    found = re.search(r"\d+", said.stdout)
    connection.ensure_connection()
    ours = int(found.group()) if found else 0
    server: int = connection.pg_version  # type: ignore[attr-defined]  # of this store alone
    return ours >= server // 10_000


def dump_tables(writer: Writer) -> dict[str, list[str]]:
    """Write each table as PostgreSQL copies it out, all as of one moment."""
    with _one_moment() as cursor:
        tables = _columns(cursor)
        for table, columns in tables.items():
            with (
                writer.opened(f"{TABLES}{table}") as sink,
                cursor.copy(_copy(table, columns, "TO")) as out,
            ):
                for chunk in out:
                    sink.write(bytes(chunk))
    return tables


def load_tables(reader: Reader) -> None:
    """Make the tables as they were then, and fill them, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        cursor.execute(EMPTY)
        executor = MigrationExecutor(connection)
        executor.migrate([tuple(step.split(".", 1)) for step in reader.manifest.migrations])  # type: ignore[misc]
        # Steps may have written rows of their own; those of the backup take their place.
        names = ", ".join(map(connection.ops.quote_name, _columns(cursor.cursor)))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # Tables come in no order; triggers would look for what a row names before that is there.
        for table in reader.manifest.tables:
            cursor.execute(f"ALTER TABLE {_quoted(table)} DISABLE TRIGGER USER")
        for table, columns in reader.manifest.tables.items():
            _fill(reader, cursor.cursor, table, columns)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in reader.manifest.tables:
            cursor.execute(f"ALTER TABLE {_quoted(table)} ENABLE TRIGGER USER")


def _fill(reader: Reader, cursor: Any, table: str, columns: list[str]) -> None:
    with (
        reader.opened(f"{TABLES}{table}") as file,
        cursor.copy(_copy(table, columns, "FROM")) as into,
    ):
        while chunk := file.read(CHUNK):
            into.write(chunk)
    for column in columns:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quoted(table), column])
        if sequence := cursor.fetchone()[0]:
            # The names come from the database and are quoted.
            last = f"SELECT setval(%s, max({_quoted(column)})) FROM {_quoted(table)}"  # noqa: S608
            cursor.execute(f"{last} HAVING count(*) > 0", [sequence])


@contextmanager
def _one_moment() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor.cursor


def _columns(cursor: Any) -> dict[str, list[str]]:
    """Return the columns of every table that can be filled; what is computed fills itself."""
    cursor.execute(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
        "AND c.is_generated = 'NEVER' ORDER BY 1, c.ordinal_position"
    )
    found: dict[str, list[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, []).append(column)
    return found


def _copy(table: str, columns: list[str], way: str) -> str:
    stream = "STDOUT" if way == "TO" else "STDIN"
    return f"COPY {_quoted(table)} ({', '.join(map(_quoted, columns))}) {way} {stream}"


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _run(program: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL; where and as whom it connects stands in its environment only."""
    settings = connection.settings_dict
    said = {
        "PGDATABASE": settings["NAME"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        **{OPTIONS[key]: value for key, value in settings["OPTIONS"].items() if key in OPTIONS},
    }
    environment = {**os.environ, **{key: str(value) for key, value in said.items() if value}}
    done = subprocess.run(  # noqa: S603  # our own arguments, no shell
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sentence = str(_("%(program)s could not do it: %(reason)s"))
        words = {"program": program, "reason": done.stderr.strip()[-500:]}
        raise Refused(sentence % words, name="backup.tool_failed")
