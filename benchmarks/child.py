"""One measurement in a process of its own: `python -m benchmarks.child BENCHMARK CONTENDER FILE`.

Prints a line of JSON. Modules are loaded before the clock starts; the checksum is taken after it
has stopped and after memory was read. Needs nothing that only one of the environments has.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.benchmark import Benchmark


def main(benchmark: str, contender: str, orders: str) -> None:
    """Do the work of one contender once and print what it took."""
    module, _, name = benchmark.partition(":")
    home = import_module(f"benchmarks.{module}")
    found: Benchmark = home.BENCHMARKS[name] if name else home.BENCHMARK
    chosen = found.contender(contender)
    for name in chosen.imports:
        import_module(name)
    given = chosen.given(Path(orders))
    wall, cpu = time.perf_counter(), time.process_time()
    result = chosen.work(given)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = peak_bytes()
    taken = {"wall_seconds": wall, "cpu_seconds": cpu, "peak_bytes": peak}
    shown = f"{chosen.package} {version(chosen.package)}" if chosen.package else ""
    print(json.dumps({**taken, "checksum": chosen.checksum(result), "version": shown}))


def peak_bytes() -> int:
    """Return the most memory this process ever had resident."""
    # What the system reports for a process begins with its parent's; /proc knows this one's own.
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
