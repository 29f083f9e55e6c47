"""The limit of everything that reads each order once: count, sum and distinct customers."""

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
