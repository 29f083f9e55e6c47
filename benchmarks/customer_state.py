"""From orders to what purchase models read: x, t_x, T and monetary value of every customer."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import data
from benchmarks.benchmark import (
    Bar,
    Benchmark,
    Checksum,
    Contender,
    faster_than_peers,
    memory,
    times_the_limit,
)

if TYPE_CHECKING:
    import duckdb

    from kohorte import History

_COLUMNS = ["customer_id", "placed_at", "amount_minor"]
_TWO_STEPS = """
CREATE TABLE state AS
WITH days AS (
  SELECT
    customer_id,
    CAST(placed_at AS DATE) AS day,
    CAST(sum(amount_minor) AS BIGINT) AS amount_minor
  FROM read_parquet($file)
  GROUP BY customer_id, CAST(placed_at AS DATE)
)
SELECT
  customer_id,
  count(*) - 1 AS x,
  max(day) - min(day) AS t_x,
  (SELECT CAST(max(placed_at) AS DATE) FROM read_parquet($file)) - min(day) AS t,
  (sum(amount_minor) - min_by(amount_minor, day)) / CAST(nullif(count(*) - 1, 0) AS DOUBLE)
    AS monetary_minor
FROM days
GROUP BY customer_id
"""
# Weighing by number tells apart tables that hold the same values for other customers.
_CHECKSUM = """
SELECT
  count(*) AS customers,
  sum(x) AS x,
  sum(t_x) AS t_x,
  sum(t) AS t,
  sum(coalesce(monetary_minor, 0)) AS monetary,
  sum(customer_id % 1009 * x) AS x_weighed,
  sum(customer_id % 1009 * t_x) AS t_x_weighed,
  sum(customer_id % 1009 * coalesce(monetary_minor, 0)) AS monetary_weighed
"""


def _kohorte(orders: Path) -> History:
    history: History = import_module("kohorte").read(orders)
    history.engine.keep("purchase_model_input")
    return history


def _checked_history(history: History) -> Checksum:
    with history:
        (found,) = history.engine.rows(f"{_CHECKSUM} FROM purchase_model_input")
    return {name: float(value) for name, value in found.items()}


def _two_steps(orders: Path) -> duckdb.DuckDBPyConnection:
    connection = data.connect()
    connection.execute(_TWO_STEPS, {"file": str(orders)})
    return connection


def _checked_table(connection: duckdb.DuckDBPyConnection) -> Checksum:
    with connection:
        result = connection.execute(f"{_CHECKSUM} FROM state")
        names = [str(column[0]) for column in result.description or []]
        (found,) = result.fetchall()
    return {name: float(value) for name, value in zip(names, found, strict=True)}


def _lifetimes(orders: Path) -> Any:
    frame = import_module("pandas").read_parquet(orders, columns=_COLUMNS)
    summary = import_module("lifetimes.utils").summary_data_from_transaction_data
    return summary(frame, *_COLUMNS).reset_index()


def _pymc_marketing(orders: Path) -> Any:
    frame = import_module("pandas").read_parquet(orders, columns=_COLUMNS)
    return import_module("pymc_marketing.clv.utils").rfm_summary(frame, *_COLUMNS)


def _checked_frame(frame: Any) -> Checksum:
    weight = frame["customer_id"].astype("int64") % 1009
    x, t_x, monetary = frame["frequency"], frame["recency"], frame["monetary_value"]
    return {
        "customers": float(len(frame)),
        "x": float(x.sum()),
        "t_x": float(t_x.sum()),
        "t": float(frame["T"].sum()),
        "monetary": float(monetary.sum()),
        "x_weighed": float((weight * x).sum()),
        "t_x_weighed": float((weight * t_x).sum()),
        "monetary_weighed": float((weight * monetary).sum()),
    }


def _bars(_rows: int) -> Sequence[Bar]:
    return (
        faster_than_peers(8),
        times_the_limit(1.3, limit="the group-by in two steps"),
        memory(0.7),
    )


BENCHMARK = Benchmark(
    name="customer_state",
    sentence="Orders in Parquet to x, t_x, T and monetary value of every customer, kept as a table.",
    bars=_bars,
    contenders=(
        Contender(
            name="kohorte",
            role="ours",
            work=_kohorte,
            checksum=_checked_history,
            imports=("kohorte.history", "kohorte.reading"),
        ),
        Contender(
            name="DuckDB group-by in two steps",
            role="limit",
            work=_two_steps,
            checksum=_checked_table,
            imports=("duckdb",),
        ),
        Contender(
            name="lifetimes",
            package="lifetimes",
            role="peer",
            work=_lifetimes,
            checksum=_checked_frame,
            imports=("pandas", "pyarrow.parquet", "lifetimes.utils"),
        ),
        Contender(
            name="pymc-marketing",
            package="pymc-marketing",
            role="peer",
            work=_pymc_marketing,
            checksum=_checked_frame,
            imports=("pandas", "pyarrow.parquet", "pymc_marketing.clv.utils"),
        ),
    ),
)
