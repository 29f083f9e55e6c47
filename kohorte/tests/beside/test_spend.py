"""Expenses against customers and profit: by hand, and by a plain loop over days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from beside.shop import Record, Said
from kohorte.periods import Period

RETENTION = ("retention", "sales", "service")
SLUGS = (
    "customer_acquisition_cost",
    "customer_retention_cost",
    "customer_retention_cost_per_customer",
    "return_on_investment",
)


def spent(first: int, last: int, cents: int, purpose: str = "acquisition") -> Record:
    return {
        "starts_on": shop.day(first),
        "ends_on": shop.day(last),
        "purpose": purpose,
        "amount_minor": cents,
    }


# Days 0 to 11 are January, 12 to 40 February, 41 the first of March.
ORDERS = [
    shop.placed(1, "anna", 0, 10_000),
    shop.placed(2, "ben", 11, 20_000),
    shop.placed(3, "anna", 12, 10_000),
    shop.placed(4, "cleo", 41, 5_000),
]


def rows(spend: list[Record], slug: str, **said: object) -> dict[tuple[str, str], float | None]:
    settings = kohorte.Settings(active_days=10, margin_percent=50, **said)  # type: ignore[arg-type]
    with kohorte.History.from_records(orders=ORDERS, spend=spend, settings=settings) as history:
        return {(row.period, row.segment): row.value for row in history.metric(slug)}


def test_what_runs_over_two_months_is_shared_by_days() -> None:
    """30 days for 300.00 from 20 January on: 12 days for two new customers, 18 for nobody."""
    found = rows([spent(0, 29, 30_000)], "customer_acquisition_cost")
    assert found["2024-01", "all"] == pytest.approx(60)
    assert found["2024-02", "all"] is None
    assert found["2024-03", "all"] is None


def test_days_outside_of_the_data_cost_nothing() -> None:
    """31 days of January for 310.00: the data begin on the 20th. March ends after its first day."""
    assert rows([spent(-19, 11, 31_000)], "customer_acquisition_cost")["2024-01", "all"] == 60
    assert rows([spent(41, 71, 31_000)], "customer_acquisition_cost")["2024-03", "all"] == 10


def test_days_the_wrong_way_round_are_turned() -> None:
    assert rows([spent(3, 1, 6_000)], "customer_acquisition_cost")["2024-01", "all"] == 30


def test_every_purpose_but_acquisition_is_for_keeping_customers() -> None:
    spend = [spent(0, 0, 100 * 10**n, purpose) for n, purpose in enumerate(RETENTION)]
    found = rows([*spend, spent(0, 0, 7)], "customer_retention_cost")
    assert found["2024-01", "all"] == 111
    per_customer = rows([*spend, spent(0, 0, 7)], "customer_retention_cost_per_customer")
    assert per_customer["2024-01", "all"] == 111
    assert per_customer["2024-02", "all"] is None


def test_profit_of_150_for_100_is_a_return_of_half() -> None:
    """January: 300.00 of revenue, half of it profit, all from first days."""
    spend = [spent(0, 0, 6_000), spent(0, 0, 4_000, "service"), spent(20, 20, 2_500, "sales")]
    found = rows(spend, "return_on_investment")
    assert found["2024-01", "all"] == 50
    assert found["2024-01", "new"] == 150
    assert found["2024-01", "existing"] == -100
    assert found["2024-02", "existing"] == 100
    assert found["2024-02", "new"] is None


def test_without_active_customers_in_sight_the_reason_is_the_history() -> None:
    with kohorte.History.from_records(orders=ORDERS, spend=[spent(0, 0, 1, "service")]) as history:
        (row, *_) = history.metric("customer_retention_cost_per_customer")
    assert row.reason is not None
    assert row.reason.render("en") == (
        "It takes 365 days of data before the end of the period; the data begin on 20 Jan 2024."
    )


@st.composite
def budgets(draw: st.DrawFn) -> tuple[kohorte.Settings, list[Record], list[Record]]:
    zone = draw(st.sampled_from(shop.ZONES))
    settings = kohorte.Settings(
        timezone=zone,
        active_days=draw(st.sampled_from((5, 30))),
        margin_percent=draw(st.sampled_from((0.0, 40.0))),
    )
    one = st.tuples(
        st.integers(-40, 80),
        st.integers(-2, 60),
        st.sampled_from((0, 1, 9_999, 50_000)),
        st.sampled_from(("acquisition", *RETENTION)),
    )
    drawn = draw(st.lists(one, min_size=1, max_size=6))
    spend = [spent(first, first + days, cents, purpose) for first, days, cents, purpose in drawn]
    return settings, draw(shop.order_lists(zone)), spend


class Till:
    """Spend, customers and profit of a period, counted day by day."""

    def __init__(self, history: kohorte.History, orders: list[Record], spend: list[Record]) -> None:
        self.history = history
        self.spend = spend
        zone = history.settings.timezone
        self.orders = [
            (order["customer_id"], shop.on(order["placed_at"], zone), order["amount_minor"])
            for order in orders
            if order["state"] == "counted" and order["customer_id"]
        ]
        self.first = {
            who: min(d for w, d, _ in self.orders if w == who) for who, _, _ in self.orders
        }

    def total(self, period: Period, purposes: Sequence[str]) -> tuple[Fraction, int]:
        """Return cents spent and the number of expenses."""
        total, expenses = Fraction(0), 0
        for each in self.spend:
            if each["purpose"] not in purposes:
                continue
            first, last = sorted((each["starts_on"], each["ends_on"]))
            days = [first + number * shop.DAY for number in range((last - first).days + 1)]
            counted = sum(shop.within(day, period, self.history) for day in days)
            total += Fraction(each["amount_minor"] * counted, len(days))
            expenses += counted > 0
        return total, expenses

    def active(self, period: Period) -> int | None:
        assert self.history.span is not None
        opens = period.at_on - self.history.settings.active_days * shop.DAY
        if opens < self.history.span.starts_on:
            return None
        return len({who for who, day, _ in self.orders if opens <= day < period.at_on})

    def profit(self, period: Period, segment: str) -> tuple[Fraction, int]:
        """Return the cents of profit in a segment, and of how many customers."""
        found = [
            (who, cents)
            for who, day, cents in self.orders
            if period.starts_on <= day < period.ends_on
            and (segment == "all" or (segment == "new") == (day == self.first[who]))
        ]
        share = Fraction(self.history.settings.margin_percent or 0) / 100
        return sum((cents * share for _, cents in found), Fraction(0)), len({w for w, _ in found})

    def said(self, slug: str, period: Period, segment: str) -> Said:
        purposes = {
            "customer_acquisition_cost": ("acquisition",),
            "return_on_investment": {
                "all": ("acquisition", *RETENTION),
                "new": ("acquisition",),
                "existing": RETENTION,
            }[segment],
        }.get(slug, RETENTION)
        total, expenses = self.total(period, purposes)
        if not expenses:
            return Said(None, 0, "no_spend")
        if slug == "customer_retention_cost":
            return Said(float(total / 100), expenses)
        if slug == "return_on_investment":
            profit, n = self.profit(period, segment)
            if not total:
                return Said(None, n, "no_spend")
            return Said(float((profit - total) / total * 100), n)
        if slug == "customer_acquisition_cost":
            n = sum(period.starts_on <= day < period.ends_on for day in self.first.values())
            return Said(float(total / 100 / n), n) if n else Said(None, 0, "nobody_new")
        active = self.active(period)
        if active is None:
            return Said(None, 0, "active_history")
        return (
            Said(float(total / 100 / active), active) if active else Said(None, 0, "nobody_active")
        )


@given(budgets())
@strategies.examples(15)
def test_costs_are_those_of_a_plain_loop(
    drawn: tuple[kohorte.Settings, list[Record], list[Record]],
) -> None:
    settings, orders, spend = drawn
    with kohorte.History.from_records(orders=orders, spend=spend, settings=settings) as history:
        till = Till(history, orders, spend)
        for slug in SLUGS:
            if history.span is None or "spend" in history.lacking:
                continue
            shop.compare(
                history, slug, lambda period, segment, slug=slug: till.said(slug, period, segment)
            )
            for row in (history.metric(slug, segment="all")[0], *history.metric(slug, grain="all")):
                check_behind(history, row)


def check_behind(history: kohorte.History, row: kohorte.results.Row) -> None:
    if row.value is None or not row.n or row.segment != "all":
        return
    numerator, denominator = shop.halves(history, row)
    placed = history.orders_behind(row.metric, grain=row.grain, period=row.period).rows
    if row.metric == "return_on_investment":
        assert denominator == row.n
        assert len(placed) >= row.n
    elif row.metric == "customer_retention_cost":
        assert numerator == pytest.approx(100 * row.value if denominator else 0)
        assert placed == ()
    else:
        assert denominator == row.n
        assert numerator / denominator == pytest.approx(100 * row.value)


def test_expenses_are_not_those_of_some_customers() -> None:
    with (
        kohorte.History.from_records(orders=ORDERS, spend=[spent(0, 0, 1)]) as history,
        history.only("orders = 1"),
    ):
        (row,) = history.metric("customer_acquisition_cost", grain="all")
    assert (row.value, row.n) == (None, 0)
    assert row.reason is not None
    assert row.reason.render("de") == (
        "Ausgaben gelten allen Kunden gemeinsam, nicht einigen von ihnen."
    )


def test_expenses_alone_make_a_history() -> None:
    with kohorte.History.from_records(orders=[], spend=[spent(0, 0, 100, "sales")]) as history:
        assert history.span is not None
        assert history.span.ends_on - history.span.starts_on == dt.timedelta(days=1)
        (row,) = history.metric("customer_retention_cost", grain="all")
        assert (row.value, row.n) == (1, 1)
