"""A PostgreSQL of the tests' own: started in a folder of its own, on loopback only, gone after."""

from __future__ import annotations

import csv
import io
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOMES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt/postgresql")
# An engine's own hash decides only which random group a customer falls into.
HASH = "CREATE FUNCTION hash(text) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT abs(hashtext($1)::bigint)'"


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, if PostgreSQL is installed."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    candidates = [path for home in HOMES for path in sorted(Path(home).glob("*/bin/pg_ctl"))]
    return candidates[-1].parent if candidates else None


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server that answers SQL with rows of text."""

    def __init__(self, folder: Path, bin_folder: Path, account: Mapping[str, Any]) -> None:
        self.folder = folder
        self.port = free_port()
        self.bin_folder = bin_folder
        self.account = account

    def run(self, program: str, *arguments: str, said: str = "") -> str:
        """Run one of PostgreSQL's programs as the account that owns the server."""
        done = subprocess.run(
            [str(self.bin_folder / program), *arguments],
            input=said,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **self.account,
        )
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def ask(self, sql: str) -> list[dict[str, str]]:
        """Run statements and return the rows of the last one by column name."""
        options = ("--no-psqlrc", "--quiet", "--csv", "--set", "ON_ERROR_STOP=1")
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--username", "postgres")
        answer = self.run("psql", *options, *where, said=sql + ";\n")
        return list(csv.DictReader(io.StringIO(answer)))

    def load(
        self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]
    ) -> None:
        """Create a table and fill it; None is NULL."""
        named = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows(
            ["\\N" if v is None else v for v in row] for row in rows
        )
        self.ask(
            f"DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({named});\n"
            f"COPY {table} FROM STDIN WITH (FORMAT csv, NULL '\\N');\n{buffer.getvalue()}\\.\n"
        )


@contextmanager
def running(bin_folder: Path, *, is_durable: bool = False) -> Iterator[Server]:
    """Start a server and stop it afterwards. It refuses to run as root, so it is given an account.

    It waits for the disk only where that is asked for.
    """
    account: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="kohorte-pg-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        account = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    server = Server(folder, bin_folder, account)
    data = str(folder / "data")
    server.run("initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync")
    settings = (
        f"-c listen_addresses=127.0.0.1 -c port={server.port} "
        f"-c unix_socket_directories={folder} -c fsync={'on' if is_durable else 'off'}"
    )
    log = str(folder / "log")
    server.run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", settings)
    try:
        server.ask(HASH)
        yield server
    finally:
        server.run("pg_ctl", "stop", "--pgdata", data, "--mode", "immediate")
        shutil.rmtree(folder, ignore_errors=True)
