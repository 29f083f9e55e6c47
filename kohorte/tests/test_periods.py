from __future__ import annotations

import datetime as dt

import pytest

from kohorte import periods
from kohorte.periods import Span
from kohorte.results import Grain


@pytest.mark.parametrize(
    ("grain", "labels"),
    [
        ("week", ["2020-W52", "2020-W53", "2021-W01"]),
        ("month", ["2020-12", "2021-01"]),
        ("quarter", ["2020-Q4", "2021-Q1"]),
        ("year", ["2020", "2021"]),
        ("all", ["all"]),
    ],
)
def test_labels_over_the_turn_of_a_year(grain: Grain, labels: list[str]) -> None:
    span = Span(dt.date(2020, 12, 27), dt.date(2021, 1, 5))
    assert [period.label for period in periods.cut(grain, span)] == labels


def test_a_week_from_sunday_is_named_by_its_first_day() -> None:
    span = Span(dt.date(2011, 11, 30), dt.date(2011, 12, 1))
    (week,) = periods.cut("week", span, week_start=7)
    assert (week.label, week.starts_on, week.ends_on) == (
        "2011-11-27",
        dt.date(2011, 11, 27),
        dt.date(2011, 12, 4),
    )


def test_only_periods_covered_from_end_to_end_are_complete() -> None:
    span = Span(dt.date(2024, 1, 15), dt.date(2024, 4, 10))
    found = {period.label: period.complete for period in periods.cut("month", span)}
    assert found == {"2024-01": False, "2024-02": True, "2024-03": True, "2024-04": False}


def test_an_unfinished_period_is_judged_where_the_data_end() -> None:
    span = Span(dt.date(2024, 3, 1), dt.date(2024, 4, 10))
    march, april = periods.cut("month", span)
    assert (march.at_on, april.at_on) == (dt.date(2024, 4, 1), dt.date(2024, 4, 10))


def test_periods_touch_and_never_overlap() -> None:
    span = Span(dt.date(2023, 2, 27), dt.date(2025, 3, 3))
    for grain in ("day", "week", "month", "quarter", "year"):
        cut = periods.cut(grain, span)  # type: ignore[arg-type]  # a grain by construction
        assert [period.ends_on for period in cut[:-1]] == [period.starts_on for period in cut[1:]]
