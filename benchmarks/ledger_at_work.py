"""The ledger at work for a benchmark: one shop's points, raw tables beside them, and what each costs.

It is imported once the product is set up on a store of its own (see `postings`).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

SLICE_SECONDS = 0.25
OWNERS = 2_000
LOTS = 12
BULK = 5_000
TABLES = ("ledger_transaction", "ledger_lot", "ledger_entry")
Work = Callable[[], int]


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
            self.bulk.run(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} LIMIT 0")
            self.bulk.run(f"CREATE UNIQUE INDEX bare_{table}_id ON bare_{table} (id)")
            self._make_alike(table)
        self.bulk.run(
            "CREATE UNIQUE INDEX bare_key ON bare_ledger_transaction (shop_id, scope, key)"
        )
        self.services.earn([self.earning(owner) for owner in range(OWNERS)])
        self.enrich(OWNERS)

    def _make_alike(self, table: str) -> None:
        """Make a table with the same columns, checks and indexes, without triggers."""
        if self.connection.vendor == "postgresql":
            self.bulk.run(f"CREATE TABLE alike_{table} (LIKE {table} INCLUDING ALL)")
            return
        for (sql,) in self.bulk.select(
            "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND type IN ('table', 'index') "
            "AND sql IS NOT NULL ORDER BY type DESC",
            (table,),
        ):
            new = sql.replace(f'"{table}"', f'"alike_{table}"')
            new = re.sub(r'INDEX "(\w+)"', r'INDEX "alike_\1"', new)
            self.bulk.run(new.replace("%", "%%"))

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
        later = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
        held = self.services.hold_one(
            self.commands.Hold(**self.at(owner=who, amount=1, source="order:1", expires_at=later))
        )
        self.services.capture_one(self.commands.Capture(**self.at(hold_id=held.hold_id)))
        return 2

    def bulk_earn(self) -> int:
        self.marks = {t: self.bulk.select(f"SELECT max(id) FROM {t}")[0][0] for t in TABLES}
        self.services.earn([self.earning(n % OWNERS) for n in range(BULK)])
        return BULK

    def bulk_raw(self, into: str, rows: dict[str, list[Any]], columns: dict[str, list[str]]) -> int:
        with import_module("django.db").transaction.atomic():
            for table in TABLES:
                self.bulk.insert(f"{into}_{table}", columns[table], rows[table])
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

    def many(self, pairs: int) -> list[dict[str, Any]]:
        """Measure many earnings per commit beside the same rows, into two kinds of tables."""
        ours: list[float] = []
        limits: dict[str, list[float]] = {"bare": [], "alike": []}
        spent = {"ours": 0.0, "bare": 0.0, "alike": 0.0}
        for _pair in range(max(5, pairs // 6)):
            taken, busy = self._timed(self.bulk_earn)
            ours.append(BULK / taken)
            spent["ours"] += busy
            rows, columns = {}, {}
            with self.connection.cursor() as cursor:
                for table, mark in self.marks.items():
                    cursor.execute(f"SELECT * FROM {table} WHERE id > %s", (mark,))
                    rows[table] = [_as_text(row) for row in cursor.fetchall()]
                    columns[table] = [column[0] for column in cursor.description]
            for into, found in limits.items():
                taken, busy = self._timed(partial(self.bulk_raw, into, rows, columns))
                found.append(BULK / taken)
                spent[into] += busy
        costs = self.costs(self.bulk_earn, 1)
        return [
            _summary(name, ours, limits[into]) | costs | {"cpu": spent[into] / spent["ours"]}
            for name, into in (
                ("bulk earn, tables alike", "alike"), ("bulk earn, bare tables", "bare"),
            )
        ]  # fmt: skip

    def _timed(self, work: Callable[[], object]) -> tuple[float, float]:
        wall, busy = time.perf_counter(), time.process_time() + self.server_seconds()
        work()
        taken = time.perf_counter() - wall
        return taken, time.process_time() + self.server_seconds() - busy

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


def _as_text(row: Sequence[Any]) -> list[Any]:
    """Return a row with its instants as text, as the ledger hands them over: making text of them takes longest."""
    return [each.isoformat(" ") if isinstance(each, dt.datetime) else each for each in row]


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
