"""A shop's CSV into the product's store, and the engine with a raw insert of the same rows."""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, Runs, memory

_IMPORTS = ("duckdb", "kohorte.history", "kohorte.reading", "django")
_SUMS = """
SELECT count(*) AS orders, sum(amount_minor) AS revenue_minor, count(DISTINCT {customer}) AS customers
FROM orders_order
"""
# Without keys and indexes, as nobody could use them: the least that the rows take.
_RAW = """
CREATE TABLE orders_order (id INTEGER PRIMARY KEY, external_id TEXT, customer TEXT, placed_at TEXT,
  amount_minor INTEGER);
CREATE TABLE orders_orderline (order_id INTEGER, line_number INTEGER, product TEXT, quantity NUMERIC,
  unit_price NUMERIC, amount_minor INTEGER);
"""
_LINES = """
CREATE TABLE lines AS SELECT *, round(100 * "Menge" * "Einzelpreis"::DECIMAL(18, 2))::BIGINT AS minor,
  dense_rank() OVER (ORDER BY "Bestellnummer") AS number,
  row_number() OVER (PARTITION BY "Bestellnummer") AS place
FROM read_csv($file)
"""
AT_ONCE = 50_000


class _Store:
    """A database file and how to ask it."""

    def __init__(self, folder: tempfile.TemporaryDirectory[str], customer: str) -> None:
        self.folder = folder
        self.path = Path(folder.name) / "store.sqlite3"
        self.customer = customer


def _ours(clean: Path) -> _Store:
    """Receive, look, publish: everything between an upload and numbers that count it."""
    folder = tempfile.TemporaryDirectory(prefix="bench-")
    store = _Store(folder, "customer_id")
    os.environ |= {
        "STAMMKUNDE_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "stammkunde.config.settings",
        "DATABASE_URL": f"sqlite:///{store.path}",
        "STAMMKUNDE_DATA": f"{folder.name}/data",
    }
    django: Any = import_module("django")
    django.setup()
    import_module("django.conf").settings.DEBUG = False
    import_module("django.core.management").call_command("migrate", verbosity=0)
    import_module("stammkunde.flows.jobs")
    command = import_module("stammkunde.core.audit.services").COMMAND
    services = import_module("stammkunde.features.imports.services")
    shop = import_module("stammkunde.core.shops.services").found("A", owner=None, actor=command)
    with clean.open("rb") as file:
        import_ = services.receive(shop, [(clean.name, file)], actor=command).import_
    begun = services.start_publishing(services.look(import_), actor=command, despite_questions=True)
    import_module("stammkunde.flows.import_published").run(begun, actor=command)
    return store


def _raw(clean: Path) -> _Store:
    folder = tempfile.TemporaryDirectory(prefix="bench-")
    store = _Store(folder, "customer")
    connection = data.connect()
    connection.execute(_LINES, {"file": str(clean)})
    with sqlite3.connect(store.path) as target:
        target.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {_RAW}")
        for insert, select in (
            (
                "INSERT INTO orders_order VALUES (?, ?, ?, ?, ?)",
                'SELECT number, any_value("Bestellnummer"), any_value("Kundennummer"), '
                'min("Bestelldatum")::VARCHAR, sum(minor)::BIGINT FROM lines GROUP BY number',
            ),
            (
                "INSERT INTO orders_orderline VALUES (?, ?, ?, ?, ?, ?)",
                'SELECT number, place, "Artikelnummer", "Menge", "Einzelpreis"::VARCHAR, minor FROM lines',
            ),
        ):
            rows = connection.execute(select)
            while some := rows.fetchmany(AT_ONCE):
                target.executemany(insert, some)
    target.close()
    return store


def _sums(store: _Store) -> Checksum:
    connection = sqlite3.connect(store.path)
    found = connection.execute(_SUMS.format(customer=store.customer))
    names = [column[0] for column in found.description]
    values = found.fetchone()
    (lines,) = connection.execute("SELECT count(*) FROM orders_orderline").fetchone()
    connection.close()
    return {**{n: float(v) for n, v in zip(names, values, strict=True)}, "lines": float(lines)}


def _as_fast_as(at_least: float) -> Bar:
    def ratio(times: str) -> Any:
        def measured(runs: Sequence[Runs]) -> float:
            by_role = {
                each.contender.role: statistics.median(getattr(each, times)) for each in runs
            }
            return float(by_role["limit"] / by_role["ours"])

        return measured

    words = f"at least {at_least:g} × as fast as read_csv and a raw insert of the same rows"
    return Bar(words, "×", at_least, ratio("wall"), ratio("cpu"), is_reversed=True)


BENCHMARK = Benchmark(
    name="import_store",
    sentence="A shop's CSV into the store: kept, understood, people joined, published, counted.",
    bars=lambda _rows: (_as_fast_as(0.2), memory(1.0)),
    reads="lines",
    rows=1_000_000,
    rounds=3,
    contenders=(
        Contender(
            name="stammkunde, SQLite", role="ours", work=_ours, checksum=_sums, imports=_IMPORTS
        ),
        Contender(
            name="DuckDB read_csv and executemany into bare tables of SQLite",
            role="limit",
            work=_raw,
            checksum=_sums,
            imports=("duckdb",),
        ),
    ),
)
