"""The results as Markdown: a section for each benchmark and size, replaced where it is new."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.benchmark import GIB, Bar, Benchmark, Runs
from benchmarks.data import MEMORY_LIMIT, THREADS

FILE = Path(__file__).with_name("RESULTS.md")
_HEAD = """# Results of the benchmarks

Written by `make bench WRITE=1`; how to read and repeat them is in `docs/en/how-to/benchmarks.md`. Times are medians of the
rounds with the smallest and the largest; memory is the worst round. Machines differ and are shared: ratios count, and
times are comparable within one table only.
"""


def section(
    benchmark: Benchmark, runs: Sequence[Runs], *, rows: int, command: str, today: dt.date
) -> str:
    """Return the section of one benchmark: how it was run, what was taken, which bars hold."""
    size = f", {rows:,} {benchmark.reads}" if benchmark.reads else ""
    lines = [
        f"## {benchmark.name}{size}",
        "",
        benchmark.sentence,
        "",
        *circumstances(
            command,
            today=today,
            rounds=len(runs[0].rounds),
            versions=[each.version for each in runs if each.version],
        ),
        "",
        "| | wall s | CPU s | peak GiB | wall ÷ ours | CPU ÷ ours |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *[_row(each, runs) for each in runs],
        "",
        "| bar | measured | by CPU time | holds |",
        "| --- | ---: | ---: | --- |",
        *[_verdict(bar, runs) for bar in benchmark.bars(rows)],
        *(["", benchmark.note] if benchmark.note else []),
    ]
    return "\n".join(lines) + "\n"


def circumstances(
    command: str, *, today: dt.date, rounds: int = 1, versions: Sequence[str] = ()
) -> list[str]:
    """Return the lines that tell how, when and with what something was measured."""
    found = [
        f"Python {platform.python_version()}",
        f"kohorte {version('kohorte')}",
        f"DuckDB {version('duckdb')} ({THREADS} threads, {MEMORY_LIMIT})",
        *versions,
    ]
    return [
        f"`{command}` · {today.isoformat()} · rounds: {rounds} · {_machine()}",
        "",
        " · ".join(found),
    ]


def write(sections: Sequence[str], *, file: Path = FILE) -> None:
    """Put the sections into the file, each in the place of the one with the same title."""
    kept = {_title(old): old for old in _sections(file)}
    kept.update({_title(new): new for new in sections})
    text = "\n".join([_HEAD, *[kept[title].strip() + "\n" for title in sorted(kept, key=_order)]])
    file.write_text(text, encoding="utf-8")


def _sections(file: Path) -> list[str]:
    if not file.exists():
        return []
    return re.split(r"^(?=## )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def _title(section: str) -> str:
    return section.partition("\n")[0]


def _order(title: str) -> tuple[str, int]:
    name, _, size = title.partition(", ")
    return name, int(re.sub(r"\D", "", size) or 0)


def _row(each: Runs, runs: Sequence[Runs]) -> str:
    ours = next(found for found in runs if found.contender.role == "ours")
    wall = statistics.median(each.wall) / statistics.median(ours.wall)
    cpu = statistics.median(each.cpu) / statistics.median(ours.cpu)
    return (
        f"| {each.contender.name} | {_spread(each.wall)} | {_spread(each.cpu)} | "
        f"{_peak(each)} | {wall:.2f} | {cpu:.2f} |"
    )


def _verdict(bar: Bar, runs: Sequence[Runs]) -> str:
    value = bar.measured(runs)
    if value is None:
        return f"| {bar.words} | not run | | |"
    cpu = bar.by_cpu(runs) if bar.by_cpu else None
    by_cpu = "" if cpu is None else f"{cpu:.2f} {bar.unit}"
    return f"| {bar.words} | {value:.2f} {bar.unit} | {by_cpu} | {'yes' if bar.holds(value) else 'no'} |"


def _spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _peak(each: Runs) -> str:
    return f"{max(each.peak_gib):.2f}" if any(each.peak_gib) else "–"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    return f"{os.cpu_count()} cores, {memory:.0f} GiB"
