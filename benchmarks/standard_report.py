"""What a retention report shows: every metric by month, both kinds of cohorts, RFM, survival.

The forecast is a chapter of its own, which learns from a sample and scores every customer. It is no part of the
bar, which is older, and stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.benchmark import Bar, Benchmark, Checksum, Contender, memory, times_the_limit
from benchmarks.raw import NEIGHBORS, SCAN

if TYPE_CHECKING:
    from kohorte.results import Report, Rfm, Row

_IMPORTS = ("kohorte.history", "kohorte.reading", "kohorte.metrics", "kohorte.summary")
_CURVES = (2, 3, 4)


def _by_month(orders: Path) -> tuple[list[Row], Rfm]:
    with import_module("kohorte").read(orders) as history:
        rows = history.rows("month")
        history.movements("month")
        history.cohorts("month", age="calendar")
        history.cohorts("month", age="rolling")
        for number in _CURVES:
            history.survival(number)
        return rows, history.rfm()


def _summary(orders: Path) -> tuple[list[Row], Rfm]:
    kohorte = import_module("kohorte")
    with kohorte.read(orders) as history:
        report: Report = kohorte.summarize(history)
    return [row for row in report.rows if row.grain == "month"], report.rfm


def _forecast(orders: Path) -> int:
    with import_module("kohorte").read(orders) as history:
        found = import_module("kohorte.forecasts.outlook").of(history)
        return found.customers if found else 0


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
    sentence="Every metric by month, who came and went, calendar and rolling cohorts, RFM, survival to the fourth order.",
    bars=_bars,
    note="Retention rests on the neighbors of every order and on sums by customer and by month. The row of "
    "neighbors takes these alone in SQL, for three columns and without checks. Up to 16 million orders of customers "
    "known by whole numbers that lie close together, arrays do the most of it: one sort, and then pieces of a million "
    "orders on all cores. Beyond, and where customers are known by text, SQL does, at 13 of these scans in all. What is "
    "left on one core is loading the orders and planning queries: a fifth of the CPU time. The forecast is no part of "
    "the bar and stands beside it.",
    contenders=(
        Contender(
            name="kohorte",
            role="ours",
            work=_by_month,
            checksum=_checked,
            imports=(*_IMPORTS, "scipy.sparse"),
        ),
        SCAN,
        NEIGHBORS,
        Contender(
            name="kohorte, the forecast alone, from the file on",
            role="beside",
            work=_forecast,
            checksum=lambda customers: {"customers": customers},
            imports=(*_IMPORTS, "kohorte.forecasts.outlook", "kohorte.models.cox"),
        ),
        Contender(
            name="kohorte, the whole report: days to years, and the forecast",
            role="beside",
            work=_summary,
            checksum=_checked,
            imports=_IMPORTS,
        ),
    ),
)
