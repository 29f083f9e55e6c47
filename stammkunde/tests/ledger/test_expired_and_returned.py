"""What comes back after its points have expired: nobody owes what nobody could use.

The rule: in the end, an order and its return leave debt of no more than was used beyond what was kept.
"""

from __future__ import annotations

import itertools

import pytest
from booking import ANNA, BEN, Points, day, has  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.ledger import refusals, services
from stammkunde.ledger.books.rolling import roll_forward
from stammkunde.ledger.commands import (
    Adjust,
    Balances,
    Cancel,
    Hold,
    Owner,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)
from stammkunde.ledger.models import Entry, Transaction, Unit

pytestmark = pytest.mark.django_db
LINE = "order:1/line:1"


def expire(points: Points, at: float) -> None:
    services.expire(points.shop_id, effective_at=day(at))


def test_points_that_expired_unused_are_not_owed_when_their_goods_come_back(
    points: Points,
) -> None:
    points.earn(ANNA, 100, expires_at=day(10))
    expire(points, 10)
    back = points.do(Return, lines=((LINE, 1),), at=12)
    assert has(back) == Balances()
    with pytest.raises(refusals.NotReversible):
        points.do(Reverse, transaction_id=back.transaction_id, reason="error", at=12)
    rolled = roll_forward(Unit.objects.get(code="points").pk, day(0), day(30), basis="effective")
    # They never were the shop's gain from points nobody used: the order was undone.
    assert (rolled.doors["expired"], rolled.doors["clawed_back"], rolled.rest) == (0, -100, 0)
    assert_whole(points.shop_id)


def test_what_was_used_beyond_what_was_kept_is_owed_in_whatever_pieces_it_comes_back(
    points: Points,
) -> None:
    for number, pieces in enumerate(itertools.permutations((1, 1, 2)), 1):
        who, source = Owner("customer", f"{number}"), f"order:{number}/line:1"
        points.earn(who, 100, order=str(number), quantity=4, expires_at=day(10))
        points.do(Spend, owner=who, amount=60, source=f"order:{number}-paid")
        expire(points, 10)
        kept = 4
        for some in pieces:
            kept -= some
            back = points.do(Return, lines=((source, some),), at=12)
            assert has(back) == Balances(debt=min(0, 25 * kept - 60))
    assert_whole(points.shop_id)


def test_one_command_takes_what_expired_only_once(points: Points) -> None:
    points.earn(ANNA, 100, quantity=2, expires_at=day(10))
    points.do(Spend, owner=ANNA, amount=60, source="order:1-paid")
    expire(points, 10)
    back = points.do(Return, lines=((LINE, 1), (LINE, 1)), at=12)
    assert has(back) == Balances(debt=-60)
    assert_whole(points.shop_id)


def test_it_is_the_same_whether_the_goods_or_the_end_came_first(points: Points) -> None:
    for number, who in enumerate((ANNA, BEN)):
        points.earn(who, 100, order=f"{number}", expires_at=day(10))
        points.earn(who, 50, order=f"{number}b")
        points.do(Spend, owner=who, amount=70, source=f"order:{number}-paid")
        back = {"lines": ((f"order:{number}/line:1", 1),)}
        if who is ANNA:
            points.do(Return, at=9, **back)
            expire(points, 11)
        else:
            expire(points, 11)
            points.do(Return, at=9, **back)
    assert points.of(ANNA) == points.of(BEN) == (0, 0, 0, -20)


def test_cancelled_orders_and_earnings_booked_in_error_owe_no_more(points: Points) -> None:
    earned = points.earn(ANNA, 30, expires_at=day(10))
    points.earn(ANNA, 30, order="2", expires_at=day(10))
    gift = points.do(
        Adjust, owner=ANNA, amount=5, reason="error", by="person:1", expires_at=day(10)
    )
    expire(points, 10)
    assert has(points.do(Cancel, source="order:2", at=11)) == Balances()
    for each in (earned, gift):
        undone = points.do(Reverse, transaction_id=each.transaction_id, reason="error", at=11)
        assert has(undone) == Balances()
    # Once more is refused or does nothing, and what was handed on and used is owed as before.
    assert has(points.do(Cancel, source="order:2", at=11)) == Balances()
    points.earn(ANNA, 10, order="3", expires_at=day(30))
    points.do(Transfer, owner=ANNA, to=BEN, amount=10, at=12)
    assert has(points.do(Return, lines=(("order:3/line:1", 1),), at=13)) == Balances(debt=-10)
    assert_whole(points.shop_id)


def test_what_was_revived_and_what_came_back_never_is_more_than_expired(points: Points) -> None:
    points.earn(ANNA, 100, quantity=2, expires_at=day(10))
    hold = points.do(Hold, owner=ANNA, amount=40, source="order:9", expires_at=day(20), at=9)
    expire(points, 10)
    points.do(Release, hold_id=hold.hold_id, at=12)
    expire(points, 13)
    assert has(points.do(Return, lines=((LINE, 1),), at=14)) == Balances()
    ends = Transaction.objects.filter(kind="expire").order_by("pk").values_list("pk", flat=True)
    first, second = (
        points.do(Reverse, transaction_id=each, reason="kindness", at=15) for each in ends
    )
    # Half of the goods came back, so half of what expired can be revived.
    assert (has(first), has(second)) == (Balances(available=50), Balances(available=50))
    points.do(Spend, owner=ANNA, amount=1, source="order:5", at=9)
    assert has(points.do(Return, lines=((LINE, 1),), at=16)) == Balances(debt=-1)
    breakage = Entry.objects.filter(account__role="breakage").values_list("amount", flat=True)
    assert sum(breakage) == 0
    services.close(points.shop_id, "points", until=clock.now(), actor=COMMAND)
    assert_whole(points.shop_id)


def test_a_tick_that_stops_in_the_middle_says_that_there_is_more(points: Points) -> None:
    for number in range(3):
        points.earn(ANNA, 5, order=f"{number}", expires_at=day(10))
    found = [services.expire(points.shop_id, effective_at=day(11), limit=2) for _ in range(3)]
    assert [(tick.count, tick.more) for tick in found] == [(2, True), (1, False), (0, False)]
