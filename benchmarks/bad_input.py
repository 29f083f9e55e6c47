"""What comes of files that nobody should have to read: a sentence, and at what cost.

Each input is made in a folder of its own and read in a process of its own. The table tells what a
user reads, how long it took, how much memory it took at most, and whether anything was left behind.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import results, runs
from benchmarks.child import peak_bytes

NAME = "bad_input"
HEADER = b"order_id,customer_id,date,amount\n"
ROW = b"%d,K%d,2026-01-05,19.90\n"
MIB = 1 << 20
SECONDS_MAX, MEMORY_MAX_BYTES = 60, 500_000_000
_BOOK = (
    b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    b'<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/'
    b'officeDocument/2006/relationships/worksheet"/></Relationships>'
)
_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>',
    b"</sheetData></worksheet>",
)


@dataclass(frozen=True)
class Bad:
    """One bad input.

    Parameters
    ----------
    name
        What it is, in words.
    file
        The name it goes by.
    make
        Writes it.
    disturb
        What another program does to the file while it is read.
    """

    name: str
    file: str
    make: Callable[[Path], None]
    disturb: Callable[[Path], None] | None = None


def _written(*parts: bytes | tuple[bytes, int]) -> Callable[[Path], None]:
    """Return a maker of a file of parts, each once or so many times."""

    def make(path: Path) -> None:
        with path.open("wb") as out:
            for part in parts:
                text, times = part if isinstance(part, tuple) else (part, 1)
                for _ in range(times):
                    out.write(text)

    return make


def _workbook(*parts: bytes | tuple[bytes, int]) -> Callable[[Path], None]:
    """Return a maker of an .xlsx whose sheet has these parts."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("[Content_Types].xml", b"<Types/>")
            book.writestr("xl/workbook.xml", _BOOK)
            book.writestr("xl/_rels/workbook.xml.rels", _LINKS)
            with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
                for part in (_SHEET[0], *parts, _SHEET[1]):
                    text, times = part if isinstance(part, tuple) else (part, 1)
                    for _ in range(times):
                        sheet.write(text)

    return make


def _locked(path: Path) -> None:
    """Write the container that Excel puts a workbook into when it gets a password."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    head = struct.pack("<8s16x5H6x10I", bytes.fromhex("d0cf11e0a1b11ae1"), 62, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, 4096, end, 0, end, 0, 0)  # fmt: skip
    head += struct.pack("<I", free) * 108
    table = struct.pack("<3I", 0xFFFFFFFD, end, free) + struct.pack("<I", free) * 125
    names = b"".join(
        struct.pack(
            "<64sHBB3I16xI16xIQ",
            name.encode("utf-16-le").ljust(64, b"\0"), 2 * len(name) + 2, kind, 1,
            free, free, child, 0, end, 0,
        )
        for name, kind, child in (("Root Entry", 5, 1), ("EncryptedPackage", 2, free))
    )  # fmt: skip
    path.write_bytes((head + table + names.ljust(512, b"\0")).ljust(MIB, b"\0"))


def _parquet(path: Path) -> None:
    """Write a Parquet file that was cut off while it was copied."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i AS order_id, i % 999 AS customer_id, DATE '2026-01-05' AS date "
            f"FROM range(2000000) t(i)) TO '{path}' (FORMAT parquet)"
        ).fetchall()
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def _rows(count: int) -> bytes:
    out = io.BytesIO()
    for number in range(count):
        out.write(ROW % (number, number % 999))
    return out.getvalue()


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"9,9,2026-01-06,1.00\n")


def inputs() -> list[Bad]:
    """Return all bad inputs."""
    million = _rows(1_000_000)
    wide = b",".join(b"c%d" % number for number in range(5_000)) + b"\n"
    return [
        Bad("a workbook that unpacks to 4 GB", "orders.xlsx", _workbook((b"0" * MIB, 4096))),
        Bad(
            "a workbook of formulas never computed",
            "orders.xlsx",
            _workbook((b'<row><c r="A1"><f>1+1</f></c></row>', 200_000)),
        ),
        Bad(
            "5,000 columns, 20,000 rows",
            "orders.csv",
            _written(wide, (b"," * 4999 + b"\n", 20_000)),
        ),
        Bad("a line of 1 GB", "orders.csv", _written(HEADER, b"1,", (b"a" * MIB, 1024), b"\n")),
        Bad(
            "a line of 1 GB in quotation marks",
            "orders.csv",
            _written(HEADER, b'1,"', (b"a,b\n" * (MIB // 4), 1024), b'",2026-01-05,1\n'),
        ),
        Bad(
            "a PDF of 20 MB called .csv",
            "orders.csv",
            _written(b"%PDF-1.7\n", (b"\x93\n" * MIB, 10)),
        ),
        Bad("a workbook with a password", "orders.xlsx", _locked),
        Bad(
            "1 M lines of UTF-8, the last one in Windows-1252",
            "orders.csv",
            _written(
                HEADER, "0,Müller,2026-01-05,1\n".encode(), million, b"1,M\xfcller,2026-01-05,1\n"
            ),
        ),
        Bad(
            "1 M lines, a cell too many in the last",
            "orders.csv",
            _written(HEADER, million, b"1,2,2026-01-05,1,1\n"),
        ),
        Bad(
            "1 M lines, growing while they are read", "orders.csv", _written(HEADER, million), _grow
        ),
        Bad("JSON, nested a million times", "orders.json", _written((b"[", 1_000_000))),
        Bad("a Parquet file cut off", "orders.parquet", _parquet),
        Bad("500 MB of zeros", "orders.csv", _written((b"\0" * MIB, 500))),
    ]


def section(*, command: str, today: dt.date) -> str:
    """Return the table of all bad inputs as a section of the results."""
    lines = [
        f"## {NAME}",
        "",
        "Files that cannot be read: the sentence they are refused with, and what that took.",
        "",
        *results.circumstances(command, today=today),
        "",
        "| input | file MB | s | peak MB | sentence |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    worst_seconds, worst_bytes = 0.0, 0
    for bad in inputs():
        with tempfile.TemporaryDirectory(prefix="bad-input-") as folder:
            path = Path(folder) / bad.file
            bad.make(path)
            size = path.stat().st_size
            print(f"bad_input: {bad.name}", file=sys.stderr, flush=True)
            taken = _refused(bad, path)
        worst_seconds = max(worst_seconds, taken["seconds"])
        worst_bytes = max(worst_bytes, taken["bytes"])
        lines.append(
            f"| {bad.name} | {size / 1e6:,.1f} | {taken['seconds']:.1f} | "
            f"{taken['bytes'] / 1e6:,.0f} | {taken['sentence']} |"
        )
    lines += [
        "",
        "| bar | measured | by CPU time | holds |",
        "| --- | ---: | ---: | --- |",
        f"| at most {SECONDS_MAX} s for each | {worst_seconds:.1f} s |  | "
        f"{_verdict(worst_seconds <= SECONDS_MAX)} |",
        f"| at most {MEMORY_MAX_BYTES / 1e6:.0f} MB resident | {worst_bytes / 1e6:.0f} MB |  | "
        f"{_verdict(worst_bytes <= MEMORY_MAX_BYTES)} |",
    ]
    return "\n".join(lines) + "\n"


def _verdict(holds: bool) -> str:
    return "yes" if holds else "no"


def _refused(bad: Bad, path: Path) -> dict[str, Any]:
    """Read the file in a process of its own; return what it said and took."""
    command = [sys.executable, "-m", "benchmarks.bad_input", str(path)]
    scratch = path.parent / "scratch"
    scratch.mkdir()
    child = subprocess.Popen(
        command,
        cwd=runs.ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    if bad.disturb:
        threading.Timer(0.5, bad.disturb, [path]).start()
    out, error = child.communicate()
    if child.returncode:
        raise runs.ContenderError(f"{bad.name}: {error.strip() or child.returncode}")
    if left := list(scratch.iterdir()):
        raise runs.ContenderError(f"{bad.name} left behind: {left}")
    taken: dict[str, Any] = json.loads(out.splitlines()[-1])
    return taken


def main(path: Path) -> None:
    """Try to read one file; print the sentence it is refused with, and what that took."""
    import kohorte
    from kohorte.errors import ReadError

    begun = time.perf_counter()
    try:
        kohorte.read(path).close()
        raise SystemExit("The file was read.")
    except ReadError as error:
        sentence = str(error).replace(str(path.parent) + "/", "")
    seconds = time.perf_counter() - begun
    print(json.dumps({"sentence": sentence, "seconds": seconds, "bytes": peak_bytes()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
