"""Measuring: every run is a fresh process, and the contenders take turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.benchmark import Benchmark, Contender, Run, Runs
from benchmarks.data import THREADS

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"

Told = Callable[[str], None]


class ContenderError(Exception):
    """A contender stopped with an error."""


def bind() -> None:
    """Keep this process and its children on as many cores as there are threads."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])


def measure(
    benchmark: Benchmark, file: Path | None, *, rounds: int, with_others: bool, told: Told
) -> list[Runs]:
    """Return the runs of all contenders, or of ours and the limit alone, interleaved A B A B."""
    chosen = [
        each for each in benchmark.contenders if each.role in ("ours", "limit") or with_others
    ]
    if not PEERS.exists():
        chosen = [each for each in chosen if each.role != "peer"]
    found: dict[str, list[Run]] = {contender.name: [] for contender in chosen}
    for number in range(rounds):
        for contender in chosen:
            told(f"{benchmark.name}: round {number + 1} of {rounds}, {contender.name}")
            found[contender.name].append(_run(benchmark, contender, file))
    return [Runs(contender, found[contender.name]) for contender in chosen]


def _run(benchmark: Benchmark, contender: Contender, file: Path | None) -> Run:
    if contender.statement is not None:
        return _whole_process([sys.executable, "-c", contender.statement])
    python = str(PEERS) if contender.role == "peer" else sys.executable
    command = [python, "-m", "benchmarks.child", benchmark.place, contender.name, str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ContenderError(f"{contender.name} failed:\n{done.stderr}")
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def _whole_process(command: Sequence[str]) -> Run:
    begun = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise ContenderError(f"{' '.join(command)} failed.")
    return Run(wall, used.ru_utime + used.ru_stime)
