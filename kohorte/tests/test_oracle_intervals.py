"""The oracle's intervals against published and hand-made figures."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from oracle import intervals

REACH = intervals.z(95)


def test_reach_of_common_confidence() -> None:
    assert pytest.approx(1.959963984540054) == REACH
    assert intervals.z(99) == pytest.approx(2.5758293035489)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(successes: int, trials: int, low: float, high: float) -> None:
    found = intervals.wilson(successes, trials, reach=REACH)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_mean_by_hand() -> None:
    """1, 2, 3: mean 2, standard deviation 1, standard error 1/√3."""
    half = 4.302653 / math.sqrt(3)
    found = intervals.mean([Fraction(1), Fraction(2), Fraction(3)], reach=REACH)
    assert found == pytest.approx((0, 2 + half))
    assert intervals.mean([Fraction(1)], reach=REACH) == intervals.NONE


def test_ratio_by_hand() -> None:
    """(3, 1) and (3, 2): R = 2, residuals 1 and −1, se² = 2 · 2 / 9."""
    pairs = [(Fraction(3), Fraction(1)), (Fraction(3), Fraction(2))]
    half = 12.706205 * math.sqrt(Fraction(4, 9))
    assert intervals.ratio(pairs, reach=REACH) == pytest.approx((0, 2 + half))


def test_a_ratio_with_one_order_each_is_a_mean() -> None:
    values = [Fraction(value) for value in (1, 4, 6, 9)]
    pairs = [(value, Fraction(1)) for value in values]
    assert intervals.ratio(pairs, reach=REACH) == pytest.approx(intervals.mean(values, reach=REACH))


def test_mean_over_share_uses_what_both_have_in_common() -> None:
    """Two lists of the same customers: the covariance is not zero, and it narrows or widens."""
    values: dict[int | str, Fraction] = {1: Fraction(4), 2: Fraction(2), 3: Fraction(3)}
    lost: dict[int | str, bool] = {1: False, 2: True, 3: False}
    center, share = 3.0, 1 / 3
    variance_of_value = 1 / 3
    variance_of_share = share * (1 - share) / 3
    covariance = ((4 - center) * (0 - share) + (2 - center) * (1 - share)) / 9
    spread = REACH * math.sqrt(
        variance_of_value / center**2
        + variance_of_share / share**2
        - 2 * covariance / (center * share)
    )
    found = intervals.mean_over_share(values, lost, factor=Fraction(2), reach=REACH)
    assert found == pytest.approx((18 * math.exp(-spread), 18 * math.exp(spread)))
