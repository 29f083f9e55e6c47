"""What was handed on at a merge, or given back with more time, and expired there: it was never used, so nobody owes it.

The rule is that of `test_expired_and_returned.py`; here the points stand in another lot than the one that was earned.
"""

from __future__ import annotations

from typing import Any

import pytest
from booking import ANNA, BEN, Points, day, has  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]

from stammkunde.ledger import services
from stammkunde.ledger.books.rolling import roll_forward
from stammkunde.ledger.commands import (
    Adjust,
    Balances,
    Cancel,
    Command,
    Hold,
    Owner,
    Posted,
    Release,
    Return,
    Reverse,
    Spend,
)
from stammkunde.ledger.models import Transaction, Unit

pytestmark = pytest.mark.django_db
LINE = "order:1/line:1"
CARL = Owner("customer", "carl")
NOTHING = (0, 0, 0, 0)


def as_one(points: Points, kind: type[Command], *others: Owner, **fields: Any) -> Posted:
    found: Posted = services.post_as_one(points.command(kind, **fields), others)
    return found


def part(points: Points, *owners: Owner) -> None:
    services.part(points.shop_id, owners, is_one=lambda _owners: False, effective_at=day(20))


def lent(points: Points, amount: int, by: Owner = ANNA, to: Owner = BEN) -> None:
    """Let one who is the same person as another reserve what the other has, and let it go again."""
    held = as_one(
        points, Hold, by, owner=to, amount=amount, source="order:9", expires_at=day(9)
    )  # fmt: skip
    points.do(Release, hold_id=held.hold_id)


@pytest.mark.parametrize("comes_back", ["return", "cancel", "reverse"])
def test_what_the_other_half_of_a_person_let_expire_is_not_owed(
    points: Points, comes_back: str
) -> None:
    earned = points.earn(ANNA, 100, expires_at=day(10))
    lent(points, 60)
    services.expire(points.shop_id, effective_at=day(10))
    back = {
        "return": lambda: points.do(Return, lines=((LINE, 1),), at=12),
        "cancel": lambda: points.do(Cancel, source="order:1", at=12),
        "reverse": lambda: points.do(
            Reverse, transaction_id=earned.transaction_id, reason="error", at=12
        ),
    }[comes_back]()
    assert has(back) == Balances()
    assert points.of(BEN) == NOTHING
    rolled = roll_forward(Unit.objects.get(code="points").pk, day(0), day(30), basis="effective")
    gone = -100 if comes_back != "reverse" else 0
    assert (rolled.doors["expired"], rolled.doors["clawed_back"], rolled.rest) == (0, gone, 0)
    # Parting finds nothing that could be given back once more.
    part(points, ANNA, BEN)
    assert points.of(ANNA) == points.of(BEN) == NOTHING
    assert_whole(points.shop_id)


def test_it_is_the_same_whether_the_goods_or_the_end_came_first(points: Points) -> None:
    points.earn(ANNA, 100, expires_at=day(10))
    lent(points, 60)
    points.do(Return, lines=((LINE, 1),), at=8)
    services.expire(points.shop_id, effective_at=day(10))
    assert points.of(ANNA) == points.of(BEN) == NOTHING
    part(points, ANNA, BEN)
    assert points.of(ANNA) == points.of(BEN) == NOTHING
    assert_whole(points.shop_id)


def test_only_what_was_used_is_owed_and_after_parting_by_whoever_used_it(points: Points) -> None:
    points.earn(ANNA, 100, expires_at=day(10), quantity=2)
    lent(points, 60)
    points.do(Spend, owner=BEN, amount=40, source="order:7")
    services.expire(points.shop_id, effective_at=day(10))
    owed = [has(points.do(Return, lines=((LINE, 1),), at=12)) for _ in range(2)]
    assert owed == [Balances(), Balances(debt=-40)]
    part(points, ANNA, BEN)
    assert (points.of(ANNA), points.of(BEN)) == (NOTHING, (0, 0, 0, -40))
    assert_whole(points.shop_id)


def test_it_comes_home_through_all_hands_that_it_went_through(points: Points) -> None:
    points.earn(ANNA, 100, expires_at=day(10))
    lent(points, 60)
    lent(points, 50, by=BEN, to=CARL)
    services.expire(points.shop_id, effective_at=day(10))
    assert has(points.do(Return, lines=((LINE, 1),), at=12)) == Balances()
    part(points, ANNA, BEN, CARL)
    assert points.of(ANNA) == points.of(BEN) == points.of(CARL) == NOTHING
    assert_whole(points.shop_id)


def test_what_was_given_back_with_more_time_and_expired_is_not_owed(points: Points) -> None:
    points.earn(ANNA, 100, expires_at=day(10))
    points.do(Spend, owner=ANNA, amount=60, source="order:7")
    points.do(Return, give_back=(("order:7", 60),), minimum_days=14, at=5)
    services.expire(points.shop_id, effective_at=day(30))
    assert has(points.do(Return, lines=((LINE, 1),), at=31)) == Balances()
    ends = Transaction.objects.filter(kind="expire").values_list("pk", flat=True)
    for each in ends:
        revived = points.do(Reverse, transaction_id=each, reason="kindness", at=32)
        assert has(revived) == Balances()
    assert_whole(points.shop_id)


def test_what_came_home_is_revived_no_more_and_what_was_revived_does_not_come_home(
    points: Points,
) -> None:
    points.earn(ANNA, 100, expires_at=day(10))
    lent(points, 100)
    services.expire(points.shop_id, effective_at=day(10))
    (end,) = Transaction.objects.filter(kind="expire")
    points.do(Reverse, transaction_id=end.pk, reason="kindness", at=11)
    points.do(Spend, owner=BEN, amount=100, source="order:7", at=9)
    assert has(points.do(Return, lines=((LINE, 1),), at=12)) == Balances(debt=-100)
    assert_whole(points.shop_id)


def test_what_expired_of_something_undone_is_revived_by_nobody(points: Points) -> None:
    points.earn(ANNA, 100, expires_at=day(10))
    lent(points, 60)
    gift = points.do(
        Adjust, owner=ANNA, amount=5, reason="kind", by="person:1", expires_at=day(10)
    )  # fmt: skip
    services.expire(points.shop_id, effective_at=day(10))
    points.do(Reverse, transaction_id=gift.transaction_id, reason="error", at=11)
    part(points, ANNA, BEN)
    assert points.of(ANNA) == (0, 60, 0, 0)
    for each in Transaction.objects.filter(kind="expire").values_list("pk", flat=True):
        points.do(Reverse, transaction_id=each, reason="kind", at=12)
    # Of three lots that expired, one was taken back from Anna, and one went back to her.
    assert (points.of(ANNA), points.of(BEN)) == ((0, 100, 0, 0), NOTHING)
    assert_whole(points.shop_id)
