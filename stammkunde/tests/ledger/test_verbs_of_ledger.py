"""What the verbs book, to the point, on both stores."""

from __future__ import annotations

import dataclasses

import pytest
from booking import ANNA, BEN, Points, day, has  # type: ignore[import-not-found]

from stammkunde.ledger import refusals, services
from stammkunde.ledger.commands import Balances, Capture, Earn, EarnedLine, Hold, Release, Spend
from stammkunde.ledger.models import Entry, Transaction

pytestmark = pytest.mark.django_db


def test_points_are_pending_until_their_day_and_then_available(points: Points) -> None:
    posted = points.earn(ANNA, 70, 30, available_at=day(14))
    assert has(posted) == Balances(pending=100)
    assert services.mature(points.shop_id, effective_at=day(13)).count == 0
    tick = services.mature(points.shop_id, "points", effective_at=day(14), limit=1)
    assert (tick.count, tick.amount, tick.more) == (1, 70, True)
    assert services.mature(points.shop_id, effective_at=day(14)).amount == 30
    assert services.mature(points.shop_id, effective_at=day(15)).count == 0
    assert points.of(ANNA) == (0, 100, 0, 0)


def test_what_expires_first_is_spent_first_and_lots_without_expiry_last(points: Points) -> None:
    for expires in (None, day(90), day(30), day(30)):
        points.earn(ANNA, 10, expires_at=expires)
    posted = points.do(Spend, owner=ANNA, amount=25, source="order:9")
    assert [amount for _lot, amount in posted.lots] == [10, 10, 5]
    assert points.lots(ANNA) == [(0, 0, 0), (0, 0, 0), (0, 5, 0), (0, 10, 0)]
    assert has(posted) == Balances(available=15)


def test_nobody_spends_more_than_can_be_used_that_day(points: Points) -> None:
    points.earn(ANNA, 10, expires_at=day(5))
    points.earn(ANNA, 7, available_at=day(3))
    before = Entry.objects.count()
    with pytest.raises(refusals.NotEnough) as refused:
        points.do(Spend, owner=ANNA, amount=11)
    assert (refused.value.asked, refused.value.available) == (11, 10)
    with pytest.raises(refusals.NotEnough):
        points.do(Spend, owner=ANNA, amount=1, at=5)
    with pytest.raises(refusals.NotEnough):
        points.do(Spend, owner=BEN, amount=1)
    assert Entry.objects.count() == before


def test_a_hold_is_captured_in_part_and_the_rest_returns_to_its_lots(points: Points) -> None:
    points.earn(ANNA, 10, expires_at=day(20))
    points.earn(ANNA, 10)
    held = points.do(Hold, owner=ANNA, amount=15, source="order:9", expires_at=day(30))
    assert has(held) == Balances(available=5, held=15)
    # What expires while it is held can still be captured.
    captured = points.do(Capture, hold_id=held.hold_id, amount=12, at=25)
    assert has(captured) == Balances(available=8)
    assert points.lots(ANNA) == [(0, 0, 0), (0, 8, 0)]
    for kind in (Capture, Release):
        with pytest.raises(refusals.HoldEnded):
            points.do(kind, hold_id=held.hold_id)


def test_a_hold_lasts_a_month_at_most(points: Points) -> None:
    points.earn(ANNA, 10)
    with pytest.raises(refusals.HoldTooLong, match="31"):
        points.do(Hold, owner=ANNA, amount=4, source="order:8", expires_at=day(33.1), at=2)
    assert points.of(ANNA) == (0, 10, 0, 0)
    points.do(Hold, owner=ANNA, amount=4, source="order:8", expires_at=day(33), at=2)
    assert points.of(ANNA) == (0, 6, 4, 0)


def test_a_hold_that_is_released_or_lapses_gives_everything_back(points: Points) -> None:
    points.earn(ANNA, 10, expires_at=day(20))
    first = points.do(Hold, owner=ANNA, amount=4, source="order:8", expires_at=day(1))
    points.do(Hold, owner=ANNA, amount=6, source="order:9", expires_at=day(2))
    points.do(Release, hold_id=first.hold_id)
    late = points.do(Hold, owner=ANNA, amount=1, source="order:7", expires_at=day(1))
    with pytest.raises(refusals.HoldEnded):
        points.do(Capture, hold_id=late.hold_id, at=1)
    assert services.lapse(points.shop_id, effective_at=day(2)).amount == 7
    assert services.lapse(points.shop_id, effective_at=day(2)).count == 0
    assert points.of(ANNA) == (0, 10, 0, 0)
    assert services.expire(points.shop_id, effective_at=day(20)).amount == 10
    assert points.of(ANNA) == (0, 0, 0, 0)


def test_the_same_key_is_answered_as_before_and_another_command_under_it_refused(
    points: Points,
) -> None:
    points.earn(ANNA, 10)
    spend = points.command(Spend, owner=ANNA, amount=10, key="once")
    first = services.spend_one(spend)
    booked = Transaction.objects.count()
    assert services.spend_one(spend) == dataclasses.replace(first, replayed=True)
    with pytest.raises(refusals.KeyReused):
        services.spend_one(dataclasses.replace(spend, amount=9))
    assert Transaction.objects.count() == booked


def test_many_are_booked_in_their_order_all_or_none(points: Points) -> None:
    commands = [
        points.command(Earn, owner=owner, lines=(EarnedLine("order:1/line:1", 10),))
        for owner in (ANNA, BEN, ANNA)
    ]
    spend = points.command(Spend, owner=ANNA, amount=20)
    assert [has(each).available for each in services.post([*commands, spend])] == [10, 10, 20, 0]
    more = points.command(Earn, owner=BEN, lines=(EarnedLine("order:2", 5),))
    too_much = points.command(Spend, owner=BEN, amount=16)
    with pytest.raises(refusals.NotEnough):
        services.post([more, too_much])
    assert points.of(BEN) == (0, 10, 0, 0)
    kept, refused = services.post_each([more, too_much])
    assert has(kept).available == 15
    assert isinstance(refused, refusals.NotEnough)
    assert points.of(BEN) == (0, 15, 0, 0)
