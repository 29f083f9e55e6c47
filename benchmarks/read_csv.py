"""A shop's file as it is, and as the engine alone reads a copy that was cleaned for it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import data
from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, Runs, memory

if TYPE_CHECKING:
    import duckdb

    from kohorte import History

_IMPORTS = ("kohorte.history", "kohorte.reading")
_BY_KOHORTE = """
SELECT
  (SELECT count(*) FROM order_lines) AS lines,
  (SELECT sum(quantity) FROM order_lines) AS units,
  count(*) AS orders,
  count(DISTINCT customer_id) AS customers,
  sum(amount_minor) AS revenue_minor
FROM orders
"""
_BY_ENGINE = """
SELECT
  count(*) AS lines,
  sum("Menge") AS units,
  count(DISTINCT "Bestellnummer") AS orders,
  count(DISTINCT "Kundennummer") AS customers,
  round(100 * sum("Menge" * "Einzelpreis"::DECIMAL(18, 2))) AS revenue_minor
FROM lines
"""


def _german(clean: Path) -> History:
    found: History = import_module("kohorte").read(data.german(clean))
    return found


def _clean(clean: Path) -> History:
    found: History = import_module("kohorte").read(clean)
    return found


def _table(clean: Path) -> duckdb.DuckDBPyConnection:
    connection = data.connect()
    connection.execute(
        "CREATE TABLE lines AS SELECT * FROM read_csv($file)", {"file": str(clean)}
    ).fetchall()
    return connection


def _of_history(history: History) -> Checksum:
    return _sums(history.engine.connection, _BY_KOHORTE)


def _of_table(connection: duckdb.DuckDBPyConnection) -> Checksum:
    return _sums(connection, _BY_ENGINE)


def _sums(connection: duckdb.DuckDBPyConnection, query: str) -> Checksum:
    found = connection.execute(query)
    names = [column[0] for column in found.description or []]
    return {name: float(value) for name, value in zip(names, found.fetchall()[0], strict=True)}


def _as_fast_as(at_least: float) -> Bar:
    """Hold the slower of ours to so many times the speed of the engine."""

    def ratio(times: str) -> Callable[[Sequence[Runs]], float]:
        def median(runs: Sequence[Runs], role: str) -> float:
            """Return that of the slowest."""
            found = [getattr(each, times) for each in runs if each.contender.role == role]
            return max(float(statistics.median(each)) for each in found)

        return lambda runs: median(runs, "limit") / median(runs, "ours")

    words = f"at least {at_least:g} × as fast as read_csv of the clean copy"
    return Bar(words, "×", at_least, ratio("wall"), ratio("cpu"), is_reversed=True)


def _bars(_rows: int) -> Sequence[Bar]:
    return (_as_fast_as(0.5), memory(0.49))


BENCHMARK = Benchmark(
    name="read_csv",
    sentence="A shop's CSV to orders, order lines and customers: encoding, dates, numbers, ids.",
    bars=_bars,
    reads="lines",
    rows=1_000_000,
    rounds=5,
    contenders=(
        Contender(
            name="kohorte, German file in Windows-1252",
            role="ours",
            work=_german,
            checksum=_of_history,
            imports=_IMPORTS,
        ),
        Contender(
            name="kohorte, the clean copy",
            role="ours",
            work=_clean,
            checksum=_of_history,
            imports=_IMPORTS,
        ),
        Contender(
            name="DuckDB read_csv of the clean copy into a table",
            role="limit",
            work=_table,
            checksum=_of_table,
            imports=("duckdb",),
        ),
    ),
)
