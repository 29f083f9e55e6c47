"""A shop's CSV into the product's store, and the engine with a raw insert of the same rows.

Once on SQLite, where the raw insert is executemany, and once on PostgreSQL, where it is COPY of the engine's
own text. What the server of PostgreSQL computes is no CPU time of ours: there the wall decides.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, Runs, memory

_IMPORTS = ("benchmarks.product_store",)
_IMPORTS_THERE = ("benchmarks.product_store_postgresql",)
_SUMS = """
SELECT count(*) AS orders, sum(amount_minor) AS revenue_minor, count(DISTINCT customer_id) AS customers,
  (SELECT count(*) FROM orders_orderline) AS lines, (SELECT count(*) FROM customers_key) AS keys,
  (SELECT count(*) FROM customers_customer) AS known
FROM orders_order
"""
# The same rows with ids and natural keys, without everything else that the product keeps of them.
_RAW = """
CREATE TABLE customers_customer (id INTEGER PRIMARY KEY, number TEXT, email TEXT, country TEXT);
CREATE TABLE customers_key (id INTEGER PRIMARY KEY, customer_id INTEGER, kind TEXT, value TEXT,
  UNIQUE (kind, value));
CREATE TABLE customers_tie (one_id INTEGER, other_id INTEGER, UNIQUE (one_id, other_id));
CREATE TABLE orders_order (id INTEGER PRIMARY KEY, external_id TEXT UNIQUE, customer_id INTEGER,
  placed_at TEXT, amount_minor INTEGER, units NUMERIC, state TEXT, hash TEXT, line INTEGER);
CREATE TABLE orders_orderline (id INTEGER PRIMARY KEY, order_id INTEGER, line_number INTEGER,
  product_id TEXT, product TEXT, quantity NUMERIC, unit_price NUMERIC, amount_minor INTEGER,
  UNIQUE (order_id, line_number));
"""
_LINES = """
CREATE TABLE lines AS SELECT *, round(100 * "Menge" * "Einzelpreis"::DECIMAL(18, 2))::BIGINT AS minor,
  dense_rank() OVER (ORDER BY "Bestellnummer") AS number,
  dense_rank() OVER (ORDER BY "Kundennummer") AS customer,
  row_number() OVER (PARTITION BY "Bestellnummer") AS place
FROM read_csv($file)
"""
_ROWS = {
    "customers_customer": 'SELECT customer, any_value("Kundennummer"), any_value("E-Mail"), '
    'any_value("Land") FROM lines GROUP BY customer',
    "customers_key": "SELECT 2 * customer, customer, 'number', any_value(\"Kundennummer\") FROM lines "
    "GROUP BY customer UNION ALL SELECT 2 * customer + 1, customer, 'email', any_value(\"E-Mail\") "
    "FROM lines GROUP BY customer",
    "customers_tie": "SELECT DISTINCT 2 * customer, 2 * customer + 1 FROM lines",
    "orders_order": 'SELECT number, any_value("Bestellnummer"), any_value(customer), '
    'min("Bestelldatum")::VARCHAR, sum(minor)::BIGINT, sum("Menge")::BIGINT, \'counted\', '
    'md5(any_value("Bestellnummer")), 1 FROM lines GROUP BY number',
    "orders_orderline": 'SELECT NULL, number, place, "Artikelnummer", "Artikel", "Menge", '
    '"Einzelpreis"::VARCHAR, minor FROM lines',
}
_LINE_COLUMNS = "order_id, line_number, product_id, product, quantity, unit_price, amount_minor"
AT_ONCE = 50_000
BLOCK = 1 << 20


def _ours(clean: Path) -> Path:
    """Receive, look, publish: everything between an upload and numbers that count it."""
    command = import_module("stammkunde.core.audit.services").COMMAND
    services = import_module("stammkunde.features.imports.services")
    shop = import_module("stammkunde.core.shops.services").found("A", owner=None, actor=command)
    with clean.open("rb") as file:
        import_ = services.receive(shop, [(clean.name, file)], actor=command).import_
    begun = services.start_publishing(services.look(import_), actor=command, despite_questions=True)
    import_module("stammkunde.flows.import_published").run(begun, actor=command)
    settings = import_module("django.db").connection.settings_dict
    return Path(settings["NAME"])


def _raw(clean: Path) -> Path:
    """Insert the same rows without understanding them."""
    target = Path(tempfile.mkdtemp(prefix="bench-")) / "store.sqlite3"
    connection = data.connect()
    connection.execute(_LINES, {"file": str(clean)})
    with sqlite3.connect(target, isolation_level=None) as store:
        store.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {_RAW}")
        for table, select in _ROWS.items():
            rows = connection.execute(select)
            marks = ", ".join("?" * len(rows.description))
            while some := rows.fetchmany(AT_ONCE):
                store.execute("BEGIN IMMEDIATE")
                store.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
                store.execute("COMMIT")
    store.close()
    return target


def _received(clean: Path) -> str:
    """Do as `_ours` does, on PostgreSQL."""
    return str(_ours(clean))


def _copied(clean: Path) -> str:
    """Copy the same rows into PostgreSQL without understanding them."""
    home = import_module("benchmarks.product_store_postgresql")
    connection = data.connect()
    connection.execute(_LINES, {"file": str(clean)})
    path = home.FOLDER / "rows.csv"
    with import_module("psycopg").connect(home.RAW, autocommit=True) as store:
        for statement in filter(str.strip, _RAW.split(";")):
            store.execute(
                statement.replace("INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY")
                .replace("id BIGINT PRIMARY KEY, order_id", "id BIGSERIAL PRIMARY KEY, order_id")
                .replace("INTEGER", "BIGINT")
            )
        for table, select in _ROWS.items():
            # A line is given its number by the store.
            rows = select.replace("SELECT NULL, ", "SELECT ")
            names = "" if rows == select else f" ({_LINE_COLUMNS})"
            connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT csv, HEADER false)")
            with (
                store.cursor() as cursor,
                cursor.copy(f"COPY {table}{names} FROM STDIN (FORMAT csv)") as copy,
                path.open("rb") as file,
            ):
                while block := file.read(BLOCK):
                    copy.write(block)
    return "raw"


def _sums_there(name: str) -> Checksum:
    home = import_module("benchmarks.product_store_postgresql")
    address = home.RAW.replace("dbname=raw", f"dbname={name}")
    with import_module("psycopg").connect(address) as store:
        found = store.execute(_SUMS)
        names = [column.name for column in found.description]
        return {each: float(value) for each, value in zip(names, found.fetchone(), strict=True)}


def _sums(store: Path) -> Checksum:
    connection = sqlite3.connect(store)
    found = connection.execute(_SUMS)
    names = [column[0] for column in found.description]
    values = found.fetchone()
    connection.close()
    return {name: float(value) for name, value in zip(names, values, strict=True)}


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


def _benchmark(name: str, ours: Contender, raw: Contender) -> Benchmark:
    return Benchmark(
        name=name,
        sentence="A shop's CSV into the store: kept, understood, people joined, published, counted.",
        bars=lambda _rows: (_as_fast_as(0.2), memory(1.0)),
        reads="lines",
        rows=1_000_000,
        rounds=3,
        home="import_store",
        contenders=(ours, raw),
    )


BENCHMARKS = {
    each.name: each
    for each in (
        _benchmark(
            "import_store",
            Contender(
                name="stammkunde, SQLite", role="ours", work=_ours, checksum=_sums, imports=_IMPORTS
            ),
            Contender(
                name="DuckDB read_csv and executemany of the same rows, SQLite",
                role="limit",
                work=_raw,
                checksum=_sums,
                imports=("duckdb",),
            ),
        ),
        _benchmark(
            "import_store_postgresql",
            Contender(
                name="stammkunde, PostgreSQL",
                role="ours",
                work=_received,
                checksum=_sums_there,
                imports=_IMPORTS_THERE,
            ),
            Contender(
                name="DuckDB read_csv and COPY of the same rows, PostgreSQL",
                role="limit",
                work=_copied,
                checksum=_sums_there,
                imports=_IMPORTS_THERE,
            ),
        ),
    )
}
