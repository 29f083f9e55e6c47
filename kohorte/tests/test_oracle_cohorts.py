"""The oracle's cohorts, scores and customer states on logs small enough to do by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from kohorte import settings as shop
from oracle import cohorts, orders, rfm
from oracle.examples import log, order


def by_hand() -> orders.Log:
    return log(
        [
            order("a", "2024-01-05", cents=100),
            order("b", "2024-01-31", cents=200),
            order("a", "2024-02-04", cents=300),
            order("a", "2024-02-04", cents=400),
            order("c", "2024-02-10", cents=500),
            order("b", "2024-03-10", cents=600),
        ],
        settings=shop.Settings(cohort_days=30),
    )


def test_calendar_ages_and_the_months_seen_in_part() -> None:
    january, february = cohorts.calendar(by_hand(), "month")
    assert (january.period, january.size) == ("2024-01", 2)
    assert january.cells == {
        0: cohorts.Cell(2, 2, Fraction(3), False),
        1: cohorts.Cell(1, 2, Fraction(7), True),
        2: cohorts.Cell(1, 1, Fraction(6), False),
    }
    assert february.cells == {
        0: cohorts.Cell(1, 1, Fraction(5), True),
        1: cohorts.Cell(0, 0, Fraction(0), False),
    }


def test_rolling_ages_need_every_customer_observed() -> None:
    """The history ends with 10 March: 31 January + 30 days are seen, + 60 are not."""
    january, february = cohorts.rolling(by_hand(), "month")
    assert january.cells == {0: cohorts.Cell(2, 2, Fraction(3), True)}
    assert february.cells == {}
    assert february.size == 1


def test_cohorts_near_the_left_edge_may_hold_older_customers() -> None:
    """The gaps are 30 and 39 days, 34.5 in the middle: February begins 27 days in."""
    assert cohorts.median_gap(by_hand()) == Fraction(69, 2)
    january, february = cohorts.calendar(by_hand(), "month")
    assert january.may_hold_older_customers
    assert february.may_hold_older_customers
    lonely = log([order("a", "2024-01-05")])
    assert cohorts.median_gap(lonely) == 0
    (first,) = cohorts.calendar(lonely, "month")
    assert first.may_hold_older_customers


def test_state_is_counted_in_days_and_one_purchase_a_day() -> None:
    found = rfm.state(by_hand())
    assert found["a"] == rfm.State(1, 30, 65, Fraction(7))
    assert found["b"] == rfm.State(1, 39, 39, Fraction(6))
    assert found["c"] == rfm.State(0, 0, 29, None)


def test_customers_as_of_the_end() -> None:
    anna = rfm.customers(by_hand())["a"]
    assert (anna.first_on, anna.last_on) == (dt.date(2024, 1, 5), dt.date(2024, 2, 4))
    assert (anna.orders, anna.revenue, anna.recency_days) == (3, Fraction(8), 36)


def test_scores_keep_ties_together() -> None:
    recorded = [
        order(name, f"2024-01-{number:02}", cents=cents)
        for name, number, cents in [
            ("a", 1, 10),
            ("b", 2, 10),
            ("c", 3, 20),
            ("d", 4, 30),
            ("e", 5, 30),
        ]
    ]
    found = rfm.scores(log(recorded))
    assert [found[name].recency for name in "abcde"] == [1, 2, 3, 4, 5]
    assert [found[name].frequency for name in "abcde"] == [1, 1, 1, 1, 1]
    assert [found[name].monetary for name in "abcde"] == [1, 1, 3, 4, 4]
