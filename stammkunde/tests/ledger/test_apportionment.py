"""Points over lines and back: they sum, they are fair, and no order of partial returns gains or loses one."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stammkunde.ledger.apportionment import (
    Rounding,
    apportion,
    clawed_back,
    earned_by_line,
    rounded,
)

WEIGHTS = st.lists(st.fractions(min_value=0, max_value=50, max_denominator=60), max_size=8)
ROUNDINGS: tuple[Rounding, ...] = ("down", "half_up")


def partitions(quantity: int) -> list[tuple[int, ...]]:
    """Return every way in which pieces can come back, in every order."""
    if not quantity:
        return [()]
    return [
        (first, *rest) for first in range(1, quantity + 1) for rest in partitions(quantity - first)
    ]


def taken(earned: int, quantity: int, returns: tuple[int, ...]) -> list[int]:
    before, found = 0, []
    for now in returns:
        found.append(clawed_back(earned, quantity, before=before, now=now))
        before += now
    return found


@given(st.integers(0, 10_000), WEIGHTS.filter(any))
def test_parts_sum_to_the_total_and_none_is_a_point_away_from_its_share(
    total: int, weights: list[Fraction]
) -> None:
    parts = apportion(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1
        assert weight or not part


@given(st.integers(0, 1000), WEIGHTS.filter(any), st.integers(1, 9))
def test_neither_scale_nor_order_of_the_lines_changes_what_is_shared(
    total: int, weights: list[Fraction], scale: int
) -> None:
    parts = apportion(total, weights)
    order = sorted(range(len(weights)), key=lambda place: (weights[place], -place))
    moved = apportion(total, [weights[place] for place in order])

    assert apportion(total, [weight * scale for weight in weights]) == parts
    assert sorted(moved) == sorted(parts)
    for small, large in pairwise(order):
        assert weights[small] == weights[large] or parts[small] <= parts[large]


def test_of_equal_remainders_the_earlier_line_is_first() -> None:
    assert apportion(5, [1, 1, 1]) == [2, 2, 1]
    assert apportion(1, [0, 1, 1]) == [0, 1, 0]


@pytest.mark.parametrize("rounding", ROUNDINGS)
@given(exact=WEIGHTS)
def test_an_order_is_rounded_once(rounding: Rounding, exact: list[Fraction]) -> None:
    whole = sum(exact, Fraction(0))
    points = sum(earned_by_line(exact, rounding))

    assert points == rounded(whole, rounding)
    assert 0 <= whole - points < 1 if rounding == "down" else -1 <= 2 * (points - whole) <= 1


@given(WEIGHTS, WEIGHTS)
def test_splitting_an_order_never_earns_more_than_rounding_allows(
    some: list[Fraction], others: list[Fraction]
) -> None:
    def points(lines: list[Fraction], rounding: Rounding) -> int:
        return sum(earned_by_line(lines, rounding))

    down = [points(lines, "down") for lines in (some, others, some + others)]
    half_up = [points(lines, "half_up") for lines in (some, others, some + others)]
    assert down[0] + down[1] <= down[2]
    assert half_up[0] + half_up[1] <= half_up[2] + 1


class TestI10:
    """Clawback of a line over all its returns equals what it earned, for any order of partial returns."""

    @pytest.mark.parametrize("quantity", range(1, 9))
    def test_every_order_of_every_split(self, quantity: int) -> None:
        for earned in (0, 1, quantity - 1, quantity, quantity + 1, 7, 100, 9_999):
            for returns in partitions(quantity):
                found = taken(earned, quantity, returns)
                assert sum(found) == earned
                assert min(found) >= 0

    @given(
        st.integers(0, 10**12),
        st.lists(st.integers(1, 40), min_size=1, max_size=5),
        st.integers(0, 50),
    )
    def test_what_has_come_back_decides_and_not_the_way(
        self, earned: int, returns: list[int], kept: int
    ) -> None:
        quantity = sum(returns) + kept
        sums = {sum(taken(earned, quantity, each)) for each in permutations(returns)}

        assert sums == {earned * sum(returns) // quantity}

    @given(st.integers(0, 10**6), st.integers(1, 400), st.data())
    def test_no_return_takes_a_point_more_than_its_share(
        self, earned: int, quantity: int, data: st.DataObject
    ) -> None:
        before = data.draw(st.integers(0, quantity))
        now = data.draw(st.integers(0, quantity - before))

        found = clawed_back(earned, quantity, before=before, now=now)
        assert abs(found - Fraction(earned * now, quantity)) < 1


@pytest.mark.parametrize(
    ("earned", "quantity", "before", "now"),
    [(5, 2, 1, 2), (5, 2, -1, 1), (-5, 2, 0, 1), (5, 0, 0, 0), (5, 2, 0, -1)],
)
def test_what_cannot_come_back_is_refused(
    earned: int, quantity: int, before: int, now: int
) -> None:
    with pytest.raises(ValueError, match="cannot come back"):
        clawed_back(earned, quantity, before=before, now=now)


def test_what_cannot_be_shared_is_refused() -> None:
    for total, weights in ((-1, [1]), (1, [2, -1]), (1, [0, 0]), (1, [])):
        with pytest.raises(ValueError, match=r"negative|shared out"):
            apportion(total, weights)
    with pytest.raises(ValueError, match="negative"):
        rounded(Fraction(-1, 2))
    assert apportion(0, []) == []
    assert apportion(0, [0, 0]) == [0, 0]
