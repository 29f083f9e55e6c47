"""Hand-made reports with the shape of a two-year UK wholesaler, and a few odd ones.

The monthly orders, customers and revenue are close to those of the Online Retail data; rates and
intervals are made up from them with plain formulas.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import example_waits
from example_groups import with_groups
from example_metrics import METRICS
from example_months import Totals, merged, months, rows_of
from example_voices import with_voices

from kohorte.language import Sentence, Text
from kohorte.results import (
    Cohort,
    CohortGrid,
    Counts,
    Exclusion,
    FileReading,
    Finding,
    Guess,
    Movement,
    Report,
    Rfm,
    RfmGroup,
    Score,
    ScorePart,
)
from kohorte.rfm import GROUPS, group_of


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
