"""What returns, cancellations and reversals book: clawed back, given back, or owed."""

from __future__ import annotations

import itertools

import pytest
from booking import ANNA, BEN, Points, day, has  # type: ignore[import-not-found]

from stammkunde.ledger import queries, refusals, services
from stammkunde.ledger.commands import (
    Balances,
    Cancel,
    Capture,
    Hold,
    Return,
    Reverse,
    Spend,
    Transfer,
)

pytestmark = pytest.mark.django_db
LINE = "order:1/line:1"


def test_pieces_that_come_back_in_any_order_claw_back_exactly_what_they_earned(
    points: Points,
) -> None:
    for number, pieces in enumerate(itertools.permutations((1, 2, 4)), 1):
        source = f"order:{number}/line:1"
        points.earn(ANNA, 10, order=str(number), quantity=7, available_at=day(14))
        left = [has(points.do(Return, lines=((source, some),))).pending for some in pieces]
        assert left[-1] == 0
        with pytest.raises(refusals.TooMuchReturned):
            points.do(Return, lines=((source, 1),))
    assert points.of(ANNA) == (0, 0, 0, 0)


def test_what_is_spent_already_is_taken_from_other_lots_and_then_owed_and_repaid_first(
    points: Points,
) -> None:
    points.earn(ANNA, 10)
    points.do(Spend, owner=ANNA, amount=10)
    points.earn(ANNA, 4, order="2", expires_at=day(60))
    posted = points.do(Return, lines=((LINE, 1),))
    assert has(posted) == Balances(debt=-6)
    assert has(points.earn(ANNA, 5, order="3")) == Balances(debt=-1)
    assert has(points.earn(ANNA, 5, order="4", available_at=day(14))).pending == 5
    services.mature(points.shop_id, effective_at=day(14))
    assert points.of(ANNA) == (0, 4, 0, 0)


def test_what_is_held_stays_held_and_repays_once_it_is_released(points: Points) -> None:
    points.earn(ANNA, 10)
    hold = points.do(Hold, owner=ANNA, amount=10, source="order:2", expires_at=day(1))
    assert has(points.do(Return, lines=((LINE, 1),))) == Balances(held=10, debt=-10)
    captured = points.do(Capture, hold_id=hold.hold_id, amount=3)
    assert has(captured) == Balances(debt=-3)


def test_spent_points_go_back_to_their_lots_with_their_expiry(points: Points) -> None:
    points.earn(ANNA, 10, expires_at=day(20))
    points.earn(ANNA, 10, order="2", expires_at=day(40))
    points.do(Spend, owner=ANNA, amount=15, source="order:9")
    points.do(Return, give_back=(("order:9", 8),), at=5)
    assert points.lots(ANNA) == [(0, 3, 0), (0, 10, 0)]
    with pytest.raises(refusals.TooMuchReturned):
        points.do(Return, give_back=(("order:9", 8),), at=5)
    points.do(Return, give_back=(("order:9", 7),), at=15, minimum_days=10)
    restored = queries.lots(points.shop_id, "points", ANNA)[1]
    assert (restored.available, restored.expires_at) == (7, day(25))
    assert points.of(ANNA) == (0, 20, 0, 0)
    with pytest.raises(refusals.UnknownSource):
        points.do(Return, give_back=(("order:99", 1),))


def test_a_cancelled_order_leaves_nothing_behind(points: Points) -> None:
    points.earn(ANNA, 50, order="0")
    points.earn(ANNA, 10, 20, available_at=day(14))
    points.earn(ANNA, 7, order="10")
    points.do(Spend, owner=ANNA, amount=30, source="order:1")
    points.do(Hold, owner=ANNA, amount=20, source="order:1/checkout", expires_at=day(1))
    points.do(Return, lines=((LINE, 1),), give_back=(("order:1", 10),))
    assert has(points.do(Cancel, source="order:1")) == Balances(available=57)
    assert has(points.do(Cancel, source="order:1")) == Balances(available=57)
    with pytest.raises(refusals.UnknownSource):
        points.do(Cancel, source="order:5")


def test_a_reversal_is_the_mirror_once_and_what_is_gone_becomes_debt(points: Points) -> None:
    earned = points.earn(ANNA, 10, 5, quantity=2)
    points.do(Return, lines=((LINE, 1),))
    moved = points.do(Transfer, owner=ANNA, to=BEN, amount=8)
    spent = points.do(Spend, owner=BEN, amount=6, source="order:9")

    def reverse(id_: int) -> Balances:
        return has(points.do(Reverse, transaction_id=id_, reason="booked in error"))

    assert reverse(spent.transaction_id) == Balances(available=8)
    points.do(Spend, owner=BEN, amount=6)
    assert reverse(moved.transaction_id) == Balances(available=10)
    assert points.of(BEN) == (0, 0, 0, -6)
    points.do(Spend, owner=ANNA, amount=4)
    assert reverse(earned.transaction_id) == Balances(debt=-4)
    with pytest.raises(refusals.AlreadyReversed):
        reverse(earned.transaction_id)
    with pytest.raises(refusals.TooMuchReturned):
        points.do(Return, lines=((LINE, 1),))
    with pytest.raises(refusals.UnknownTransaction):
        reverse(0)
