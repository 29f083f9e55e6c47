"""The files that the benchmarks read: made up, the same on every machine, written once.

Customers arrive evenly over 36 months and buy as in the MBG/NBD model: each at a rate of their
own, and after every purchase (the first included) some never come back. What an order is worth
is gamma distributed around a level that is the customer's own.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parents[1] / "build" / "bench"
THREADS = 2
MEMORY_LIMIT = "4GB"

DAYS = 1096  # 2023 to 2025
ORDERS_PER_CUSTOMER = 4

# `hash` twice: once leaves the numbers of one customer alike.
UNIFORM = """
CREATE MACRO uniform(customer, purchase, what) AS
  (hash(hash(customer, purchase, what)) % 4294967296 + 0.5) / 4294967296
"""
_ORDERS = f"""
WITH customers AS (
  SELECT
    CAST(range AS BIGINT) AS customer_id,
    {DAYS} * uniform(range, 0, 'arrival') AS arrives_at,
    -ln(uniform(range, 0, 'rate')) / 58 AS purchases_per_day,
    1 - pow(uniform(range, 0, 'leaving'), 1 / 3.0) AS leaves,
    -15 / ln(uniform(range, 0, 'a') * uniform(range, 0, 'b') * uniform(range, 0, 'c')) AS level
  FROM range($customers)
), purchases AS (
  SELECT
    *,
    unnest(range(1 + least(150, floor(
      ln(uniform(customer_id, 0, 'staying')) / ln(1 - leaves)
    ))::BIGINT)) AS purchase
  FROM customers
), timed AS (
  SELECT
    customer_id,
    purchase,
    level,
    arrives_at + sum(
      CASE WHEN purchase = 0 THEN 0
      ELSE -ln(uniform(customer_id, purchase, 'gap')) / purchases_per_day END
    ) OVER (PARTITION BY customer_id ORDER BY purchase) AS days
  FROM purchases
), placed AS (
  SELECT
    customer_id,
    purchase,
    level,
    TIMESTAMP '2023-01-01' + to_seconds(floor(days * 86400)) AS placed_at
  FROM timed
  WHERE days < {DAYS}
)
SELECT
  row_number() OVER (ORDER BY placed_at, customer_id, purchase) AS order_id,
  customer_id,
  placed_at,
  'EUR' AS currency,
  100 + CAST(floor(
    -100 * level * ln(uniform(customer_id, purchase, 'd') * uniform(customer_id, purchase, 'e'))
  ) AS BIGINT) AS amount_minor,
  CAST(1 + floor(4 * uniform(customer_id, purchase, 'units')) AS DECIMAL(18, 3)) AS units
FROM placed
ORDER BY order_id
"""

_CUSTOMERS = f"""
WITH days AS (
  SELECT customer_id, CAST(placed_at AS DATE) AS day, sum(amount_minor) / 100.0 AS amount
  FROM read_parquet($file)
  GROUP BY ALL
)
SELECT
  count(*) - 1 AS x,
  max(day) - min(day) AS t_x,
  DATE '2023-01-01' + {DAYS} - 1 - min(day) AS t,
  coalesce((sum(amount) - min_by(amount, day)) / nullif(count(*) - 1, 0), 0) AS monetary
FROM days
GROUP BY customer_id
ORDER BY customer_id
"""

# Two lines to an order, three years, of each price the cents; the dash is not in Latin 1.
_LINES = """
SELECT
  'B' || lpad(CAST(range // 2 AS VARCHAR), 8, '0') AS "Bestellnummer",
  'K' || hash(range // 2) % ($rows * 3 // 20) AS "Kundennummer",
  'kunde' || hash(range // 2) % ($rows * 3 // 20) || '@example.com' AS "E-Mail",
  TIMESTAMP '2023-01-01' + to_minutes(range // 2 * 1578240 // ($rows // 2)) AS "Bestelldatum",
  'A' || hash(7 * range) % 5000 AS "Artikelnummer",
  'Müsli – Größe ' || hash(7 * range) % 5000 AS "Artikel",
  1 + hash(3 * range) % 4 AS "Menge",
  ['Deutschland', 'Österreich', 'Schweiz'][1 + range // 2 % 3] AS "Land",
  'bezahlt' AS "Status",
  CAST((100 + hash(5 * range) % 250000) / 100 AS DECIMAL(18, 2)) AS "Einzelpreis"
FROM range($rows)
"""
_GERMAN = """
SELECT * REPLACE (
  strftime("Bestelldatum", '%d.%m.%Y %H:%M') AS "Bestelldatum",
  translate(format('{:,.2f}', "Einzelpreis"), ',.', '.,') AS "Einzelpreis"
)
FROM lines
"""


def orders(rows: int) -> Path:
    """Return a Parquet file with about so many orders in the library's own columns."""
    file = FOLDER / f"orders-{rows}-duckdb-{duckdb.__version__}.parquet"
    if not file.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        with connect() as connection:
            connection.execute(UNIFORM)
            connection.execute(
                f"COPY ({_ORDERS}) TO '{unfinished}' (FORMAT parquet)",
                {"customers": rows // ORDERS_PER_CUSTOMER},
            )
        unfinished.rename(file)
    return file


def customers(rows: int) -> Path:
    """Return a Parquet file with x, t_x, T and mean repeat spending of about so many customers."""
    file = FOLDER / f"customers-{rows}-duckdb-{duckdb.__version__}.parquet"
    if not file.exists():
        source = orders(rows * ORDERS_PER_CUSTOMER)
        unfinished = file.with_suffix(f".{os.getpid()}")
        with connect() as connection:
            connection.execute(
                f"COPY ({_CUSTOMERS}) TO '{unfinished}' (FORMAT parquet)", {"file": str(source)}
            )
        unfinished.rename(file)
    return file


def lines(rows: int) -> Path:
    """Return a shop's export with so many lines as a clean CSV; the German one lies beside it.

    Clean means UTF-8, commas between cells, ISO dates and points in numbers. The German one is what
    a spreadsheet saves on Windows: semicolons, Windows-1252, 31.12.2025 and 1.234,50.
    """
    clean = FOLDER / f"lines-{rows}-duckdb-{duckdb.__version__}.csv"
    if not clean.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = clean.with_suffix(f".{os.getpid()}")
        with connect() as connection:
            connection.execute("SET preserve_insertion_order = true")
            connection.execute(f"CREATE VIEW lines AS {_LINES}".replace("$rows", str(rows)))
            connection.execute(
                f"COPY ({_GERMAN}) TO '{unfinished}' (FORMAT csv, HEADER, DELIMITER ';')"
            )
            _in_windows(unfinished, german(clean))
            connection.execute(f"COPY lines TO '{unfinished}' (FORMAT csv, HEADER)")
        unfinished.rename(clean)
    return clean


def german(clean: Path) -> Path:
    """Return the German file beside a clean one."""
    return clean.with_suffix(".german.csv")


def _in_windows(file: Path, target: Path) -> None:
    with (
        file.open(encoding="utf-8") as source,
        target.open("w", encoding="cp1252", newline="\r\n") as copy,
    ):
        shutil.copyfileobj(source, copy, 1 << 20)


def file(reads: str | None, *, rows: int) -> Path | None:
    """Return the file that a benchmark reads."""
    if reads is None:
        return None
    return {"orders": orders, "lines": lines, "customers": customers}[reads](rows)


def count(file: Path) -> int:
    """Return the number of rows in a file."""
    reader = "read_csv" if file.suffix == ".csv" else "read_parquet"
    with connect() as connection:
        ((found,),) = connection.execute(
            f"SELECT count(*) FROM {reader}($file)", {"file": str(file)}
        ).fetchall()
    return int(found)


def connect() -> duckdb.DuckDBPyConnection:
    """Return a DuckDB with the threads and the memory that every contender on it has."""
    return duckdb.connect(
        config={
            "threads": str(THREADS),
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(FOLDER / "spill"),
            "preserve_insertion_order": "false",
        }
    )
