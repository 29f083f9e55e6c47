"""The benchmarks: every contender runs, and all of them find the same numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import results
from benchmarks.benchmark import Bar, Benchmark, Contender, Run, Runs, disagreements

OURS = Contender(name="ours", role="ours")
PEER = Contender(name="peer", role="peer")


@pytest.mark.parametrize("name", list(command.BENCHMARKS))
def test_ours_and_the_limit_agree_on_a_small_file(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_small("--only", name, "--without-others") == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"## {name}")
    for contender in command.BENCHMARKS[name].contenders:
        assert (f"| {contender.name} |" in printed) is (contender.role in ("ours", "limit"))


@pytest.mark.slow  # other programs take long to load
def test_ours_and_the_peers_that_are_installed_agree_on_a_small_file() -> None:
    assert run_small("--only", "customer_state", "--only", "cohort_grid") == 0


def run_small(*arguments: str) -> int:
    return command.main(["--rows", "100000", "--rounds", "1", *arguments])


def test_contenders_that_disagree_are_named() -> None:
    runs = [
        Runs(OURS, [Run(1.0, 1.0, checksum={"customers": 3, "x": 7.0})]),
        Runs(PEER, [Run(1.0, 1.0, checksum={"customers": 4})]),
    ]
    assert disagreements(runs) == ["customers: 3 by ours, 4 by peer"]


def test_numbers_that_differ_by_rounding_agree() -> None:
    runs = [
        Runs(OURS, [Run(1.0, 1.0, checksum={"monetary": 1_000_000.0})]),
        Runs(PEER, [Run(1.0, 1.0, checksum={"monetary": 1_000_000.0000001})]),
    ]
    assert disagreements(runs) == []


def test_a_new_result_replaces_the_one_of_the_same_size_only(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    bar = Bar("at most 2 s", "s", 2.0, lambda runs: runs[0].wall[0])
    benchmark = Benchmark(
        name="example", sentence="An example.", contenders=(OURS,), bars=lambda _rows: (bar,)
    )

    def section(*, rows: int, seconds: float) -> str:
        runs = [Runs(OURS, [Run(seconds, seconds)])]
        today = dt.date(2026, 1, 5)
        return results.section(benchmark, runs, rows=rows, command="run", today=today)

    results.write([section(rows=2_000, seconds=1.0), section(rows=1_000, seconds=1.0)], file=file)
    results.write([section(rows=2_000, seconds=3.0)], file=file)

    text = file.read_text(encoding="utf-8")
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert titles == ["## example, 1,000 orders", "## example, 2,000 orders"]
    assert "| at most 2 s | 1.00 s |  | yes |" in text
    assert text.count("| at most 2 s | 3.00 s |  | no |") == 1
