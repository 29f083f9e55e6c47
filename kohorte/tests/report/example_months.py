"""The months of the hand-made reports: what was sold, and the rows that a report makes of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import sqrt

from example_metrics import METRICS

from kohorte.language import Sentence
from kohorte.results import (
    Grain,
    Row,
)

Z = 1.959964
ORDERS = (1512, 1011, 1104, 1524, 1329, 1377, 1497, 1381, 1293, 1689, 2133, 2587, 1400,
          987, 997, 1321, 1149, 1555, 1393, 1331, 1280, 1755, 1929, 2657, 778)  # fmt: skip
CUSTOMERS = (955, 720, 772, 1057, 942, 966, 1041, 928, 911, 1145, 1497, 1607, 885,
             741, 758, 974, 856, 1056, 991, 949, 935, 1266, 1364, 1664, 615)  # fmt: skip
NEW = (955, 383, 374, 443, 294, 254, 270, 186, 162, 243, 377, 325, 77,
       71, 123, 178, 105, 108, 110, 102, 106, 187, 221, 192, 28)  # fmt: skip
REVENUE = (686654, 557319, 506371, 699608, 594609, 599985, 639066, 591636, 604242, 831615,
           1036680, 1172336, 884591, 569445, 447137, 595500, 469200, 678594, 661213, 600091,
           645343, 952838, 1039318, 1161817, 518192)  # fmt: skip


TOO_SHORT = Sentence(
    "It takes {days} days of data before the end of the period; the data begin on {start}.",
    {"days": 730, "start": dt.date(2009, 12, 1)},
)


@dataclass(frozen=True)
class Totals:
    """What happened in one period."""

    grain: Grain
    label: str
    starts_on: dt.date
    ends_on: dt.date
    complete: bool
    orders: int
    customers: int
    new: int
    revenue: float
    retained: float | None
    matured: bool


def wilson(percent: float, n: int) -> tuple[float, float]:
    p, z = percent / 100, Z
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half), 100 * (middle + half)


def add_months(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    return dt.date(day.year + month // 12, month % 12 + 1, 1)


def months(start: dt.date, repeats: int = 1) -> list[Totals]:
    """Return the months, the pattern repeated with a slow decline for longer histories."""
    every = []
    count = len(ORDERS) if repeats == 1 else repeats * 24 + 1
    for index in range(count):
        at = index if repeats == 1 else index % 24
        first = add_months(start, index)
        every.append(
            Totals(
                "month", f"{first:%Y-%m}", first, add_months(start, index + 1), index < count - 1,
                ORDERS[at], CUSTOMERS[at], NEW[at], float(REVENUE[at]),
                63.595874 - (23 - index) * 0.13 if index >= 23 else None,
                index < count - 4,
            )
        )  # fmt: skip
    return every


def merged(grain: Grain, every: list[Totals], size: int) -> list[Totals]:
    """Put months together into quarters or years."""
    groups: dict[tuple[int, int], list[Totals]] = {}
    for month in every:
        groups.setdefault((month.starts_on.year, (month.starts_on.month - 1) // size), []).append(
            month
        )
    found = []
    for (year, part), inside in groups.items():
        first = dt.date(year, part * size + 1, 1)
        label = f"{year}-Q{part + 1}" if grain == "quarter" else f"{year}"
        found.append(
            Totals(
                grain, label, first, add_months(first, size),
                len(inside) == size and inside[-1].complete,
                sum(m.orders for m in inside),
                max(1, round(sum(m.customers for m in inside) * 0.72)),
                sum(m.new for m in inside), sum(m.revenue for m in inside),
                inside[-1].retained, inside[-1].matured,
            )
        )  # fmt: skip
    return found


def rows_of(totals: Totals, *, amounts: bool = True) -> list[Row]:
    """Return all metrics of one period."""
    repeat = min(95.0, 100 * (1 - totals.customers / max(totals.orders, 1)) * 1.1)
    ninety = 31.0 + (totals.starts_on.month % 5) * 1.7
    returning = 100 * (1 - min(totals.new, totals.customers) / totals.customers)

    def row(
        slug: str,
        value: float | None,
        n: int,
        spread: float | None = None,
        segment: str = "all",
        complete: bool = True,
        reason: Sentence | None = None,
    ) -> Row:
        low = high = None
        if value is not None and spread is not None:
            low, high = value - spread, value + spread
        if value is not None and METRICS[slug].unit == "percent":
            low, high = wilson(value, n)
        return Row(
            slug, totals.grain, totals.label, totals.starts_on, totals.ends_on, segment,
            value, low, high, n, totals.complete and complete, reason,
        )  # fmt: skip

    n, kept = totals.customers, totals.retained
    no_history = None if kept is not None else TOO_SHORT
    found = [
        row("customer_retention_rate", kept, 4266 if kept else 0, reason=no_history),
        row("returning_customers", kept and kept * 42.66, 4266, 60, reason=no_history),
        row("customer_churn_rate", kept and 100 - kept, 4266 if kept else 0, reason=no_history),
        row("repeat_purchase_rate", repeat, n),
        row("repeat_rate_90_days", ninety, max(1, totals.new), complete=totals.matured),
        row("returning_customer_rate", returning, n),
        row("purchase_frequency", totals.orders / n, n, 0.06),
        row("orders", float(totals.orders), totals.orders),
        row("orders", float(min(totals.new, totals.orders)), totals.new, segment="new"),
        row("orders", float(max(0, totals.orders - totals.new)), totals.orders, segment="existing"),
        row("orders", float(totals.orders // 9), totals.orders // 9, segment="unidentified"),
        row("customers", float(n), n),
        row("new_customers", float(totals.new), totals.new),
    ]
    return found + (money_rows(totals, row) if amounts else no_money_rows(row))


def money_rows(totals: Totals, row) -> list[Row]:  # type: ignore[no-untyped-def]
    n, worth = totals.customers, totals.revenue / totals.orders
    kept = totals.retained
    new = totals.new * worth * 0.82
    return [
        row("average_order_value", worth, n, worth * 0.04),
        row("average_order_value", worth * 0.82, totals.new, worth * 0.07, "new"),
        row("average_order_value", worth * 1.05, n, worth * 0.05, "existing"),
        row("customer_value", totals.revenue / n, n, totals.revenue / n * 0.06),
        row("customer_lifetime_value", kept and 5467.31, 4297, 410.2, reason=None if kept else TOO_SHORT),
        row("customer_lifetime_profit", None, 0, reason=Sentence("It takes the contribution margin, for example --margin 40.")),
        row("revenue", totals.revenue, totals.orders),
        row("revenue", new, totals.new, segment="new"),
        row("revenue", totals.revenue - new, totals.orders, segment="existing"),
        row("revenue", totals.revenue * 0.11, totals.orders // 9, segment="unidentified"),
    ]  # fmt: skip


def no_money_rows(row) -> list[Row]:  # type: ignore[no-untyped-def]
    slugs = ("average_order_value", "customer_value", "customer_lifetime_value", "revenue")
    return [
        row(
            slug,
            None,
            0,
            reason=Sentence("The file holds no amounts. `kohorte template orders` shows how."),
        )
        for slug in slugs
    ]
