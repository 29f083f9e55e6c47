"""A shop's file as it is, and as the engine alone reads a copy that was cleaned for it.

Ours, timed as one call of `kohorte.read` on a file whose columns nobody names: find encoding,
delimiter, header and the meaning of every column; read all cells as text and judge by all of them
how dates and numbers are written; parse days, exact decimals, ids and e-mail addresses, and name
what cannot be read by its line; find customers that are one; write the tables orders, order_lines,
customers, refunds, excluded_rows and identities. Once for the German file in Windows-1252, and once
for the clean copy; the slower of both is held to the bar.

The limit is DuckDB on the clean copy, UTF-8 with commas, ISO dates and points in numbers: its
`read_csv` finds the columns' types in the first rows and parses the cells into one table in memory.
It judges nothing, keeps no order of lines, and its prices are binary fractions. It has the same
threads and the same limit of memory.

Where the time goes (a million lines of the German file, 4.0 s of CPU): 1.4 s to write typed lines (days in the
shop's zone, exact decimals, ids and addresses as they are compared), 0.8 s to copy the cells as text with the numbers of
their lines, 0.7 s to group orders and create the tables, 0.5 s to find customers that are one and to look for odd rows, 0.5 s of
Python. The half of the engine's reader would be 0.9 s: less than the three tables by hand cost, so that bar stands as a
reminder and not as a promise.

Beside them stands what the same three tables of orders, lines and customers cost who writes the SQL
for this one file by hand, behind the same `read_csv`: the part of our work that no reader is spared.
"""

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


_BY_HAND = """
CREATE TABLE orders AS
SELECT
  "Bestellnummer" AS order_id,
  min("Kundennummer") AS customer_id,
  min("Bestelldatum") AS placed_at,
  sum((100 * "Menge" * "Einzelpreis"::DECIMAL(18, 2))::BIGINT) AS amount_minor,
  sum("Menge") AS units
FROM lines
GROUP BY order_id
ORDER BY placed_at, order_id;
CREATE TABLE order_lines AS
SELECT
  "Bestellnummer" AS order_id,
  row_number() OVER (PARTITION BY "Bestellnummer" ORDER BY rowid)::INTEGER AS line_number,
  "Artikelnummer" AS product_id,
  "Artikel" AS product,
  "Menge" AS quantity,
  "Einzelpreis"::DECIMAL(18, 2) AS unit_price,
  (100 * "Menge" * "Einzelpreis"::DECIMAL(18, 2))::BIGINT AS amount_minor
FROM lines;
CREATE TABLE customers AS
SELECT "Kundennummer" AS customer_id, arg_max("Land", "Bestelldatum") AS country
FROM lines
GROUP BY customer_id
ORDER BY customer_id;
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


def _tables(clean: Path) -> duckdb.DuckDBPyConnection:
    connection = _table(clean)
    for statement in filter(str.strip, _BY_HAND.split(";")):
        connection.execute(statement).fetchall()
    return connection


def _of_history(history: History) -> Checksum:
    return _sums(history.engine.connection, _BY_KOHORTE)


def _of_tables(connection: duckdb.DuckDBPyConnection) -> Checksum:
    return _sums(connection, _BY_KOHORTE)


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
        Contender(
            name="DuckDB read_csv of the clean copy, and three tables by hand",
            role="beside",
            work=_tables,
            checksum=_of_tables,
            imports=("duckdb",),
        ),
    ),
)
