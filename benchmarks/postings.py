"""Bookings of the ledger beside the least that the store needs for a commit, in turns of a quarter of a second.

One process for each store: SQLite that waits for the disk (`synchronous=FULL`), and a PostgreSQL of its own that
does as well. The disk of a shared machine changes its speed within a minute, so every slice of ours stands
beside a slice of the limit, and what no neighbour can disturb is told besides: statements, bytes of log, and
processor time per posting.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from benchmarks import ledger_at_work, results, runs

NAME = "postings"
STORES = ("SQLite", "PostgreSQL")
PAIRS = 60
BARS = {
    "earn": 0.5,
    "redeem from 12 lots": 0.4,
    "bulk earn, tables alike": 0.3,
    "bulk earn, bare tables": 0.3,
}


def section(*, rows: int | None, command: str, today: dt.date) -> str:
    """Measure each store in a process of its own; return the section of the results."""
    pairs = rows or PAIRS
    lines = [
        f"## {NAME}, {pairs} pairs of slices",
        "",
        "One booking per commit beside one row per commit, and 5,000 per commit beside executemany or COPY of the",
        "same rows: into tables with the same checks and indexes, and into bare ones with ids and keys only.",
        "",
        *results.circumstances(command, today=today, rounds=pairs),
        "",
        "| store | work | a second | limit a second | ratio (p10–p90) | statements | log bytes "
        "| client CPU µs | server CPU µs |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    verdicts = []
    for store in STORES:
        for each in _child(store, pairs):
            low, middle, high = each["ratios"]
            lines.append(
                f"| {store} | {each['name']} | {each['rate']:,.0f} | {each['limit']:,.0f} "
                f"| {middle:.2f} ({low:.2f}–{high:.2f}) | {each['statements']:.1f} "
                f"| {each['bytes']:,.0f} | {each['client']:,.0f} | {each['server']:,.0f} |"
            )
            if bar := BARS.get(each["name"]):
                holds = "yes" if middle >= bar else "no"
                by_cpu = f"{each['cpu']:.2f}" if "cpu" in each else ""
                verdicts.append(
                    f"| {store}, {each['name']}: at least {bar} of the limit | {middle:.2f} "
                    f"| {by_cpu} | {holds} |"
                )
    lines += ["", "| bar | measured | by CPU time | holds |", "| --- | ---: | ---: | --- |"]
    lines += verdicts
    return "\n".join(lines) + "\n"


def _child(store: str, pairs: int) -> list[dict[str, Any]]:
    child = subprocess.run(  # our own program
        [sys.executable, "-m", "benchmarks.postings", store, str(pairs)],
        cwd=runs.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if child.returncode:
        raise runs.ContenderError(f"{NAME}: {child.stderr.strip()[-2000:]}")
    found: list[dict[str, Any]] = json.loads(child.stdout.splitlines()[-1])
    return found


@contextmanager
def _store(name: str) -> Iterator[None]:
    """Set the product up on an empty store."""
    if name == "SQLite":
        import_module("benchmarks.product_store")
        yield
        return
    postgres = import_module("tools.postgres")
    programs = postgres.programs()
    if programs is None:
        raise runs.ContenderError("PostgreSQL is not installed.")
    with postgres.running(programs, is_durable=True) as server:
        server.ask("CREATE DATABASE bench")
        address = f"postgresql://postgres@127.0.0.1:{server.port}/bench"
        os.environ |= {
            "STAMMKUNDE_DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
            "DATABASE_URL": address,
        }
        django: Any = import_module("django")
        django.setup()
        import_module("django.conf").settings.DEBUG = False
        import_module("django.core.management").call_command("migrate", verbosity=0)
        yield
        import_module("django.db").connection.close()


def main(store: str, pairs: int) -> None:
    """Measure one store, and print what was found as JSON."""
    with _store(store):
        bench = ledger_at_work.Bench()
        found = [
            bench.single("earn", bench.earn, pairs),
            bench.single("redeem from 12 lots", bench.redeem, pairs),
            bench.single("hold, capture", bench.hold_and_capture, pairs // 2),
            *bench.many(pairs),
        ]
        print(json.dumps(found))


if __name__ == "__main__":
    runs.bind()
    main(sys.argv[1], int(sys.argv[2]))
