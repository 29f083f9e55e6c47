"""What two bring for the first time, each in an order of its own, and what a close finds when clocks are apart."""

from __future__ import annotations

import datetime as dt
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from booking import ANNA, BEN, Points, day  # type: ignore[import-not-found]
from django.db import connection, transaction
from promises import assert_whole  # type: ignore[import-not-found]

from at_once import at_once, until_it_waits  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.ledger import posting, services
from stammkunde.ledger.commands import Donate, EarnedLine, Return, Spend
from stammkunde.ledger.commands import Earn as EarnCommand
from stammkunde.ledger.commands import Owner as Whose
from stammkunde.ledger.models import Account, Transaction
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

ROUNDS = 4
CROWD = 30


@pytest.fixture
def till(own_store: Store) -> Points:
    return Points(make_cast().cheese.pk)


def kinds(commands: list[Any]) -> list[str]:
    return [each.kind for each in services.post(commands)]


def test_two_who_name_new_charities_the_other_way_round_both_give(till: Points) -> None:
    till.earn(ANNA, 1000)
    till.earn(BEN, 1000, order="2")
    for number in range(ROUNDS):
        names = [f"charity {number}.{n}" for n in range(CROWD)]
        works = [
            [till.command(Donate, owner=who, amount=1, charity=name) for name in order]
            for who, order in ((ANNA, names), (BEN, names[::-1]))
        ]
        found = at_once(*(lambda each=each: kinds(each) for each in works))
        assert found == [["donate"] * CROWD] * 2
    assert Account.objects.filter(role="donation", owner_kind="charity").count() == ROUNDS * CROWD
    assert_whole(till.shop_id)


def test_two_who_bring_new_owners_the_other_way_round_both_earn(till: Points) -> None:
    for number in range(ROUNDS):
        owners = [Whose("customer", f"{number}.{n}") for n in range(CROWD)]
        works = [
            [
                till.command(EarnCommand, owner=who, lines=(EarnedLine(f"order:{way}", 1),))
                for who in order
            ]
            for way, order in enumerate((owners, owners[::-1]))
        ]
        found = at_once(*(lambda each=each: kinds(each) for each in works))
        assert found == [["earn"] * CROWD] * 2
    assert_whole(till.shop_id)


def test_two_who_use_the_same_keys_the_other_way_round_are_answered_and_never_break(
    till: Points,
) -> None:
    owners = [Whose("customer", f"{n}") for n in range(4)]
    for n, who in enumerate(owners):
        till.earn(who, 50, 50, 50, 50, order=f"{n}")
    for number in range(ROUNDS):
        line = number + 1

        def batch(spender: int, returner: int, *, way: int, line: int = line) -> list[str]:
            spend = till.command(Spend, owner=owners[spender], amount=1, source="s", key=f"a{line}")
            back = till.command(
                Return, lines=((f"order:{returner}/line:{line}", 1),), key=f"b{line}"
            )
            answers = services.post_each([spend, back][::way])
            return sorted(getattr(each, "kind", getattr(each, "name", "")) for each in answers)

        found = at_once(lambda: batch(0, 1, way=1), lambda: batch(2, 3, way=-1))
        # Somebody was first with each key; the other's command differs and is refused.
        assert all(isinstance(each, list) for each in found), found
        assert sorted(found[0] + found[1]) == [
            "ledger.key_reused", "ledger.key_reused", "return", "spend",
        ]  # fmt: skip
    assert_whole(till.shop_id)


def test_what_waited_for_a_close_is_booked_after_it_though_its_clock_is_behind(
    till: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.earn(ANNA, 10)
    now = clock.now()
    behind = SimpleNamespace(now=lambda: now - dt.timedelta(hours=1))
    monkeypatch.setattr(posting, "clock", behind)
    spend = till.command(Spend, owner=ANNA, amount=4, key="late")
    thread = threading.Thread(target=_spend, args=(spend,))
    with transaction.atomic():
        made = services.close(till.shop_id, "points", until=now, actor=COMMAND)
        thread.start()
        until_it_waits(thread)
    thread.join()
    assert Transaction.objects.get(key="late").recorded_at >= made.until
    # Nor is anything that comes later, whichever way it is booked.
    services.post([till.command(Spend, owner=who, amount=1) for who in (ANNA, ANNA)])
    services.expire(till.shop_id, effective_at=day(400))
    assert Transaction.objects.filter(recorded_at__lt=made.until).count() == 1
    assert_whole(till.shop_id)


def _spend(command: Spend) -> None:
    try:
        services.spend_one(command)
    finally:
        connection.close()
