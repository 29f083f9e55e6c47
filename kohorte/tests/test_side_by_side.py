"""Groups side by side: their numbers, whether they differ, and how long their customers stay."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kohorte
import strategies
from beside import shop
from kohorte import conditions, contrasts, periods
from kohorte.conditions import customers
from kohorte.errors import UnknownNameError
from kohorte.intervals import quantile
from kohorte.results import Group, Row, Side
from kohorte.settings import Settings
from oracle import intervals

DAY = dt.date(2024, 1, 1)


def row(value: float | None, low: float | None, high: float | None, n: int = 50) -> Row:
    return Row("m", "all", "all", DAY, DAY, "all", value, low, high, n, True)


def around(value: float, error: float) -> Row:
    """Return a value whose 95 % interval is as wide as this standard error makes it."""
    half = quantile(95) * error
    return row(value, value - half, value + half)


def test_the_statistic_is_the_one_worked_by_hand() -> None:
    """Values 1, 2, 4 with errors 1, 1, 2: weights 1, 1, 1/4, mean 16/9, Q = 49/81 + 4/81 + 100/81."""
    rows = [around(1, 1), around(2, 1), around(4, 2)]
    assert contrasts.statistic(rows, confidence_percent=95) == (pytest.approx(17 / 9), 2)
    # With two degrees of freedom the upper tail is exp(−Q / 2).
    p = contrasts.homogeneity(rows, confidence_percent=95)
    assert p == pytest.approx(math.exp(-17 / 18))


def test_the_statistic_is_the_published_one() -> None:
    """Thirteen trials of a vaccine (Colditz et al., JAMA 271, 1994): Q = 152.23 with 12 degrees."""
    trials = (
        *((-0.8893, 0.3256), (-1.5854, 0.1946), (-1.3481, 0.4154), (-1.4416, 0.0200)),
        *((-0.2175, 0.0512), (-0.7861, 0.0069), (-1.6209, 0.2230), (0.0120, 0.0040)),
        *((-0.4694, 0.0564), (-1.3713, 0.0730), (-0.3394, 0.0124), (0.4459, 0.5325)),
        (-0.0173, 0.0714),
    )
    rows = [around(value, variance**0.5) for value, variance in trials]
    assert contrasts.statistic(rows, confidence_percent=95) == (pytest.approx(152.23, abs=0.7), 12)


def test_two_groups_are_compared_as_two_values_are() -> None:
    """The square of a normal difference is chi-square with one degree: 1.96 errors apart is 5 %."""
    apart = 1.959964 * 5**0.5
    rows = [around(10, 1), around(10 + apart, 2)]
    assert contrasts.homogeneity(rows, confidence_percent=95) == pytest.approx(0.05, abs=1e-5)


def test_a_group_without_an_interval_has_no_say() -> None:
    known = [around(10, 1), around(11, 1)]
    alone = contrasts.homogeneity(known, confidence_percent=95)
    with_others = [*known, row(99, None, None), row(None, None, None), row(7, 7, 7)]
    assert contrasts.homogeneity(with_others, confidence_percent=95) == alone
    assert contrasts.homogeneity(with_others[1:], confidence_percent=95) is None


def test_many_metrics_are_corrected_for() -> None:
    pairs = {"a": 3.0, "b": 0.1}
    sides = [
        Side(
            Group(str(place), 9),
            tuple(
                dataclasses.replace(around(place * step, 1), metric=slug)
                for slug, step in pairs.items()
            ),
            (),
        )
        for place in (0, 1)
    ]
    alone = contrasts.homogeneity([around(0, 1), around(3, 1)], confidence_percent=95)
    assert alone is not None
    assert contrasts.apart(sides, confidence_percent=95)["a"] == pytest.approx(2 * alone)


def with_countries(orders: list[dict[str, Any]], split: int = 2) -> kohorte.History:
    history = kohorte.History.from_records(orders=orders, settings=Settings(active_days=60))
    history.engine.connection.execute(
        "INSERT INTO customers SELECT DISTINCT customer_id, "
        "chr(CAST(65 + ascii(customer_id) % $split AS INTEGER)) FROM orders",
        {"split": split},
    )
    return history


def market(seed: int, *, lift: float = 0.0) -> list[dict[str, Any]]:
    """Return orders of two groups, of which the second spends more by `lift`."""
    chance = random.Random(seed)  # noqa: S311 - a shop, not a secret
    return [
        shop.placed(
            number,
            f"{'ab'[group]}{chance.randrange(60)}",
            chance.randrange(90),
            int(chance.lognormvariate(7, 0.5) * (1 + lift * group)),
        )
        for number in range(300)
        for group in [chance.randrange(2)]
    ]


def test_groups_that_differ_are_told_apart_and_others_are_not() -> None:
    slugs = ["average_order_value", "repeat_purchase_rate"]
    with with_countries(market(2, lift=0.5)) as history:
        found = history.breakdown("country", slugs=slugs)
        rates = {
            side.group.value: side.rows[0].value
            for side in found.sides
            if side.rows[0].metric == slugs[0]
        }
        for value, part in ((g.value, p) for g, p in history.by("country")):
            (alone,) = part.metric(slugs[0], grain="all", segment="all")
            assert rates[value] == alone.value
    assert found.apart["average_order_value"] < 0.001
    assert found.apart["repeat_purchase_rate"] > 0.05
    with with_countries(market(2)) as history:
        assert min(history.breakdown("country", slugs=slugs).apart.values()) > 0.05


@pytest.mark.parametrize("dimension", ["rfm_group", "cohort"])
def test_groups_that_differ_of_themselves_are_not_tested(dimension: str) -> None:
    with with_countries(market(2)) as history:
        found = history.breakdown(dimension, slugs=["repeat_purchase_rate"])
    assert len(found.sides) > 1
    assert found.apart == {}
    assert dimension in contrasts.UNTESTED


def test_a_dimension_that_does_not_exist_is_refused() -> None:
    with (
        kohorte.History.from_records(orders=[shop.placed(1, "anna", 0)]) as history,
        pytest.raises(UnknownNameError, match="There are: country, channel, first_product"),
    ):
        history.breakdown("shoe_size")


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 150)), min_size=1, max_size=30))
@strategies.examples(20)
def test_a_grid_as_one_line_is_that_of_a_plain_loop(drawn: list[tuple[str, int]]) -> None:
    orders = [shop.placed(n, who, on, 100 + n) for n, (who, on) in enumerate(drawn)]
    with kohorte.History.from_records(orders=orders) as history:
        found = {stay.age: stay for stay in history.stays(history.cohorts())}
        assert history.span is not None
        last = history.span.ends_on
    months: dict[str, list[int]] = defaultdict(list)
    spent: dict[tuple[str, int], int] = defaultdict(int)
    for number, (who, on) in enumerate(drawn):
        day = shop.day(on)
        months[who].append(12 * day.year + day.month)
        spent[who, months[who][-1]] += 100 + number
    # A month is over once the data reach the first day of the next one; the first begins too late,
    # unless the data begin on its first day.
    over = 12 * last.year + last.month
    begun = min(first for each in months.values() for first in each)
    begun -= min(shop.day(on) for _who, on in drawn).day == 1
    for age in range(6):
        old_enough = [
            who for who, at in months.items() if min(at) + age < over and (min(at) + age > begun)
        ]
        if not old_enough:
            assert age not in found
            continue
        back = [who for who in old_enough if min(months[who]) + age in months[who]]
        stay = found[age]
        assert (stay.n, stay.back) == (len(old_enough), len(back))
        assert stay.orders == sum(months[who].count(min(months[who]) + age) for who in old_enough)
        assert stay.revenue == pytest.approx(
            sum(spent[who, min(months[who]) + age] for who in old_enough) / 100
        )
        if age:
            low, high = intervals.wilson(len(back), len(old_enough), reach=intervals.z(95))
            assert (stay.low, stay.high) == (
                pytest.approx(100 * low, abs=1e-9),
                pytest.approx(100 * high, abs=1e-9),
            )


CONDITIONS = st.sampled_from(
    [
        'channel = "mail"',
        'channel != "mail" or orders >= 2',
        'not channel in ("mail", "search")',
        "channel is unknown and orders = 1",
        'channel contains "A" or revenue > 5',
        'cohort = "2024-01" and units is unknown',
        "average_order_value between 2 and 9",
        "last_order more than 30 days ago or first_order within last 20 days",
        'channel starts with "s" and rfm_group not in ("lost", "new")',
    ]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"),
            st.integers(0, 60),
            st.integers(0, 900),
            st.sampled_from(("mail", "search", None)),
        ),
        min_size=1,
        max_size=12,
    ),
    CONDITIONS,
)
@strategies.examples(40)
def test_who_is_in_a_scope_is_whom_the_condition_holds_of_one_by_one(
    drawn: list[tuple[str, int, int, str | None]], text: str
) -> None:
    orders = [
        shop.placed(n, who, on, cents, channel=channel)
        for n, (who, on, cents, channel) in enumerate(drawn)
    ]
    orders.append(shop.placed(99, "z", 0, 1, channel="search"))
    with kohorte.History.from_records(orders=orders) as history:
        assert history.span is not None
        today = history.span.ends_on - shop.DAY
        with history.only("orders >= 1"):
            facts = history.engine.rows("SELECT * FROM facts_of_customers")
        node = conditions.parse(text, customers.FACTS)
        for each in facts:
            for day in ("first_order", "last_order"):
                each[day] = periods.from_day_number(each[day])
        holds = {
            each["customer_id"]
            for each in facts
            if conditions.judge(node, each, facts=customers.FACTS, today=today).holds
        }
        with history.only(text):
            inside = history.engine.rows("SELECT DISTINCT customer_id FROM orders")
    assert {each["customer_id"] for each in inside} == holds
