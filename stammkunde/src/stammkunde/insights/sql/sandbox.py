"""Asks a question in SQL in a process of its own, with limits on memory, time and rows."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# In isolation Python looks nowhere but where it is told.
BEGIN = "import sys; sys.path.insert(0, sys.argv[1]); from stammkunde.insights.sql import child; child.main()"
SOURCE = Path(__file__).parents[3]
BEAT = 0.1
MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What one question may use.

    Parameters
    ----------
    seconds
        Until the process is ended, whatever it does.
    memory_mb, address_mb
        What the engine may use before it writes to the disk, and what the process may address at all.
    file_mb
        The largest file that it may write.
    rows, bytes
        Where the result is cut.
    """

    seconds: float = 60
    memory_mb: int = 768
    address_mb: int = 4096
    file_mb: int = 1600
    threads: int = 2
    rows: int = 100_000
    bytes: int = 64 * MB


class Fault(Exception):
    """The question has no answer, for a reason that has a name and says what it is about."""

    def __init__(self, name: str, about: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.about = about


@dataclass(frozen=True)
class Told:
    """What is known of a result; its rows stand in a file.

    Parameters
    ----------
    columns
        Names and types.
    is_cut
        Whether there are more rows than are kept.
    offsets
        Where each page of rows begins in the file.
    """

    columns: tuple[tuple[str, str], ...]
    rows: int
    is_cut: bool
    seconds: float
    offsets: tuple[int, ...]


def ask(
    text: str,
    *,
    database: Path,
    tables: Collection[str],
    folder: Path,
    limits: Limits | None = None,
    between: Callable[[], None] = lambda: None,
) -> Told:
    """Answer a question; its rows are then in `rows.jsonl` of the folder.

    Parameters
    ----------
    tables
        The only ones that may be read.
    folder
        Empty, and of this question alone; the process works in it.
    between
        Called several times a second; may raise to stop.

    Raises
    ------
    Fault
        It is refused, cannot be understood, takes too much, or ended its process.
    """
    limits = limits or Limits()
    asked = {
        "text": text,
        "database": str(database),
        "tables": sorted(tables),
        "folder": str(folder),
        "limits": {**asdict(limits), "seconds": max(1, round(limits.seconds))},
    }
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-I", "-c", BEGIN, str(SOURCE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd=folder,
        start_new_session=True,
    )
    try:
        said = _wait(process, f"{json.dumps(asked)}\n".encode(), limits.seconds, between)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
    return _read(process.returncode, said)


def _wait(
    process: subprocess.Popen[bytes], asked: bytes, seconds: float, between: Callable[[], None]
) -> bytes:
    until = time.monotonic() + seconds
    told: bytes | None = asked
    while True:
        try:
            said, _nothing = process.communicate(told, timeout=BEAT)
            return said or b""
        except subprocess.TimeoutExpired:
            told = None
        except BrokenPipeError:
            return b""
        if time.monotonic() > until:
            raise Fault("time", str(round(seconds)))
        between()


def _read(code: int, said: bytes) -> Told:
    """Return what the process told, unless it ended in the middle."""
    try:
        told: Mapping[str, Any] = json.loads(said)
    except ValueError:
        raise Fault("crash", str(-code if code < 0 else code)) from None
    if "fault" in told:
        raise Fault(str(told["fault"]), str(told.get("about", "")))
    return Told(
        tuple((str(name), str(type_)) for name, type_ in told["columns"]),
        int(told["rows"]),
        bool(told["is_cut"]),
        float(told["seconds"]),
        tuple(int(each) for each in told["offsets"]),
    )
