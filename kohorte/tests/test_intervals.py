from __future__ import annotations

import math

import pytest

from kohorte import intervals
from kohorte.student import student


def test_share_of_nobody_is_unknown() -> None:
    assert intervals.share(0, 0, z=1.96) == intervals.NOTHING


def test_shares_of_none_and_all_end_exactly_at_the_border() -> None:
    assert intervals.share(0, 10, z=1.96).low == 0.0
    assert intervals.share(10, 10, z=1.96).high == 1.0


def test_share_agrees_with_the_published_example() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263."""
    estimate = intervals.share(81, 263, z=intervals.quantile(95))
    assert round(estimate.low or 0, 4) == 0.2553
    assert round(estimate.high or 0, 4) == 0.3662


def test_mean_of_one_has_no_interval() -> None:
    assert intervals.mean(1, total=5, squares=25, z=1.96) == intervals.Estimate(5.0)


def test_equal_values_do_not_tell_how_wide_their_interval_is() -> None:
    assert intervals.mean(4, total=20, squares=100, z=1.96) == intervals.Estimate(5.0)


def test_ratio_over_single_orders_is_the_mean() -> None:
    values = [10.0, 20.0, 30.0]
    squares = sum(value * value for value in values)
    as_ratio = intervals.ratio(3, y=60, x=3, yy=squares, xy=60, xx=3, z=1.96)
    as_mean = intervals.mean(3, total=60, squares=squares, z=1.96)
    assert as_ratio.low == pytest.approx(as_mean.low)
    assert as_ratio.high == pytest.approx(as_mean.high)


def test_ratio_without_denominator_is_unknown() -> None:
    assert intervals.ratio(3, y=1, x=0, yy=1, xy=0, xx=0, z=1.96) == intervals.NOTHING


def test_jackknife_of_a_mean_is_close_to_its_textbook_interval() -> None:
    groups = [(float(value), 1.0) for value in (7, 9, 10, 12, 8, 11, 10, 9, 13, 11)]

    def mean(totals: object) -> float:
        total, count = totals  # type: ignore[misc]  # two sums by construction
        return float(total / count)

    estimate = intervals.jackknife(groups, mean, confidence_percent=95)
    assert estimate.value == 10.0
    spread = math.sqrt(sum((value - 10) ** 2 for value, _ in groups) / 9 / 10)
    assert estimate.high == pytest.approx(10 + 2.262 * spread, rel=0.02)
    assert estimate.low == pytest.approx(10 - 2.262 * spread, rel=0.02)


def test_jackknife_says_nothing_of_the_width_when_a_group_carries_it_all() -> None:
    def per_lost(totals: object) -> float | None:
        revenue, lost = totals  # type: ignore[misc]  # two sums by construction
        return revenue / lost if lost else None

    groups = [(10.0, 1.0), (20.0, 0.0)]
    assert intervals.jackknife(groups, per_lost, confidence_percent=95) == intervals.Estimate(30.0)


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (1, 12.7062),
        (2, 4.3027),
        (3, 3.1824),
        (9, 2.2622),
        (30, 2.0423),
        (200, 1.9719),
        (201, 1.9718),
    ],
)
def test_student_quantiles_match_the_tables(degrees: int, expected: float) -> None:
    assert student(intervals.quantile(95), degrees) == pytest.approx(expected, abs=5e-5)


def test_few_customers_make_a_wide_range() -> None:
    few = intervals.mean(2, total=3, squares=5, z=intervals.quantile(95))
    assert few.high == pytest.approx(1.5 + 12.7062 * 0.5, abs=1e-3)
