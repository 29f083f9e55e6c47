"""What a retention report shows: every metric by month, both kinds of cohorts, RFM."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, memory, times_the_limit
from benchmarks.raw import SCAN

if TYPE_CHECKING:
    from kohorte.results import Report, Rfm, Row

_IMPORTS = ("kohorte.history", "kohorte.reading", "kohorte.metrics", "kohorte.summary")


def _by_month(orders: Path) -> tuple[list[Row], Rfm]:
    with import_module("kohorte").read(orders) as history:
        rows = history.rows("month")
        history.movements("month")
        history.cohorts("month", age="calendar")
        history.cohorts("month", age="rolling")
        return rows, history.rfm()


def _summary(orders: Path) -> tuple[list[Row], Rfm]:
    kohorte = import_module("kohorte")
    with kohorte.read(orders) as history:
        report: Report = kohorte.summarize(history)
    return [row for row in report.rows if row.grain == "month"], report.rfm


def _checked(results: tuple[list[Row], Rfm]) -> Checksum:
    rows, rfm = results

    def total(metric: str) -> float:
        found = [row.value or 0 for row in rows if (row.metric, row.segment) == (metric, "all")]
        return sum(found)

    return {
        "orders": round(total("orders")),
        "revenue_minor": round(total("revenue") * 100),
        "customers": rfm.customers,
        "values": sum(row.value or 0 for row in rows),
        "ranges": sum((row.high or 0) - (row.low or 0) for row in rows),
    }


def _bars(_rows: int) -> Sequence[Bar]:
    return (times_the_limit(10, limit="the scan"), memory(4))


BENCHMARK = Benchmark(
    name="standard_report",
    sentence="Every metric by month, who came and went, calendar and rolling cohorts, RFM.",
    bars=_bars,
    contenders=(
        Contender(name="kohorte", role="ours", work=_by_month, checksum=_checked, imports=_IMPORTS),
        SCAN,
        Contender(
            name="kohorte, from days to years as in the report",
            role="beside",
            work=_summary,
            checksum=_checked,
            imports=_IMPORTS,
        ),
    ),
)
