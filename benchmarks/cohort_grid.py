"""Monthly cohorts at every age, and how many come back: in a month, and within 90 days."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, memory, times_the_limit
from benchmarks.raw import SCAN

if TYPE_CHECKING:
    from kohorte.results import CohortGrid, Row

_REPEAT_DAYS = 90
_HUNDRED_MILLION = 90_000_000


def _kohorte(orders: Path) -> tuple[CohortGrid, list[Row], list[Row]]:
    with import_module("kohorte").read(orders) as history:
        return (
            history.cohorts("month"),
            history.metric("repeat_purchase_rate", grain="month"),
            history.metric("repeat_rate_90_days", grain="month"),
        )


def _checked_results(results: tuple[CohortGrid, list[Row], list[Row]]) -> Checksum:
    grid, monthly, within_90_days = results
    cells = [
        (number, age, customers or 0, round((revenue or 0) * 100))
        for number, cohort in enumerate(grid.cohorts)
        for age, (customers, revenue) in enumerate(
            zip(cohort.customers, cohort.revenue, strict=True)
        )
    ]
    return {
        "orders": sum(each or 0 for cohort in grid.cohorts for each in cohort.orders),
        "revenue_minor": sum(revenue for _, _, _, revenue in cells),
        "customers": sum(cohort.size for cohort in grid.cohorts),
        "cells": sum((c + 1) * (age + 1) * customers for c, age, customers, _ in cells),
        "revenue_cells": sum((c + 1) * (age + 1) * revenue for c, age, _, revenue in cells),
        "repeaters": sum((m + 1) * _numerator(row) for m, row in enumerate(monthly)),
        "matured": sum((m + 1) * row.n for m, row in enumerate(within_90_days)),
        "repeated": sum((m + 1) * _numerator(row) for m, row in enumerate(within_90_days)),
    }


def _numerator(row: Row) -> int:
    return round((row.value or 0) / 100 * row.n)


def _pandas(orders: Path) -> tuple[Any, Any, Any]:
    pandas = import_module("pandas")
    columns = ["customer_id", "placed_at", "amount_minor"]
    frame = pandas.read_parquet(orders, columns=columns)
    placed_at = frame.pop("placed_at").dt
    frame["month"] = placed_at.year * 12 + placed_at.month
    frame["month"] -= frame["month"].min()
    frame["day"] = placed_at.normalize()
    bought = (
        frame.groupby(["customer_id", "month"])
        .agg(orders=("amount_minor", "size"), revenue=("amount_minor", "sum"))
        .reset_index()
    )
    bought["cohort"] = bought.groupby("customer_id")["month"].transform("min")
    bought["age"] = bought["month"] - bought["cohort"]
    grid = bought.groupby(["cohort", "age"]).agg(
        customers=("customer_id", "size"), orders=("orders", "sum"), revenue=("revenue", "sum")
    )
    repeaters = (bought["orders"] >= 2).groupby(bought["month"]).sum()
    return grid.reset_index(), repeaters, _second_orders(frame)


def _second_orders(frame: Any) -> Any:
    """Return per month of the first order who can, and who did, come back within 90 days."""
    ordered = frame[["customer_id", "day", "month"]].sort_values(["customer_id", "day"])
    place = ordered.groupby("customer_id").cumcount()
    firsts = ordered[place == 0].set_index("customer_id")
    seconds = ordered[place == 1].set_index("customer_id")["day"]
    firsts["matured"] = (frame["day"].max() - firsts["day"]).dt.days >= _REPEAT_DAYS
    within = (seconds.reindex(firsts.index) - firsts["day"]).dt.days <= _REPEAT_DAYS
    firsts["repeated"] = firsts["matured"] & within
    return firsts.groupby("month")[["matured", "repeated"]].sum()


def _checked_frames(frames: tuple[Any, Any, Any]) -> Checksum:
    grid, repeaters, second = frames
    weight = (grid["cohort"].astype("int64") + 1) * (grid["age"] + 1)
    return {
        "orders": int(grid["orders"].sum()),
        "revenue_minor": int(grid["revenue"].sum()),
        "customers": int(grid.loc[grid["age"] == 0, "customers"].sum()),
        "cells": int((weight * grid["customers"]).sum()),
        "revenue_cells": int((weight * grid["revenue"]).sum()),
        "repeaters": int((repeaters * (repeaters.index.astype("int64") + 1)).sum()),
        "matured": int((second["matured"] * (second.index.astype("int64") + 1)).sum()),
        "repeated": int((second["repeated"] * (second.index.astype("int64") + 1)).sum()),
    }


def _bars(rows: int) -> Sequence[Bar]:
    at_most = 2.5 if rows >= _HUNDRED_MILLION else 2
    return (times_the_limit(at_most, limit="the scan"), memory(4))


BENCHMARK = Benchmark(
    name="cohort_grid",
    sentence="Cohorts by month at every age (customers, orders, revenue), and both repeat rates.",
    bars=_bars,
    contenders=(
        Contender(
            name="kohorte",
            role="ours",
            work=_kohorte,
            checksum=_checked_results,
            imports=("kohorte.history", "kohorte.reading", "kohorte.metrics"),
        ),
        SCAN,
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
