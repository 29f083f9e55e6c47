"""The locked process that answers one question in SQL. Run by itself, in an empty environment.

It knows no store, no secret and no other shop: only the database that it is told, which it opens for
reading. Before the question runs, everything beyond that database is switched off, and the switch is
locked, and the kernel takes away all other files. What may stand in a question is decided by its syntax tree, and only then is it run.

It reads one line of JSON and writes one; rows go to a file as they come. It uses nothing but the standard
library, DuckDB and `statements`: no settings and no framework are loaded.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import resource
import signal
import sys
import sysconfig
import time
import types
import zoneinfo
from pathlib import Path
from typing import Any

import duckdb

from stammkunde.insights.sql import fence, statements

CHUNK = 1_000
CELL_MAX = 10_000
# Where each page of so many rows begins in the file is noted.
PAGE = 100
# The engine asks how many processors and how much memory there are, and ends if it may not.
NEEDED = (
    *zoneinfo.TZPATH, "/proc/self/cgroup", "/proc/meminfo", "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
)  # fmt: skip


class Zone(zoneinfo.ZoneInfo):
    """A zone as DuckDB asks for it where it gives instants to Python."""

    def localize(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment that has no zone yet as one of this zone."""
        return moment.replace(tzinfo=self)


def _zones() -> types.ModuleType:
    """Return what stands in for the package of zones that DuckDB looks for."""
    found = types.ModuleType("pytz")
    found.timezone = Zone  # type: ignore[attr-defined]
    found.utc = Zone("UTC")  # type: ignore[attr-defined]
    return found


def connect(path: str, *, spill: str, memory_mb: int, threads: int) -> duckdb.DuckDBPyConnection:
    """Open a database for reading and lock everything else away."""
    connection = duckdb.connect(
        path,
        read_only=True,
        config={
            "enable_external_access": "false",
            "memory_limit": f"{memory_mb}MB",
            "threads": str(threads),
            "temp_directory": spill,
            "max_temp_directory_size": f"{2 * memory_mb}MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    return connection


def run(
    text: str,
    connection: duckdb.DuckDBPyConnection,
    *,
    into: Path,
    rows_max: int,
    bytes_max: int,
) -> dict[str, Any]:
    """Run a statement that was checked and write its rows; return what is known of them."""
    begun = time.monotonic()
    cursor = connection.execute(text)
    columns = [[str(each[0]), str(each[1])] for each in cursor.description or ()]
    count = size = 0
    is_cut = False
    offsets = [0]
    with into.open("w", encoding="utf-8") as file:
        while not is_cut and (rows := cursor.fetchmany(CHUNK)):
            for row in rows:
                if count == rows_max or size > bytes_max:
                    is_cut = True
                    break
                line = f"{json.dumps([_cell(cell) for cell in row], ensure_ascii=False)}\n"
                size += len(line.encode())
                file.write(line)
                count += 1
                if count % PAGE == 0:
                    offsets.append(size)
    seconds = time.monotonic() - begun
    return {
        "columns": columns, "rows": count, "is_cut": is_cut, "seconds": round(seconds, 3),
        "offsets": offsets,
    }  # fmt: skip


def _cell(value: Any) -> str | None:
    """Return a value as text; NULL stays what it is, and very long values are cut."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, default=str, ensure_ascii=False)[:CELL_MAX]
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "replace").decode()[:CELL_MAX]


def confine(*, address_mb: int, seconds: int, file_mb: int) -> None:
    """Limit what this process may use, and let it end when whoever started it does."""
    for what, most in (
        (resource.RLIMIT_AS, address_mb << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, file_mb << 20),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Answer one question; what goes wrong has a name."""
    folder = Path(asked["folder"])
    limits = asked["limits"]
    try:
        connection = connect(
            asked["database"], spill=str(folder / "spill"),
            memory_mb=limits["memory_mb"], threads=limits["threads"],
        )  # fmt: skip
        text = statements.checked(asked["text"], connection, asked["tables"])
        return run(
            text, connection, into=folder / "rows.jsonl",
            rows_max=limits["rows"], bytes_max=limits["bytes"],
        )  # fmt: skip
    except statements.Refusal as refusal:
        return {"fault": refusal.name, "about": refusal.about}
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"fault": "memory", "about": ""}
    except duckdb.PermissionException:
        return {"fault": "locked", "about": ""}
    except (duckdb.IOException, OSError):
        return {"fault": "room", "about": ""}
    except duckdb.Error as fault:
        return {"fault": "engine", "about": statements.said(fault)}


def main() -> None:
    """Read what is asked, and write what came of it."""
    # Whatever the engine prints goes nowhere; only the answer is written where one waits for it.
    verdict = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    asked = json.loads(sys.stdin.readline())
    limits = asked["limits"]
    sys.modules.setdefault("pytz", _zones())
    folder = Path(asked["folder"])
    (folder / "spill").mkdir(exist_ok=True)
    fence.raise_(
        # Python loads parts of itself and zones when they are first needed.
        read=[Path(asked["database"]), *map(Path, (*sysconfig.get_paths().values(), *NEEDED))],
        write=[folder],
    )
    confine(
        address_mb=limits["address_mb"], seconds=limits["seconds"] * 4, file_mb=limits["file_mb"]
    )
    with verdict:
        verdict.write(json.dumps(answer(asked)))
