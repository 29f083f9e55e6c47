"""The oracle's calendar."""

from __future__ import annotations

import datetime as dt

import pytest

from kohorte import results
from kohorte import settings as shop
from oracle import periods
from oracle.examples import log, order


def test_periods_keep_their_calendar_bounds_and_only_whole_ones_are_complete() -> None:
    found = periods.of(log([order("a", "2011-11-15"), order("a", "2012-01-31")]), "month")
    assert [(p.label, p.starts_on, p.ends_on, p.complete) for p in found] == [
        ("2011-11", dt.date(2011, 11, 1), dt.date(2011, 12, 1), False),
        ("2011-12", dt.date(2011, 12, 1), dt.date(2012, 1, 1), True),
        ("2012-01", dt.date(2012, 1, 1), dt.date(2012, 2, 1), True),
    ]


def test_an_unfinished_period_is_evaluated_when_the_history_ends() -> None:
    (found,) = periods.of(log([order("a", "2024-02-01"), order("a", "2024-02-20")]), "month")
    assert not found.complete
    assert found.evaluated_on == dt.date(2024, 2, 21)
    (whole,) = periods.of(log([order("a", "2024-02-01"), order("a", "2024-02-20")]), "all")
    assert (whole.starts_on, whole.ends_on) == (dt.date(2024, 2, 1), dt.date(2024, 2, 21))
    assert whole.complete


@pytest.mark.parametrize(
    ("grain", "week_start", "label", "starts_on", "ends_on"),
    [
        ("day", 1, "2011-11-30", "2011-11-30", "2011-12-01"),
        ("week", 1, "2011-W48", "2011-11-28", "2011-12-05"),
        ("week", 7, "2011-11-27", "2011-11-27", "2011-12-04"),
        ("week", 3, "2011-11-30", "2011-11-30", "2011-12-07"),
        ("month", 1, "2011-11", "2011-11-01", "2011-12-01"),
        ("quarter", 1, "2011-Q4", "2011-10-01", "2012-01-01"),
        ("year", 1, "2011", "2011-01-01", "2012-01-01"),
        ("all", 1, "all", "2011-11-30", "2011-12-01"),
    ],
)
def test_labels(
    grain: results.Grain, week_start: int, label: str, starts_on: str, ends_on: str
) -> None:
    one_day = log([order("a", "2011-11-30")], settings=shop.Settings(week_start=week_start))
    (found,) = periods.of(one_day, grain)
    assert found.label == label
    assert (found.starts_on.isoformat(), found.ends_on.isoformat()) == (starts_on, ends_on)


def test_the_iso_year_of_a_week_may_differ_from_the_calendar() -> None:
    (found,) = periods.of(log([order("a", "2021-01-01")]), "week")
    assert found.label == "2020-W53"
