"""The limit of everything that reads each order once, and of what takes more than one look at it."""

from __future__ import annotations

from pathlib import Path

from benchmarks import data
from benchmarks.benchmark import Checksum, Contender


def scan(orders: Path) -> tuple[int, int, int]:
    """Return the number of orders, their sum and the number of customers."""
    with data.connect() as connection:
        (found,) = connection.execute(
            "SELECT count(*), sum(amount_minor), count(DISTINCT customer_id) "
            "FROM read_parquet($file)",
            {"file": str(orders)},
        ).fetchall()
    return found[0], found[1], found[2]


def _checksum(found: tuple[int, int, int]) -> Checksum:
    return dict(zip(("orders", "revenue_minor", "customers"), map(int, found), strict=True))


SCAN = Contender(
    name="DuckDB count, sum, count distinct",
    role="limit",
    work=scan,
    checksum=_checksum,
    imports=("duckdb",),
)

# What the questions behind a report cannot do without: nothing is joined, checked or judged.
_NEIGHBORS = """
CREATE TEMP TABLE neighbors AS
SELECT
  customer_id,
  CAST(placed_at AS DATE) AS day,
  amount_minor,
  first_value(CAST(placed_at AS DATE)) OVER along AS first_day,
  lag(CAST(placed_at AS DATE)) OVER along AS previous_day,
  lead(CAST(placed_at AS DATE)) OVER along AS next_day
FROM read_parquet($file)
WINDOW along AS (PARTITION BY customer_id ORDER BY CAST(placed_at AS DATE))
"""
_TOTALS = """
CREATE TEMP TABLE totals AS
SELECT customer_id, count(*) AS orders, sum(amount_minor) AS amount_minor, max(day) AS last_day
FROM neighbors
GROUP BY customer_id
"""
_MONTHS = """
CREATE TEMP TABLE months AS
SELECT
  customer_id,
  year(day) * 12 + month(day) AS month,
  count(*) AS orders,
  sum(amount_minor) AS amount_minor
FROM neighbors
GROUP BY customer_id, month
"""
_BITS = """
SELECT count(*) AS masks, sum(customers) AS customers
FROM (
  SELECT mask, count(*) AS customers
  FROM (
    SELECT
      customer_id,
      bit_or(CAST(1 AS BIGINT) << date_diff('month', DATE '2023-01-01', placed_at)) AS mask
    FROM read_parquet($file)
    GROUP BY customer_id
  )
  GROUP BY mask
)
"""


def neighbors(orders: Path) -> tuple[int, int]:
    """Return the orders and customers, with the neighbors of each order and sums by customer and month."""
    with data.connect() as connection:
        connection.execute(_NEIGHBORS, {"file": str(orders)})
        connection.execute(_TOTALS)
        connection.execute(_MONTHS)
        ((count, customers),) = connection.execute(
            "SELECT sum(orders), count(*) FROM totals"
        ).fetchall()
    return int(count), customers


def bits(orders: Path) -> int:
    """Return the number of customers, each looked at by the months in which they bought."""
    with data.connect() as connection:
        ((_, customers),) = connection.execute(_BITS, {"file": str(orders)}).fetchall()
    return int(customers)


NEIGHBORS = Contender(
    name="DuckDB, neighbors of every order, sums by customer and by month",
    role="beside",
    work=neighbors,
    checksum=lambda found: {"orders": found[0], "customers": found[1]},
    imports=("duckdb",),
)
BITS = Contender(
    name="DuckDB, months of every customer as bits",
    role="beside",
    work=bits,
    checksum=lambda found: {"customers": found},
    imports=("duckdb",),
)
