"""Why a number moved, and whether it moved at all: sums that tie, and alarms that chance does not ring."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
from kohorte import causes, differences, moving
from kohorte.errors import UnknownNameError
from kohorte.results import Decomposition, Group, Move, Row
from kohorte.settings import Settings

DAY = dt.date(2024, 1, 1)


def row(value: float | None, n: int, low: float | None = None, high: float | None = None) -> Row:
    return Row("m", "month", "p", DAY, DAY, "all", value, low, high, n, True)


def parts_of(values: list[tuple[float | None, int, float | None, int]]) -> list[causes.Part]:
    return [
        causes.Part(Group(str(place), n), row(v, n), row(w, m))
        for place, (v, n, w, m) in enumerate(values)
    ]


def mean(rows: list[Row]) -> Row:
    known = [each for each in rows if each.value is not None]
    n = sum(each.n for each in known)
    return row(sum((each.value or 0) * each.n for each in known) / n if n else None, n)


VALUES = st.tuples(
    st.none() | st.floats(0, 100),
    st.integers(1, 50),
    st.none() | st.floats(0, 100),
    st.integers(1, 50),
)


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_mix_and_rate_add_up_to_the_move_of_a_mean(
    values: list[tuple[float | None, int, float | None, int]],
) -> None:
    parts = parts_of(values)
    before, after = (mean([getattr(part, name) for part in parts]) for name in ("before", "after"))
    found = causes.decompose(before, after, parts)
    if before.value is None or after.value is None:
        assert found is None
        return
    assert found is not None
    if found.kind == "mean":
        moved = sum((cause.mix or 0) + (cause.rate or 0) for cause in found.causes)
        assert moved == pytest.approx(after.value - before.value, abs=1e-6)
    assert found.kind != "neither"
    assert found.rest == pytest.approx(0, abs=1e-3)


def test_a_shift_between_groups_alone_is_mix() -> None:
    parts = parts_of([(10.0, 80, 10.0, 20), (50.0, 20, 50.0, 80)])
    found = causes.decompose(row(18.0, 100), row(42.0, 100), parts)
    assert found is not None
    assert [(cause.mix, cause.rate) for cause in found.causes] == [
        (pytest.approx(12), 0),
        (pytest.approx(12), 0),
    ]


def test_a_value_that_groups_do_not_make_up_is_left_unexplained() -> None:
    found = causes.decompose(row(1.0, 10), row(5.0, 10), parts_of([(3.0, 5, 4.0, 5)]))
    assert found is not None
    assert (found.kind, found.rest) == ("neither", 4.0)


def order(number: int, customer: str | None, day: int, amount: int) -> dict[str, Any]:
    placed_at = dt.datetime.combine(DAY + dt.timedelta(days=day), dt.time(12))
    return {
        "order_id": str(number),
        "customer_id": customer,
        "placed_at": placed_at,
        "amount_minor": amount,
    }


def shop(seed: int, *, days: int, per_day: float = 3.0) -> list[dict[str, Any]]:
    """Return a shop in which nothing changes: as many new customers each day, alike for ever."""
    chance = random.Random(seed)  # noqa: S311 - a shop, not a secret
    orders: list[dict[str, Any]] = []
    for day in range(-400, days):
        for number in range(int(per_day) + (chance.random() < per_day % 1)):
            at = float(day)
            while at < days and chance.random() < 0.7:
                if at >= 0:
                    amount = int(chance.lognormvariate(8, 0.5))
                    orders.append(order(len(orders), f"{day}-{number}", int(at), amount))
                at += chance.expovariate(1 / 60)
    return orders


def test_a_move_of_real_orders_is_explained_to_the_cent() -> None:
    orders = [*shop(1, days=90), order(99_999, None, 40, 500)]
    with kohorte.History.from_records(orders=orders) as history:
        for customer, country in (("c", "DE"), ("d", "AT")):
            history.engine.connection.execute(
                "INSERT INTO customers SELECT DISTINCT customer_id, ? FROM orders "
                "WHERE hash(customer_id) % 2 = ? AND customer_id IS NOT NULL",
                [country, "cd".index(customer)],
            )
        found = {
            slug: history.why(slug, grain="month", before="2024-01", after="2024-02", by="country")
            for slug in ("revenue", "average_order_value", "repeat_purchase_rate", "customer_value")
        }
    assert {slug: each and each.kind for slug, each in found.items()} == {
        "revenue": "total",
        "average_order_value": "mean",
        "repeat_purchase_rate": "mean",
        "customer_value": "mean",
    }
    for each in found.values():
        assert isinstance(each, Decomposition)
        assert each.rest == pytest.approx(0, abs=1e-6)


def test_a_metric_that_was_not_known_then_is_not_explained() -> None:
    with kohorte.History.from_records(orders=shop(2, days=70)) as history:
        slug = "customer_retention_rate"
        assert (
            history.why(slug, grain="month", before="2024-01", after="2024-02", by="cohort") is None
        )
        with pytest.raises(UnknownNameError, match="There is no month"):
            history.why(slug, grain="month", before="2023-01", after="2024-02", by="cohort")


def test_many_looks_are_corrected_for() -> None:
    assert differences.together({"a": 0.02, "b": 0.02, "c": 0.9}) == {
        "a": 0.06,
        "b": 0.06,
        "c": 0.9,
    }
    assert differences.together({}) == {}


def test_the_probability_meets_the_limits_at_their_level() -> None:
    before, after = row(10.0, 50, 8.0, 12.0), row(14.0, 50, 11.0, 17.0)
    p = differences.probability(after, before, confidence_percent=95)
    found = differences.limits(after, before)
    assert p is not None
    assert found is not None
    assert (p < 0.05) == (found[0] > 0)
    edge = row(10.0 + (3**2 + 2**2) ** 0.5, 50, 7.0 + (3**2 + 2**2) ** 0.5, 30.0)
    assert differences.probability(edge, before, confidence_percent=95) == pytest.approx(0.05)
    assert differences.probability(row(1.0, 1), before, confidence_percent=95) is None


@pytest.mark.slow
def test_a_shop_in_which_nothing_changes_rings_no_alarm_more_often_than_it_says() -> None:
    alarms = 0
    for seed in range(60):
        settings = Settings(active_days=60, retention_days=30, repeat_days=20)
        with kohorte.History.from_records(
            orders=shop(seed, days=150, per_day=2), settings=settings
        ) as history:
            alarms += bool(history.moves("month"))
    assert alarms <= 7


@pytest.mark.soak
def test_nor_does_it_where_every_month_is_also_set_against_the_year_before() -> None:
    alarms = 0
    for seed in range(200, 240):
        settings = Settings(active_days=60, retention_days=30, repeat_days=20)
        with kohorte.History.from_records(
            orders=shop(seed, days=800, per_day=1), settings=settings
        ) as history:
            compared = history.compared("month")
            assert any(move.before.period[:4] != move.after.period[:4] for move in compared)
            alarms += bool(history.moves("month"))
    assert alarms <= 5


def monthly(slug: str, *values: float | None, complete: int = 99) -> list[Row]:
    """Return months of a metric from January 2024 on, of which the first so many are whole."""
    starts = [dt.date(2024 + n // 12, n % 12 + 1, 1) for n in range(len(values) + 1)]
    return [
        Row(
            *(slug, "month", f"{starts[n]:%Y-%m}", starts[n], starts[n + 1], "all"),
            *(value, None, None) if value is None else (value, value - 1, value + 1),
            *(50, n < complete),
        )
        for n, value in enumerate(values)
    ]


def pairs(moves: list[Move]) -> list[tuple[str, str, str]]:
    return sorted((m.after.metric, m.before.period, m.after.period) for m in moves)


def compare(*rows: Row) -> list[Move]:
    return moving.compare(rows, confidence_percent=95)


def test_the_last_whole_month_is_set_against_the_one_before_and_the_year_before() -> None:
    rows = monthly("average_order_value", *range(10, 24), complete=13)
    assert pairs(compare(*rows)) == [
        ("average_order_value", "2024-01", "2025-01"),
        ("average_order_value", "2024-12", "2025-01"),
    ]


def test_a_metric_that_is_not_known_in_its_last_whole_month_is_left_out() -> None:
    """A survey that ended in February says nothing about March, and March nothing about April."""
    assert compare(*monthly("average_order_value", 10, 20, None)) == []
    assert compare(*monthly("average_order_value", 10, None, 20)) == []
    assert compare(*monthly("average_order_value", 10)) == []


def test_numbers_of_customers_are_not_compared() -> None:
    assert compare(*monthly("returning_customers", 10, 99)) == []
    assert len(compare(*monthly("repeat_purchase_rate", 10, 99))) == 1


def test_every_comparison_counts_when_many_are_corrected_for() -> None:
    alone = compare(*monthly("average_order_value", 10, 12.5))
    two = compare(
        *monthly("average_order_value", 10, 12.5), *monthly("repeat_purchase_rate", 10, 10)
    )
    assert [move.p for move in two] == [pytest.approx(2 * alone[0].p), 1]
    assert [m.after.metric for m in moving.beyond_chance(alone, confidence_percent=95)] == [
        "average_order_value"
    ]
    assert moving.beyond_chance(two, confidence_percent=99.9) == []


def test_years_have_one_comparison_and_all_of_it_together_none() -> None:
    rows = [
        dataclasses.replace(
            row,
            grain="year",
            starts_on=dt.date(2020 + n, 1, 1),
            ends_on=dt.date(2021 + n, 1, 1),
        )
        for n, row in enumerate(monthly("average_order_value", 10, 20))
    ]
    assert len(compare(*rows)) == 1
    assert compare(dataclasses.replace(rows[0], grain="all", starts_on=dt.date(2024, 2, 29))) == []


def test_a_shop_that_changes_rings() -> None:
    orders = shop(5, days=60)
    for each in orders:
        if each["placed_at"].month == 2:
            each["amount_minor"] *= 3
    with kohorte.History.from_records(orders=orders) as history:
        moved = {move.after.metric: move.p for move in history.moves("month")}
    assert moved["average_order_value"] < 0.001
