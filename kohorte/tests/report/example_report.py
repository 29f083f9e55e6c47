"""Hand-made reports with the shape of a two-year UK wholesaler, and a few odd ones.

The monthly orders, customers and revenue are close to those of the Online Retail data; rates and
intervals are made up from them with plain formulas.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from math import sqrt

import example_waits
from example_groups import with_groups
from example_metrics import METRICS
from example_voices import with_voices

from kohorte.language import Sentence, Text
from kohorte.results import (
    Cohort,
    CohortGrid,
    Counts,
    Exclusion,
    FileReading,
    Finding,
    Grain,
    Guess,
    Movement,
    Report,
    Rfm,
    RfmGroup,
    Row,
    Score,
    ScorePart,
)
from kohorte.rfm import GROUPS, group_of

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


def cohort_grids(every: list[Totals], *, amounts: bool) -> tuple[CohortGrid, CohortGrid]:
    grids: list[CohortGrid] = []
    for age in ("calendar", "rolling"):
        cohorts = []
        for index, month in enumerate(every):
            ages = range(len(every))
            seen = len(every) - index - (1 if age == "rolling" else 0)
            shares = [
                1.0 if k == 0 else 0.23 - 0.004 * k + 0.03 * ((index + k) % 12 == 11) for k in ages
            ]
            kept = [
                max(0, round(month.new * max(share, 0.02))) if k < seen else None
                for k, share in enumerate(shares)
            ]
            cohorts.append(
                Cohort(
                    month.label,
                    month.starts_on,
                    month.new,
                    tuple(kept),
                    tuple(None if k is None else round(k * 1.4) for k in kept),
                    tuple(None if k is None or not amounts else k * 431.5 for k in kept),
                    tuple(
                        k is not None and not (age == "calendar" and at == seen - 1)
                        for at, k in enumerate(kept)
                    ),
                    index < 2,
                )
            )
        days = 30 if age == "rolling" else None
        grids.append(CohortGrid("month", "rolling" if days else "calendar", days, tuple(cohorts)))
    return grids[0], grids[1]


def rfm_map(customers: int, as_of: dt.date, *, amounts: bool) -> Rfm:
    weights = {
        (r, f): 2 + (3 if abs(r - f) < 2 else 0) + (r * f) // 5
        for r in range(1, 6)
        for f in range(1, 6)
    }
    scale = customers / sum(weights.values())
    cells = {place: round(weight * scale) for place, weight in weights.items()}
    groups = []
    for slug, (name, meaning) in GROUPS.items():
        members = {place: count for place, count in cells.items() if group_of(*place) == slug}
        count = sum(members.values())
        orders = sum(count * (f * f) for (_, f), count in members.items())
        recency = 420 - 75 * max((r for r, _ in members), default=1)
        groups.append(
            RfmGroup(
                slug,
                name,
                meaning,
                count,
                orders,
                orders * 471.52 if amounts else 0.0,
                float(recency),
            )
        )
    thresholds = {
        "recency": (416.0, 180.0, 68.0, 24.0),
        "frequency": (1.0, 2.0, 4.0, 9.0),
        "monetary": (272.3, 605.44, 1329.78, 3138.0),
    }
    return Rfm(as_of, sum(cells.values()), tuple(groups), cells, thresholds)


def movements(every: list[Totals]) -> tuple[Movement, ...]:
    found = []
    for totals in every:
        known = totals.retained is not None
        found.append(
            Movement(
                totals.grain, totals.label, totals.starts_on, totals.ends_on,
                4266 if known else None, 1263 if known else None, 321 if known else None,
                1553 if known else None, 4297 if known else totals.customers * 2,
            )
        )  # fmt: skip
    return tuple(found)


FILE = FileReading(
    "online_retail_II.csv", "online_retail_2", Text(de="UCI Online Retail II", en="UCI Online Retail II"),
    1_067_371, "utf-8", ",",
    (
        Guess("order_id", "Invoice", 0.98, Sentence("The name says so and every order has one customer.")),
        Guess("customer_id", "Customer ID", 0.97, Sentence("The name says so.")),
        Guess("date", "InvoiceDate", 1.0, Sentence("All values are times.")),
        Guess("quantity", "Quantity", 0.95, Sentence("Whole numbers, some of them negative.")),
        Guess("unit_price", "Price", 0.95, Sentence("Decimals.")),
    ),
    (Sentence("{count} rows lie in both files and are counted once.", {"count": 22523}),),
)  # fmt: skip
EXCLUSIONS = (
    Exclusion("no_customer", Text(de="Ohne Kundenangabe", en="No customer given"),
              Text(de="Wer gekauft hat, ist nicht bekannt.", en="Who bought is not known."),
              "customer metrics", 243_007, 8_752, 2_638_958.18),
    Exclusion("cancelled", Text(de="Storniert", en="Cancelled"),
              Text(de="Rechnungen, deren Nummer mit C beginnt.", en="Invoices whose number begins with C."),
              "everything", 19_494, 8_292, -1_527_409.51),
    Exclusion("not_goods", Text(de="Keine Ware", en="No goods"),
              Text(de="Porto, Bankgebühren, Handbuchungen.", en="Postage, bank charges, manual bookings."),
              "everything", 5_912, 3_102, 311_208.4),
)  # fmt: skip
FINDINGS = (
    Finding("large_customer", "note", Sentence("One customer stands for 3.5 % of the revenue."),
            Sentence("Averages lean towards this customer."), Sentence("Look at the median as well.")),
    Finding("unidentified", "warning", Sentence("{count} orders name no customer.", {"count": 8752}),
            Sentence("They count in no customer metric; repeat rates may be higher in truth."),
            Sentence("Export the customer number with every order."),
            ("repeat_purchase_rate", "unheard_of")),
)  # fmt: skip
SCORE = Score(91, (
    ScorePart("identity", Text(de="Ohne Kunden", en="Without a customer"), 8.24, 8.24),
    ScorePart("uniqueness", Text(de="Gleiche", en="Equal ones"), 0.04, 0.04),
    ScorePart("length", Text(de="Fehlende Tage", en="Missing days"), 0.0, 0.0),
))  # fmt: skip
SETTINGS: dict[str, object] = {
    "timezone": "Europe/London", "active_days": 365, "retention_days": 365, "repeat_days": 90,
    "cohort_days": 30, "week_start": 1, "since": None, "until": None, "margin_percent": None,
    "confidence_percent": 95.0,
}  # fmt: skip


def build(every: list[Totals], *, amounts: bool = True, title: str = "Online Retail") -> Report:
    """Return a report over these months."""
    last = every[-1]
    last_on = last.starts_on + dt.timedelta(days=8)
    quarters, years = merged("quarter", every, 3), merged("year", every, 12)
    whole = Totals(
        "all", "all", every[0].starts_on, last_on + dt.timedelta(days=1), True,
        sum(m.orders for m in every), sum(m.new for m in every), sum(m.new for m in every),
        sum(m.revenue for m in every), last.retained, True,
    )  # fmt: skip
    periods = [*every, *quarters, *years, whole]
    calendar, rolling = cohort_grids(every, amounts=amounts)
    revenue = whole.revenue if amounts else None
    return Report(
        title=title, currency="GBP" if amounts else None,
        first_on=every[0].starts_on, last_on=last_on, created_on=dt.date(2026, 11, 21),
        settings=SETTINGS,
        counts=Counts(1_067_371, 19_287_250.57 if amounts else None, 791_044, whole.orders, whole.customers,
                      revenue, 4_107, revenue and revenue * 0.11, 8_292, revenue and 742_118.22),
        rows=tuple(row for period in periods for row in rows_of(period, amounts=amounts)),
        movements=movements([*every, *quarters, *years]),
        calendar_cohorts=calendar, rolling_cohorts=rolling,
        rfm=rfm_map(whole.customers, whole.ends_on, amounts=amounts),
        files=(FILE,), exclusions=EXCLUSIONS if amounts else (), findings=FINDINGS, version="0.1.0",
        score=SCORE,
        survival=example_waits.curves(whole.customers), reasons=example_waits.reasons(),
    )  # fmt: skip


def two_years() -> Report:
    return with_voices(with_groups(build(months(dt.date(2009, 12, 1)))))


def ten_years() -> Report:
    return build(months(dt.date(2000, 1, 1), repeats=5), title="Ten years")


def without_amounts() -> Report:
    return build(months(dt.date(2009, 12, 1)), amounts=False)


def without_currency() -> Report:
    return dataclasses.replace(two_years(), currency=None)


def long_names() -> Report:
    """Return a report with names and amounts that hardly fit anywhere."""
    report = two_years()
    money = {slug for slug, metric in METRICS.items() if metric.unit == "money"}

    def larger(value: float | None) -> float | None:
        return value and value * 1e6

    rows = tuple(
        dataclasses.replace(
            row, value=larger(row.value), low=larger(row.low), high=larger(row.high)
        )
        if row.metric in money
        else row
        for row in report.rows
    )
    name = "Bestellungen_" * 8
    file = dataclasses.replace(
        FILE, path=f"{name}.csv", guesses=(Guess("order_id", name, 1.0, Sentence(name)),)
    )
    return dataclasses.replace(report, title=f"{name}.csv", rows=rows, files=(file,))


def one_order() -> Report:
    """Return what a file with a single order gives."""
    day = dt.date(2026, 3, 14)
    month = Totals(
        "month",
        "2026-03",
        dt.date(2026, 3, 1),
        dt.date(2026, 4, 1),
        False,
        1,
        1,
        1,
        49.9,
        None,
        False,
    )
    whole = Totals("all", "all", day, day + dt.timedelta(days=1), True, 1, 1, 1, 49.9, None, False)
    cohort = Cohort("2026-03", month.starts_on, 1, (1,), (1,), (49.9,), (False,), True)
    lost = Rfm(day, 1, (RfmGroup("lost", *GROUPS["lost"], 1, 1, 49.9, 1.0),), {(1, 1): 1}, {})
    report = build(months(dt.date(2009, 12, 1)))
    return dataclasses.replace(
        report, title="", currency="EUR", first_on=day, last_on=day, created_on=None,
        counts=Counts(1, 49.9, 1, 1, 1, 49.9, 0, None, 0, None),
        rows=tuple(row for totals in (month, whole) for row in rows_of(totals)),
        movements=movements([month]),
        calendar_cohorts=CohortGrid("month", "calendar", None, (cohort,)),
        rolling_cohorts=CohortGrid("month", "rolling", 30, (dataclasses.replace(cohort, customers=(None,)),)),
        rfm=lost, files=(), exclusions=(), findings=(),
        survival=example_waits.one_wait(), reasons=(),
    )  # fmt: skip
