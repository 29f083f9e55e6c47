"""The library and the oracle give the same answers to the same questions."""

from __future__ import annotations

import collections
import math
import statistics
from fractions import Fraction

import pytest
from hypothesis import given

import product
import strategies
from kohorte import results
from kohorte import rfm as library_rfm
from kohorte import settings as shop
from oracle import activity, cohorts, examples, metrics, orders, rfm, table

# The library knows lifetime value's interval by a jackknife over random groups of customers, the
# oracle by the delta method: see `test_oracle_lifetime`.
OWN_INTERVAL = {"customer_lifetime_value", "customer_lifetime_profit"}
EXACT = {"revenue", "orders", "customers", "new_customers", "returning_customers"}


SHOPS = strategies.shops(min_orders=1).filter(lambda shop: shop.log is not None)


def close(
    found: float | None, expected: Fraction | float | None, *, within: float, scale: float = 1.0
) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    slack = within * max(1.0, 1e-5 * scale)
    return math.isclose(found, expected, rel_tol=within, abs_tol=slack)


def differences(found: results.Row, expected: table.Row) -> list[str]:
    """Return in words what a row says otherwise than the oracle."""
    where = f"{found.metric} {found.grain} {found.period} {found.segment}"
    said = []
    exact = found.metric in EXACT and expected.value is not None
    if exact and found.value != float(expected.value or 0):
        said.append(f"{where}: value {found.value}, not {expected.value}")
    if not close(found.value, expected.value, within=1e-9):
        said.append(f"{where}: value {found.value}, not {expected.value}")
    for bound in () if found.metric in OWN_INTERVAL or is_narrow(expected) else ("low", "high"):
        ours, theirs = getattr(expected, bound), getattr(found, bound)
        if not close(theirs, ours, within=1e-6, scale=abs(expected.value or 0)):
            said.append(f"{where}: {bound} {theirs}, not {ours}")
    for name in ("n", "complete", "starts_on", "ends_on", "grain"):
        ours, theirs = getattr(expected, name), getattr(found, name)
        if theirs != ours:
            said.append(f"{where}: {name} {theirs}, not {ours}")
    if (found.value is None) != (found.reason is not None):
        said.append(f"{where}: value {found.value} with reason {found.reason}")
    return said


def is_narrow(row: table.Row) -> bool:
    """Return whether an interval is too narrow for sums of squares in floats to tell."""
    if row.low is None or row.high is None:
        return False
    return row.high - row.low < 1e-6 * abs(row.value or 0)


def compare_rows(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        rows = {grain: product.keyed(history.rows(grain=grain)) for grain in shop.grains}
    for grain, found in rows.items():
        expected = {
            (row.metric, row.period, row.segment): row
            for slug in metrics.METRICS
            for row in table.of(log, slug, grain)
        }
        assert set(found) == set(expected)
        said = [line for key, row in found.items() for line in differences(row, expected[key])]
        assert not said, "\n".join(said[:20])


def compare_cohorts(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        grids = {
            grain: (
                history.cohorts(grain=grain, age="calendar"),
                history.cohorts(grain=grain, age="rolling"),
            )
            for grain in shop.grains
            if grain != "all"
        }
    for grain, (calendar, rolling) in grids.items():
        assert (calendar.grain, calendar.age, calendar.age_days) == (grain, "calendar", None)
        assert (rolling.grain, rolling.age) == (grain, "rolling")
        assert rolling.age_days == shop.settings.cohort_days
        assert [as_oracle(cohort) for cohort in calendar.cohorts if cohort.size] == [
            as_floats(cohort) for cohort in cohorts.calendar(log, grain)
        ]
        assert [as_oracle(cohort) for cohort in rolling.cohorts if cohort.size] == [
            as_floats(cohort) for cohort in cohorts.rolling(log, grain)
        ]


Cells = dict[int, tuple[int | None, int | None, float | None, bool]]
Plain = tuple[str, object, int, bool, Cells]


def as_oracle(cohort: results.Cohort) -> Plain:
    """Return a cohort with its observed cells only; the others must be empty throughout."""
    cells: Cells = {}
    ages = zip(cohort.customers, cohort.orders, cohort.revenue, cohort.complete, strict=True)
    for age, (customers, placed, revenue, complete) in enumerate(ages):
        if customers is None:
            assert (placed, revenue) == (None, None)
        else:
            cells[age] = (customers, placed, revenue, complete)
    older = cohort.may_hold_older_customers
    return cohort.period, cohort.starts_on, cohort.size, older, cells


def as_floats(cohort: cohorts.Cohort) -> Plain:
    cells: Cells = {}
    for age, cell in cohort.cells.items():
        revenue = None if cell.revenue is None else float(cell.revenue)
        cells[age] = (cell.customers, cell.orders, revenue, cell.complete)
    older = cohort.may_hold_older_customers
    return cohort.period, cohort.starts_on, cohort.size, older, cells


@given(shop=SHOPS)
@strategies.examples(20)
def test_every_metric(shop: strategies.Shop) -> None:
    compare_rows(shop)


@pytest.mark.slow
@given(shop=SHOPS)
@strategies.examples(200)
def test_every_metric_of_many_shops(shop: strategies.Shop) -> None:
    compare_rows(shop)


@pytest.mark.slow
def test_every_metric_of_a_busy_shop() -> None:
    recorded = tuple(examples.busy_shop())
    refunds = tuple(
        examples.refund(order.order_id, (order.amount_minor or 0) // share)
        for number, order in enumerate(recorded)
        for share in (1, 3)
        if number % 20 == share
    )
    settings = shop.Settings(
        timezone="Europe/Berlin", active_days=90, retention_days=60, repeat_days=30
    )
    compare_rows(strategies.Shop(recorded, refunds, settings, "EUR", ("month", "quarter", "all")))


@pytest.mark.parametrize("recorded", [(), (examples.order("a", "2024-01-01", state="cancelled"),)])
def test_where_nothing_counts_there_is_nothing_to_say(recorded: tuple[orders.Order, ...]) -> None:
    empty = strategies.Shop(recorded, (), shop.Settings(), "EUR", results.GRAINS)
    with product.history(empty) as history:
        for grain in empty.grains:
            assert history.rows(grain=grain) == []
            assert history.movements(grain) == []
            assert history.cohorts(grain=grain, age="calendar").cohorts == ()
            assert history.cohorts(grain=grain, age="rolling").cohorts == ()
        assert history.customers() == []
        assert history.rfm().customers == 0


@given(shop=SHOPS)
@strategies.examples(12)
def test_cohorts(shop: strategies.Shop) -> None:
    compare_cohorts(shop)


@given(shop=SHOPS)
@strategies.examples(12)
def test_movements(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        for grain in shop.grains:
            assert list(history.movements(grain)) == activity.movements(log, grain)


@given(shop=SHOPS)
@strategies.examples(12)
def test_rfm(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        found = history.rfm()
    scores = rfm.scores(log)
    customers = rfm.customers(log)
    assert found.as_of == log.end
    assert found.customers == len(customers)
    cells = collections.Counter((score.recency, score.frequency) for score in scores.values())
    assert {cell: n for cell, n in found.cells.items() if n} == cells
    for group in found.groups:
        members = [
            customers[who]
            for who, score in scores.items()
            if library_rfm.group_of(score.recency, score.frequency) == group.slug
        ]
        assert group.customers == len(members)
        assert group.orders == sum(customer.orders for customer in members)
        revenue = sum(customer.revenue or 0 for customer in members)
        assert close(group.revenue, Fraction(revenue), within=1e-9)
        days = [customer.recency_days for customer in members]
        assert group.median_recency_days == (statistics.median(days) if days else 0)
    for who, score in scores.items():
        customer = customers[who]
        bounds = found.thresholds
        assert score.recency == 1 + sum(customer.recency_days < b for b in bounds["recency"])
        assert score.frequency == 1 + sum(customer.orders > b for b in bounds["frequency"])
        if customer.revenue is not None:
            money = float(customer.revenue)
            assert score.monetary == 1 + sum(money > bound for bound in bounds["monetary"])


@given(shop=SHOPS)
@strategies.examples(12)
def test_customer_state(shop: strategies.Shop) -> None:
    log = shop.log
    assert log is not None
    with product.history(shop) as history:
        found = {record["customer_id"]: record for record in history.customers()}
    states = {str(who): state for who, state in rfm.state(log).items()}
    customers = {str(who): customer for who, customer in rfm.customers(log).items()}
    assert set(found) == set(states)
    for who, record in found.items():
        state, customer = states[who], customers[who]
        assert (record["x"], record["t_x"], record["T"]) == (state.x, state.t_x, state.T)
        assert close(record["monetary"], state.monetary, within=1e-9)
        assert (record["first_on"], record["last_on"]) == (customer.first_on, customer.last_on)
        assert record["purchase_days"] == state.x + 1
        assert record["orders"] == customer.orders
        assert close(record["revenue"], customer.revenue, within=0)
