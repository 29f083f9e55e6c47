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
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import results, runs

NAME = "postings"
STORES = ("SQLite", "PostgreSQL")
SLICE_SECONDS = 0.25
PAIRS = 60
OWNERS = 2_000
LOTS = 12
BULK = 5_000
BARS = {"earn": 0.5, "redeem from 12 lots": 0.4, "bulk earn": 0.3}
TABLES = ("ledger_transaction", "ledger_lot", "ledger_entry")
Work = Callable[[], int]


def section(*, rows: int | None, command: str, today: dt.date) -> str:
    """Measure each store in a process of its own; return the section of the results."""
    pairs = rows or PAIRS
    lines = [
        f"## {NAME}, {pairs} pairs of slices",
        "",
        "One booking per commit beside one row per commit, and many per commit beside the same rows inserted.",
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
                verdicts.append(
                    f"| {store}, {each['name']}: at least {bar} of the limit | {middle:.2f} | {holds} |"
                )
    lines += ["", "| bar | measured | holds |", "| --- | ---: | --- |", *verdicts]
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


class Bench:
    """One shop's points, the raw table beside them, and what is measured."""

    def __init__(self) -> None:
        self.connection = import_module("django.db").connection
        self.bulk = import_module("stammkunde.core.bulk")
        self.services = import_module("stammkunde.ledger.services")
        self.commands = import_module("stammkunde.ledger.commands")
        command = import_module("stammkunde.core.audit.services").COMMAND
        shop = import_module("stammkunde.core.shops.services").found("A", owner=None, actor=command)
        self.services.open_unit(shop.pk, "points", kind="points", name="Points", actor=command)
        self.shop_id, self.number, self.rich = shop.pk, 0, 0
        self.bulk.run(
            "CREATE TABLE raw (id bigint PRIMARY KEY, who bigint, what text, amount bigint)"
        )
        for table in TABLES:
            self.bulk.run(f"CREATE TABLE raw_{table} AS SELECT * FROM {table} LIMIT 0")
            self.bulk.run(f"CREATE UNIQUE INDEX raw_{table}_id ON raw_{table} (id)")
        self.bulk.run("CREATE UNIQUE INDEX raw_key ON raw_ledger_transaction (shop_id, scope, key)")
        self.services.earn([self.earning(owner) for owner in range(OWNERS)])
        self.enrich(OWNERS)

    def at(self, **more: Any) -> dict[str, Any]:
        self.number += 1
        when = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        common = {"shop_id": self.shop_id, "unit": "points", "effective_at": when}
        return {**common, "key": f"key-{self.number}", **more}

    def earning(self, owner: int, kind: str = "customer") -> Any:
        line = self.commands.EarnedLine(f"order:{self.number}/line:1", 10)
        who = self.commands.Owner(kind, str(owner))
        return self.commands.Earn(**self.at(owner=who, lines=(line,)))

    def enrich(self, owners: int) -> None:
        """Give more owners twelve lots each."""
        first = self.rich
        self.rich += owners
        self.poor = iter(range(first, self.rich))
        for some in range(first, self.rich, 500):
            self.services.earn(
                [self.earning(o, "rich") for o in range(some, some + 500) for _ in range(LOTS)]
            )

    def raw(self) -> int:
        self.number += 1
        self.bulk.run("INSERT INTO raw VALUES (%s, 1, 'key', 10)", (self.number,))
        return 1

    def earn(self) -> int:
        self.services.earn_one(self.earning(self.number % OWNERS))
        return 1

    def redeem(self) -> int:
        owner = next(self.poor, None)
        if owner is None:
            return 0
        who = self.commands.Owner("rich", str(owner))
        command = self.commands.Spend(**self.at(owner=who, amount=10 * LOTS, source="order:1"))
        self.services.spend_one(command)
        return 1

    def hold_and_capture(self) -> int:
        who = self.commands.Owner("customer", str(self.number % OWNERS))
        later = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        held = self.services.hold_one(
            self.commands.Hold(**self.at(owner=who, amount=1, source="order:1", expires_at=later))
        )
        self.services.capture_one(self.commands.Capture(**self.at(hold_id=held.hold_id)))
        return 2

    def bulk_earn(self) -> int:
        self.marks = {t: self.bulk.select(f"SELECT max(id) FROM {t}")[0][0] for t in TABLES}
        self.services.earn([self.earning(n % OWNERS) for n in range(BULK)])
        return BULK

    def bulk_raw(self, rows: dict[str, list[Any]], columns: dict[str, list[str]]) -> int:
        with import_module("django.db").transaction.atomic():
            for table in TABLES:
                self.bulk.insert(f"raw_{table}", columns[table], rows[table])
        return BULK

    # What is measured.

    def single(self, name: str, work: Work, pairs: int) -> dict[str, Any]:
        ours, limits = [], []
        for _pair in range(pairs):
            rate = _rate(work)
            if not rate:
                break
            ours.append(rate)
            limits.append(_rate(self.raw))
        if name.startswith("redeem"):
            self.enrich(500)
        return _summary(name, ours, limits) | self.costs(work, 100)

    def many(self, pairs: int) -> dict[str, Any]:
        ours, limits = [], []
        for _pair in range(max(3, pairs // 6)):
            begun = time.perf_counter()
            self.bulk_earn()
            ours.append(BULK / (time.perf_counter() - begun))
            rows, columns = {}, {}
            with self.connection.cursor() as cursor:
                for table, mark in self.marks.items():
                    cursor.execute(f"SELECT * FROM {table} WHERE id > %s", (mark,))
                    rows[table] = cursor.fetchall()
                    columns[table] = [column[0] for column in cursor.description]
            begun = time.perf_counter()
            self.bulk_raw(rows, columns)
            limits.append(BULK / (time.perf_counter() - begun))
        return _summary("bulk earn", ours, limits) | self.costs(self.bulk_earn, 1)

    def costs(self, work: Work, times: int) -> dict[str, float]:
        """Return what a posting costs whatever the neighbours do."""
        statements: list[str] = []

        def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            statements.append(sql)
            return execute(sql, parameters, many, context)

        if self.connection.vendor == "sqlite":
            self.bulk.run("PRAGMA wal_checkpoint(TRUNCATE)")
        log, server, client = self.log_bytes(), self.server_seconds(), time.process_time()
        with self.connection.execute_wrapper(count):
            done = sum(work() for _ in range(times)) or 1
        client, server = time.process_time() - client, self.server_seconds() - server
        grown = self.log_bytes() - log
        if self.connection.vendor == "sqlite":
            self.bulk.run("PRAGMA wal_autocheckpoint = 1000")
        return {
            "statements": len(statements) / done,
            "bytes": grown / done,
            "client": client / done * 1e6,
            "server": server / done * 1e6,
        }

    def log_bytes(self) -> float:
        """Return how long the log is; SQLite's is not cut off any more, once this was asked."""
        if self.connection.vendor == "postgresql":
            found = self.bulk.select("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
            return float(found[0][0])
        with self.connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint = 0")
        return float(Path(f"{self.connection.settings_dict['NAME']}-wal").stat().st_size)

    def server_seconds(self) -> float:
        if self.connection.vendor != "postgresql":
            return 0.0
        pid = self.bulk.select("SELECT pg_backend_pid()")[0][0]
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rate(work: Work) -> float:
    begun, done = time.perf_counter(), 0
    while (taken := time.perf_counter() - begun) < SLICE_SECONDS:
        some = work()
        if not some:
            return 0.0
        done += some
    return done / taken


def _summary(name: str, ours: Sequence[float], limits: Sequence[float]) -> dict[str, Any]:
    ratios = [our / limit for our, limit in zip(ours, limits, strict=True)]
    tenths = statistics.quantiles(ratios, n=10)
    return {
        "name": name,
        "rate": statistics.median(ours),
        "limit": statistics.median(limits),
        "ratios": (tenths[0], statistics.median(ratios), tenths[-1]),
    }


def main(store: str, pairs: int) -> None:
    """Measure one store, and print what was found as JSON."""
    with _store(store):
        bench = Bench()
        found = [
            bench.single("earn", bench.earn, pairs),
            bench.single("redeem from 12 lots", bench.redeem, pairs),
            bench.single("hold, capture", bench.hold_and_capture, pairs // 2),
            bench.many(pairs),
        ]
        print(json.dumps(found))


if __name__ == "__main__":
    runs.bind()
    main(sys.argv[1], int(sys.argv[2]))
