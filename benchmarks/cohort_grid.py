"""Monthly cohorts at every age, retention at every lag, and who ever came back."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, memory, times_the_limit
from benchmarks.raw import BITS, SCAN

if TYPE_CHECKING:
    from kohorte.results import CohortGrid, Listing

_HUNDRED_MILLION = 90_000_000
_REPEATERS = "SELECT SUM(customers) AS customers, SUM(repeaters) AS repeaters FROM mask_counts"

Ours = tuple["CohortGrid", "Listing", dict[str, Any]]
Frames = tuple[Any, Any, Any]


def _kohorte(orders: Path) -> Ours:
    with import_module("kohorte").read(orders) as history:
        grid = history.cohorts("month", only_customers=True)
        return grid, history.overlaps("month"), history.engine.rows(_REPEATERS)[0]


def _checked_results(results: Ours) -> Checksum:
    grid, overlaps, ever = results
    months = {cohort.period: number for number, cohort in enumerate(grid.cohorts)}
    whole = len(months) - 1
    return {
        "cells": sum(
            (number + 1) * (age + 1) * (customers or 0)
            for number, cohort in enumerate(grid.cohorts)
            for age, customers in enumerate(cohort.customers)
        ),
        "overlaps": sum(
            (months[str(period)] + 1) * (int(str(lag)) + 1) * int(str(customers))
            for period, lag, customers, _ in overlaps.rows
            if months[str(period)] + int(str(lag)) < whole
        ),
        "customers": int(ever["customers"]),
        "repeaters": int(ever["repeaters"]),
    }


def _pandas(orders: Path) -> Frames:
    pandas = import_module("pandas")
    frame = pandas.read_parquet(orders, columns=["customer_id", "placed_at"])
    placed_at = frame.pop("placed_at").dt
    frame["month"] = placed_at.year * 12 + placed_at.month
    frame["month"] -= frame["month"].min()
    counts = frame.groupby(["customer_id", "month"]).size().reset_index(name="orders")
    counts["cohort"] = counts.groupby("customer_id")["month"].transform("min")
    counts["age"] = counts["month"] - counts["cohort"]
    grid = counts.groupby(["cohort", "age"]).size().reset_index(name="customers")
    orders_each = counts.groupby("customer_id")["orders"].sum()
    return grid, _overlaps(counts), orders_each


def _overlaps(counts: Any) -> Any:
    """Return the matrix of customers who bought in month i and in month j."""
    numpy = import_module("numpy")
    customers = counts["customer_id"].factorize()[0]
    bought = numpy.zeros((customers.max() + 1, counts["month"].max() + 1), dtype="float32")
    bought[customers, counts["month"].to_numpy()] = 1
    return (bought.T @ bought).round().astype("int64")


def _checked_frames(frames: Frames) -> Checksum:
    grid, overlaps, orders_each = frames
    weight = (grid["cohort"].astype("int64") + 1) * (grid["age"] + 1)
    whole = overlaps.shape[0] - 1
    return {
        "cells": int((weight * grid["customers"]).sum()),
        "overlaps": sum(
            (first + 1) * (later - first + 1) * int(overlaps[first, later])
            for first in range(whole)
            for later in range(first, whole)
        ),
        "customers": len(orders_each),
        "repeaters": int((orders_each >= 2).sum()),
    }


def _bars(rows: int) -> Sequence[Bar]:
    at_most = 2.5 if rows >= _HUNDRED_MILLION else 2
    return (times_the_limit(at_most, limit="the scan"), memory(4))


BENCHMARK = Benchmark(
    name="cohort_grid",
    sentence="Cohorts by month at every age, retention at every lag, and the share who ever came back.",
    bars=_bars,
    note="The customers of this file are known by whole numbers that lie close together: customer and month are one "
    "number, and sorting these on all cores lays the months of a customer side by side. Where customers are known by "
    "text, SQL groups them, at the cost of the row of bits and about as much again.",
    contenders=(
        Contender(
            name="kohorte",
            role="ours",
            work=_kohorte,
            checksum=_checked_results,
            imports=("kohorte.history", "kohorte.reading", "numpy"),
        ),
        SCAN,
        BITS,
        Contender(
            name="pandas",
            package="pandas",
            role="peer",
            work=_pandas,
            checksum=_checked_frames,
            imports=("pandas", "pyarrow.parquet"),
        ),
    ),
)
