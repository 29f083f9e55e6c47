"""`python -m benchmarks`: run them, print a table for each, write them down where asked.

Exit status: 0 when all contenders agree, 1 when two found different numbers or one failed. A bar
that does not hold is shown and fails nothing: machines differ.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import sys
from collections.abc import Sequence

from benchmarks import (
    bad_input,
    cohort_grid,
    customer_state,
    data,
    import_kohorte,
    import_store,
    insights,
    postings,
    purchase_fits,
    purchase_scores,
    read_csv,
    read_trial,
    results,
    runs,
    standings,
)
from benchmarks import standard_report as report
from benchmarks.benchmark import Benchmark, disagreements

BENCHMARKS = (
    {
        each.BENCHMARK.name: each.BENCHMARK
        for each in (
            customer_state,
            cohort_grid,
            report,
            read_csv,
            read_trial,
            import_kohorte,
        )
    }
    | import_store.BENCHMARKS
    | purchase_fits.BENCHMARKS
    | purchase_scores.BENCHMARKS
)

OTHERS = (bad_input.NAME, insights.NAME, standings.NAME, postings.NAME)


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks that were asked for."""
    options = _options(arguments)
    names = options.only or [*BENCHMARKS, *OTHERS]
    try:
        sections = [_section(name, options, arguments) for name in names]
    except runs.ContenderError as error:
        print(error, file=sys.stderr)
        return 1
    if options.write:
        results.write(sections)
        print(f"Written to {results.FILE.relative_to(runs.ROOT)}.")
    return 0


def _section(name: str, options: argparse.Namespace, arguments: Sequence[str]) -> str:
    command = shlex.join(["python", "-m", "benchmarks", *arguments])
    today = dt.datetime.now(dt.UTC).date()
    if name == bad_input.NAME:
        section = bad_input.section(command=command, today=today)
    elif name == insights.NAME:
        section = insights.section(rows=options.rows, command=command, today=today)
    elif name == standings.NAME:
        section = standings.section(rows=options.rows, command=command, today=today)
    elif name == postings.NAME:
        section = postings.section(rows=options.rows, command=command, today=today)
    else:
        section = _compared(BENCHMARKS[name], options, command=command, today=today)
    print(section, flush=True)
    return section


def _compared(
    benchmark: Benchmark, options: argparse.Namespace, *, command: str, today: dt.date
) -> str:
    file = data.file(benchmark.reads, rows=options.rows or benchmark.rows)
    measured = runs.measure(
        benchmark,
        file,
        rounds=options.rounds or benchmark.rounds,
        with_others=not options.without_others,
        told=lambda text: print(text, file=sys.stderr, flush=True),
    )
    if found := disagreements(measured):
        raise runs.ContenderError("\n".join([f"{benchmark.name}: they disagree.", *found]))
    return results.section(
        benchmark,
        measured,
        rows=data.count(file) if file else 0,
        command=command,
        today=today,
    )


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=[*BENCHMARKS, *OTHERS],
        metavar="NAME",
    )
    parser.add_argument("--rows", type=int, help="about how many, instead of each one's own number")
    parser.add_argument("--rounds", type=int, help="instead of each benchmark's own number")
    parser.add_argument("--without-others", action="store_true", help="ours and the limit only")
    parser.add_argument("--write", action="store_true", help="keep the tables in RESULTS.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    runs.bind()
    sys.exit(main(sys.argv[1:]))
