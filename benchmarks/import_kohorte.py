"""What the first line of a notebook costs."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.benchmark import Bar, Benchmark, Contender, cpu_above_limit


def _bars(_rows: int) -> Sequence[Bar]:
    return (cpu_above_limit(0.3, limit="bare Python"),)


BENCHMARK = Benchmark(
    name="import_kohorte",
    sentence="`import kohorte` in a new process.",
    bars=_bars,
    reads=None,
    rounds=9,
    contenders=(
        Contender(name="import kohorte", role="ours", statement="import kohorte"),
        Contender(name="bare Python", role="limit", statement="pass"),
        Contender(
            name="import kohorte; kohorte.read",
            role="beside",
            statement="import kohorte; kohorte.read",
        ),
    ),
)
