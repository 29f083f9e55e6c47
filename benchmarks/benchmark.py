"""What a benchmark is: contenders that do the same work, and the bars that ours must clear."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Role = Literal["ours", "limit", "peer", "beside"]
Checksum = dict[str, float]
GIB = 1024**3


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One way to do the work.

    Parameters
    ----------
    name, role
        `ours` is held to the bars; a `limit` is the least that the machine needs, a `peer` another
        program; `beside` is only shown.
    given
        Turns the file into what `work` takes, before the clock starts; the file itself unless told.
    work
        Takes the file of orders, or what was made of it, and does what is measured.
    checksum
        Turns what `work` returned into numbers; those of one name agree among all contenders.
    imports
        Modules that are loaded before the clock starts.
    package
        Whose version is shown with the result.
    statement
        Instead of `work`: Python whose whole process is measured, from start to end.
    """

    name: str
    role: Role
    work: Callable[[Any], Any] = lambda _: None
    given: Callable[[Path], Any] = lambda file: file
    checksum: Callable[[Any], Checksum] = lambda _: {}
    imports: tuple[str, ...] = ()
    package: str = ""
    statement: str | None = None


@dataclass(frozen=True)
class Run:
    """What one process took (memory 0 if not measured), and the checksum of what it found."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int = 0
    checksum: Checksum = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True)
class Runs:
    """All rounds of one contender."""

    contender: Contender
    rounds: Sequence[Run]

    @property
    def version(self) -> str:
        return self.rounds[0].version

    @property
    def wall(self) -> list[float]:
        return [run.wall_seconds for run in self.rounds]

    @property
    def cpu(self) -> list[float]:
        return [run.cpu_seconds for run in self.rounds]

    @property
    def peak_gib(self) -> list[float]:
        return [run.peak_bytes / GIB for run in self.rounds]


@dataclass(frozen=True)
class Bar:
    """A promise: what is measured (by wall time, by CPU time where it differs), and its bound."""

    words: str
    unit: str
    at_most: float
    measured: Callable[[Sequence[Runs]], float | None]
    by_cpu: Callable[[Sequence[Runs]], float | None] | None = None
    is_reversed: bool = False

    def holds(self, value: float) -> bool:
        return value >= self.at_most if self.is_reversed else value <= self.at_most


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One row of what fast means here.

    Parameters
    ----------
    name, sentence
        What it is called and what is done.
    contenders
        Who does it.
    bars
        What was promised, by the number of rows.
    reads
        What the file holds that contenders read; None where there is none.
    rows
        About how many rows it has, unless the command says so.
    rounds
        How often each contender runs.
    home
        The module whose `BENCHMARKS` hold it; one of its own, with a `BENCHMARK`, unless given.
    note
        What readers have to know beside the bars, such as why one is out of reach.
    """

    name: str
    sentence: str
    contenders: Sequence[Contender]
    bars: Callable[[int], Sequence[Bar]]
    reads: Literal["orders", "lines", "customers"] | None = "orders"
    rows: int = 10_000_000
    rounds: int = 3
    home: str = ""
    note: str = ""

    @property
    def place(self) -> str:
        """Where a child process finds it: its module, and its name there."""
        return f"{self.home}:{self.name}" if self.home else self.name

    def contender(self, name: str) -> Contender:
        return {contender.name: contender for contender in self.contenders}[name]


def faster_than_peers(at_least: float) -> Bar:
    """Hold ours to so many times the speed of the fastest peer."""

    def ratio(times: str) -> Callable[[Sequence[Runs]], float | None]:
        def measured(runs: Sequence[Runs]) -> float | None:
            peers = _medians(runs, "peer", times)
            return min(peers) / _medians(runs, "ours", times)[0] if peers else None

        return measured

    words = f"at least {at_least:g} × as fast as the best peer"
    return Bar(words, "×", at_least, ratio("wall"), ratio("cpu"), is_reversed=True)


def times_the_limit(at_most: float, *, limit: str) -> Bar:
    """Hold ours to so many times what the limit takes."""

    def ratio(times: str) -> Callable[[Sequence[Runs]], float | None]:
        return lambda runs: _medians(runs, "ours", times)[0] / _medians(runs, "limit", times)[0]

    return Bar(f"at most {at_most:g} × {limit}", "×", at_most, ratio("wall"), ratio("cpu"))


def memory(at_most_gib: float) -> Bar:
    """Hold the peak of resident memory of ours, in the worst round."""

    def measured(runs: Sequence[Runs]) -> float:
        return max(max(each.peak_gib) for each in runs if each.contender.role == "ours")

    return Bar(f"at most {at_most_gib:g} GiB resident", "GiB", at_most_gib, measured)


def cpu_above_limit(at_most_seconds: float, *, limit: str) -> Bar:
    """Hold the CPU seconds of ours less those of the limit."""

    def measured(runs: Sequence[Runs]) -> float:
        return _medians(runs, "ours", "cpu")[0] - _medians(runs, "limit", "cpu")[0]

    words = f"at most {at_most_seconds:g} s CPU beyond {limit}"
    return Bar(words, "s", at_most_seconds, measured)


def disagreements(runs: Sequence[Runs]) -> list[str]:
    """Return a line for every number that two contenders, or two rounds, do not agree on."""
    seen: dict[str, tuple[str, float]] = {}
    found = []
    for each in runs:
        for name, value in _checked(each):
            who, known = seen.setdefault(name, (each.contender.name, value))
            if abs(known - value) > 1e-9 * max(abs(known), abs(value)):
                found.append(f"{name}: {known} by {who}, {value} by {each.contender.name}")
    return found


def _checked(runs: Runs) -> list[tuple[str, float]]:
    checksums: list[Mapping[str, float]] = [run.checksum for run in runs.rounds]
    return [item for checksum in checksums for item in checksum.items()]


def _medians(runs: Sequence[Runs], role: Role, times: str) -> list[float]:
    return [statistics.median(getattr(each, times)) for each in runs if each.contender.role == role]
