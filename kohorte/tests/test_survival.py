"""Kaplan–Meier and log-rank: published examples, a naive oracle, and customers who are still waiting."""

from __future__ import annotations

import datetime as dt
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
from kohorte import survival
from kohorte.chi_square import upper_tail
from kohorte.errors import UnknownNameError
from kohorte.survival import Wait

# Remission of leukemia in weeks under 6-mercaptopurine and under placebo (Freireich et al. 1963, as
# printed in Kalbfleisch & Prentice): weeks with a relapse, and weeks where the observation ended.
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
TREATED_OPEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def waits(came: list[int], waiting: list[int]) -> list[Wait]:
    days = sorted({*came, *waiting})
    return [Wait(day, came.count(day), waiting.count(day)) for day in days]


def curve(came: list[int], waiting: list[int]) -> kohorte.results.Survival:
    return survival.estimate(waits(came, waiting), to_order=2, confidence_percent=95)


def test_the_published_curve_comes_out() -> None:
    found = curve(TREATED, TREATED_OPEN)
    left = {p.day: round(1 - p.returned, 3) for p in found.points if p.came}
    assert left == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    at_risk = {p.day: p.at_risk for p in found.points if p.came}
    assert at_risk == {6: 21, 7: 17, 10: 15, 13: 12, 16: 11, 22: 7, 23: 6}
    assert found.quantile(0.5) == 23
    assert found.quantile(0.9) is None


def test_the_band_is_that_of_the_complementary_log_log() -> None:
    # S(10) = 0.753, Greenwood's standard error 0.0963 (as in the textbook).
    point = curve(TREATED, TREATED_OPEN).by(10)
    assert point is not None
    error = 0.0963 / (0.7529 * abs(math.log(0.7529)))
    low, high = (1 - 0.7529 ** math.exp(sign * 1.96 * error) for sign in (-1, 1))
    assert (point.low, point.high) == pytest.approx((low, high), abs=5e-4)


def test_the_published_log_rank_comes_out() -> None:
    found = survival.log_rank({"6-MP": waits(TREATED, TREATED_OPEN), "placebo": waits(PLACEBO, [])})
    assert found is not None
    assert found.statistic == pytest.approx(16.79, abs=0.005)
    assert (found.degrees, found.groups) == (1, ("6-MP", "placebo"))
    assert found.p == pytest.approx(4.17e-5, rel=0.01)


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (7.814728, 3, 0.05), (18.307038, 10, 0.05),
     (21.665994, 9, 0.01), (0.0, 3, 1.0), (1e4, 5, 0.0)],
)  # fmt: skip
def test_the_upper_tail_is_that_of_the_tables(statistic: float, degrees: int, p: float) -> None:
    assert upper_tail(statistic, degrees) == pytest.approx(p, abs=1e-6)


TIMES = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30)


@given(TIMES)
def test_the_curve_agrees_with_the_definition(times: list[tuple[int, bool]]) -> None:
    found = curve([d for d, came in times if came], [d for d, came in times if not came])
    left = 1.0
    for point in found.points:
        at_risk = sum(days >= point.day for days, _ in times)
        came = sum(days == point.day and happened for days, happened in times)
        left *= 1 - came / at_risk
        assert (point.at_risk, point.came) == (at_risk, came)
        assert 1 - point.returned == pytest.approx(left)
        if point.low is not None and point.high is not None:
            assert 0 <= point.low <= point.returned <= point.high <= 1


@given(TIMES, TIMES)
def test_two_groups_have_the_test_of_the_textbook(
    one: list[tuple[int, bool]], two: list[tuple[int, bool]]
) -> None:
    surplus = spread = 0.0
    for day in {days for days, came in one + two if came}:
        n, m = (sum(days >= day for days, _ in group) for group in (one, two))
        d = sum(days == day and came for days, came in one + two)
        mine = sum(days == day and came for days, came in one)
        surplus += mine - d * n / (n + m)
        if n + m > 1:
            spread += d * n * m * (n + m - d) / ((n + m) ** 2 * (n + m - 1))
    groups = {
        name: waits([d for d, came in group if came], [d for d, came in group if not came])
        for name, group in (("one", one), ("two", two))
    }
    found = survival.log_rank(groups)
    if spread < 1e-9:
        assert found is None
    else:
        assert found is not None
        assert found.statistic == pytest.approx(surplus**2 / spread)


def test_three_groups_do_not_depend_on_their_order() -> None:
    chance = random.Random(7)  # noqa: S311 - a sample, not a secret
    groups = {
        name: waits(
            [chance.randrange(40) for _ in range(30)], [chance.randrange(40) for _ in range(9)]
        )
        for name in "abc"
    }
    found = survival.log_rank(groups)
    turned = survival.log_rank(dict(reversed(groups.items())))
    assert found is not None
    assert turned is not None
    assert found.degrees == 2
    assert turned.statistic == pytest.approx(found.statistic)


def test_under_equal_waits_the_test_is_wrong_as_often_as_it_says() -> None:
    chance = random.Random(11)  # noqa: S311 - a sample, not a secret
    wrong = 0
    for _ in range(400):
        groups = {}
        for name in "ab":
            times = [(int(chance.expovariate(0.05)), chance.randrange(80)) for _ in range(60)]
            groups[name] = waits([d for d, c in times if d <= c], [c for d, c in times if d > c])
        found = survival.log_rank(groups)
        wrong += found is not None and found.p < 0.05
    assert 8 <= wrong <= 34


def test_there_is_nothing_to_compare_in_one_group() -> None:
    assert survival.log_rank({"a": waits([1], []), "b": []}) is None


def order(number: int, customer: str, day: int) -> dict[str, object]:
    placed_at = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)
    return {"order_id": str(number), "customer_id": customer, "placed_at": placed_at}


def test_customers_who_wait_count_for_as_long_as_they_were_watched() -> None:
    days = [("anna", 0), ("anna", 0), ("anna", 30), ("ben", 10), ("cleo", 40), ("anna", 50)]
    orders = [order(n, name, day) for n, (name, day) in enumerate(days)]
    with kohorte.History.from_records(orders=orders) as history:
        second, third = history.survival(2), history.survival(3)
        assert [(p.day, p.at_risk, p.came, p.waiting) for p in second.points] == [
            (10, 3, 0, 1),
            (30, 2, 1, 0),
            (40, 1, 0, 1),
        ]
        assert [(p.day, p.came, p.waiting) for p in third.points] == [(20, 1, 0)]
        assert second.by(29) == second.points[0]
        assert second.by(41) is None
        assert [second.watched(day) for day in (0, 10, 11, 30, 31, 41)] == [3, 3, 2, 2, 1, 0]
        with pytest.raises(UnknownNameError, match="order 2 or later"):
            history.survival(1)


def test_groups_of_customers_add_up_to_all() -> None:
    chance = random.Random(3)  # noqa: S311 - a sample, not a secret
    orders = [order(n, f"c{chance.randrange(20)}", chance.randrange(200)) for n in range(80)]
    with kohorte.History.from_records(orders=orders) as history:
        parts = [part.waits(2) for _, part in history.by("cohort")]
        assert survival.together(parts) == history.waits(2)


def test_before_anybody_has_come_it_is_nobody() -> None:
    found = curve([20], [30])
    early = found.by(10)
    assert early is not None
    assert (early.returned, early.at_risk, early.low, early.high) == (0.0, 2, None, None)


def test_where_everybody_has_come_it_stays_so() -> None:
    later = curve([5, 9], []).by(300)
    assert later is not None
    assert later.returned == 1.0


def test_an_empty_history_has_no_curve() -> None:
    with kohorte.History.from_records(orders=[]) as history:
        assert history.survival() == kohorte.results.Survival(2, 0, ())
