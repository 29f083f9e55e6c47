"""What has not happened is not booked; clocks may be apart by minutes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from booking import ANNA, BEN, Points, day  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.ledger import refusals, services
from stammkunde.ledger.commands import (
    Adjust,
    Cancel,
    Capture,
    Command,
    Convert,
    Donate,
    Earn,
    EarnedLine,
    Hold,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)
from stammkunde.ledger.models import Transaction

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
LINES = (EarnedLine("order:2/line:1", 10),)


def said(points: Points, kind: type[Command], at: dt.datetime, **fields: Any) -> Any:
    given = {"shop_id": points.shop_id, "unit": "points", "key": f"{kind.kind}@{at}", **fields}
    return kind(effective_at=at, **given)


def test_no_verb_books_what_is_to_come(points: Points) -> None:
    services.open_unit(points.shop_id, "miles", kind="points", name="Meilen", actor=COMMAND)
    earned = points.earn(ANNA, 100)
    held = points.do(Hold, owner=ANNA, amount=5, source="order:3", expires_at=day(20))
    soon = clock.now() + 6 * MINUTE
    who = {"owner": ANNA, "amount": 1}
    commands = [
        said(points, Earn, soon, owner=ANNA, lines=LINES),
        said(points, Spend, soon, **who),
        said(points, Hold, soon, **who, source="order:4", expires_at=soon + MINUTE),
        said(points, Capture, soon, hold_id=held.hold_id),
        said(points, Release, soon, hold_id=held.hold_id),
        said(points, Return, soon, lines=(("order:1/line:1", 1),)),
        said(points, Cancel, soon, source="order:1"),
        said(points, Adjust, soon, **who, reason="kind", by="person:1"),
        said(points, Transfer, soon, **who, to=BEN),
        said(points, Donate, soon, **who, charity="forest"),
        said(points, Convert, soon, **who, to_unit="miles"),
        said(points, Reverse, soon, transaction_id=earned.transaction_id, reason="error"),
    ]
    before = Transaction.objects.count()
    found = services.post_each(commands)
    assert [each.name for each in found if isinstance(each, Refused)] == ["ledger.not_yet"] * len(
        commands
    )
    with pytest.raises(refusals.NotYet):
        # Nor does anybody who is the same person hand anything on for it.
        services.post_as_one(said(points, Spend, soon, owner=BEN, amount=50), [ANNA])
    assert Transaction.objects.count() == before
    assert points.of(ANNA) == (0, 95, 5, 0)


def test_a_clock_that_is_ahead_by_minutes_is_believed_to_mean_now(points: Points) -> None:
    ahead = clock.now() + 3 * MINUTE
    command = said(points, Earn, ahead, owner=ANNA, lines=LINES)
    (booked,) = services.post([command])
    one = Transaction.objects.get()
    assert one.effective_at == one.recorded_at < ahead
    # Whoever has the right time uses at once what was given.
    services.post([said(points, Spend, clock.now(), owner=ANNA, amount=10)])
    (again,) = services.post([command])
    assert (again.transaction_id, again.replayed) == (booked.transaction_id, True)
    assert_whole(points.shop_id)


def test_what_can_be_used_later_is_given_now(points: Points) -> None:
    later = clock.now() + 9 * dt.timedelta(days=1)
    points.do(Earn, owner=ANNA, lines=LINES, available_at=later)
    assert points.of(ANNA) == (10, 0, 0, 0)
