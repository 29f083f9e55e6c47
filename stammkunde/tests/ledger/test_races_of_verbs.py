"""Two verbs want the same points at the same moment: one order of the two has happened, whichever."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.db.models import Sum
from promises import assert_whole  # type: ignore[import-not-found]
from side_by_side import asked  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from at_once import at_once  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.ledger import auditing, queries, services
from stammkunde.ledger.commands import (
    Balances,
    Capture,
    Earn,
    EarnedLine,
    Hold,
    Owner,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)
from stammkunde.ledger.models import Close, Entry, Transaction
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ROUNDS = 6


class Counter:
    """One shop on a store of its own, and short words for its verbs."""

    def __init__(self) -> None:
        self.shop_id = with_units(make_cast().cheese).pk

    def at(self, key: str, days: int = 0) -> dict[str, Any]:
        when = NOON + days * DAY
        return {"shop_id": self.shop_id, "unit": "points", "key": key, "effective_at": when}

    def earn(self, who: Owner, key: str, amount: int = 100, **more: Any) -> None:
        line = EarnedLine(f"order:{key}/line:1", amount)
        asked(Earn(**self.at(f"earn {key}"), owner=who, lines=(line,), **more))

    def spend(self, who: Owner, key: str, amount: int = 100) -> Any:
        return asked(Spend(**self.at(f"spend {key}"), owner=who, amount=amount, source=key))

    def hold(self, who: Owner, key: str, amount: int = 100) -> int:
        command = Hold(
            **self.at(f"hold {key}"), owner=who, amount=amount, source=key, expires_at=NOON + DAY
        )
        found: int = asked(command).hold_id  # type: ignore[assignment]
        return found

    def capture(self, hold_id: int, key: str) -> Any:
        return asked(Capture(**self.at(key), hold_id=hold_id))

    def of(self, who: Owner) -> Balances:
        return queries.balances(self.shop_id, "points", who)

    def sums(self) -> dict[str, int]:
        """Return what went to the accounts of the system."""
        found = Entry.objects.filter(account__owner_kind="").values_list("account__role")
        return dict(found.annotate(amount=Sum("amount")).order_by())

    def assert_whole(self) -> None:
        assert_whole(self.shop_id)


@pytest.fixture
def counter(own_store: Store) -> Counter:
    return Counter()


def test_what_is_spent_while_it_is_returned_becomes_debt_or_is_refused(counter: Counter) -> None:
    for n in range(ROUNDS):
        who = Owner("customer", f"{n}")
        counter.earn(who, f"{n}")
        back = Return(**counter.at(f"back {n}"), lines=((f"order:{n}/line:1", 1),))
        spent, _ = at_once(lambda n=n, who=who: counter.spend(who, f"{n}"), lambda b=back: asked(b))
        refused = spent == "ledger.not_enough"
        assert refused or spent.kind == "spend"
        assert counter.of(who) == Balances(debt=0 if refused else -100)
    counter.assert_whole()


def test_what_is_captured_does_not_expire_and_what_is_released_does(counter: Counter) -> None:
    def tick(days: int) -> Any:
        return services.expire(counter.shop_id, effective_at=NOON + days * DAY, limit=100)

    for n in range(ROUNDS):
        who = Owner("customer", f"{n}")
        counter.earn(who, f"{n}", expires_at=NOON + DAY / 2)
        hold = counter.hold(who, f"{n}", 60)
        free = Release(**counter.at(f"release {n}"), hold_id=hold)
        end = (
            (lambda h=hold, n=n: counter.capture(h, f"capture {n}"))
            if n % 2
            else (lambda f=free: asked(f))
        )
        ended, _ = at_once(end, lambda: tick(1))
        assert ended.kind in ("capture", "release")
        tick(1)
        assert counter.of(who) == Balances()
    captured = 60 * (ROUNDS // 2)
    assert counter.sums() == {
        "issuance": -100 * ROUNDS,
        "redemption": captured,
        "breakage": 100 * ROUNDS - captured,
    }
    counter.assert_whole()


def test_one_hold_ends_once(counter: Counter) -> None:
    who = Owner("customer", "1")
    for n in range(ROUNDS):
        counter.earn(who, f"{n}")
        hold = counter.hold(who, f"{n}")
        works = [lambda h=hold, k=k, n=n: counter.capture(h, f"capture {n} {k}") for k in range(5)]
        release = Release(**counter.at(f"release {n}"), hold_id=hold)

        def lapse() -> Any:
            return services.lapse(counter.shop_id, effective_at=NOON + 2 * DAY, limit=100)

        *found, tick = at_once(*works, lambda r=release: asked(r), lapse)
        won = [each for each in found if each != "ledger.hold_ended"]
        assert len(won) + tick.count == 1
        counter.earn(who, f"again {n}")
        left = counter.of(who).available
        assert left in (100, 200)
        counter.spend(who, f"all {n}", left)
    counter.assert_whole()


def test_transfers_both_ways_wait_for_each_other_and_never_in_a_circle(counter: Counter) -> None:
    anna, bert, cora = (Owner("customer", name) for name in ("1", "2", "3"))
    for who in (anna, bert, cora):
        counter.earn(who, f"of {who.id}", 1000)
    ways = [(anna, bert), (bert, anna), (bert, cora), (cora, anna)] * 4

    def move(n: int, one: Owner, other: Owner) -> Any:
        return asked(Transfer(**counter.at(f"move {n}"), owner=one, to=other, amount=10 + n))

    found = at_once(*[lambda n=n, way=way: move(n, *way) for n, way in enumerate(ways)])
    assert {getattr(each, "kind", each) for each in found} == {"transfer"}
    assert sum(counter.of(who).available for who in (anna, bert, cora)) == 3000
    counter.assert_whole()


def test_mixed_batches_wait_for_each_other_and_never_in_a_circle(counter: Counter) -> None:
    anna, bert = Owner("customer", "1"), Owner("customer", "2")
    for who in (anna, bert):
        counter.earn(who, who.id, 1000)
        for n in range(ROUNDS):
            counter.earn(who, f"{who.id}.{n}", 9)

    def batch(n: int, one: Owner, other: Owner) -> Any:
        spend = Spend(**counter.at(f"s{n}.{one.id}"), owner=one, amount=5, source="s")
        back = Return(**counter.at(f"b{n}.{one.id}"), lines=((f"order:{other.id}.{n}/line:1", 1),))
        return [each.kind for each in services.post([spend, back])]

    for n in range(ROUNDS):
        found = at_once(
            lambda n=n: batch(n, anna, bert),
            lambda n=n: batch(n, bert, anna),
        )
        assert found == [["spend", "return"]] * 2
    assert counter.of(anna) == counter.of(bert) == Balances(available=1000 - 5 * ROUNDS)
    counter.assert_whole()


def test_audits_and_closes_while_others_book_find_nothing(counter: Counter) -> None:
    who = [Owner("customer", f"{n}") for n in range(3)]
    for n, each in enumerate(who):
        counter.earn(each, f"first {n}", 5000)
    left = [0, 1, 2]

    def book(n: int) -> None:
        for k in range(15):
            counter.earn(who[n], f"{n}.{k}")
            counter.spend(who[n], f"{n}.{k}", 50)
            move = Transfer(
                **counter.at(f"move {n}.{k}"), owner=who[n], to=who[(n + 1) % 3], amount=7
            )
            asked(move)
        left.remove(n)

    def look() -> list[Any]:
        audits = [auditing.audit(counter.shop_id)]
        while left and not audits[-1]:
            audits.append(auditing.audit(counter.shop_id))
        assert len(audits) > 2
        return audits[-1]

    def close() -> None:
        while left:
            services.close(counter.shop_id, "points", until=clock.now(), actor=COMMAND)
            time.sleep(0.02)

    found = at_once(look, close, *[lambda n=n: book(n) for n in range(3)])
    assert found == [[], None, None, None, None]
    assert Close.objects.exists()
    counter.assert_whole()


def test_goods_come_back_while_people_part_and_what_expired_is_revived(counter: Counter) -> None:
    for number in range(ROUNDS):
        anna, ben = (Owner("customer", f"{name} {number}") for name in ("anna", "ben"))
        key = f"lent {number}"
        counter.earn(anna, key, expires_at=NOON + 10 * DAY)
        life = NOON + DAY
        hold = Hold(**counter.at(f"hold {key}"), owner=ben, amount=60, source=key, expires_at=life)
        held = services.post_as_one(hold, [anna]).hold_id or 0
        asked(Release(**counter.at(f"release {key}"), hold_id=held))
        services.expire(counter.shop_id, effective_at=NOON + 10 * DAY)
        ends = (
            Transaction.objects.filter(kind="expire").order_by("-pk").values_list("pk", flat=True)
        )
        revivals = [
            Reverse(**counter.at(f"revive {end}", 11), transaction_id=end, reason="kind")
            for end in ends[:2]
        ]
        back = Return(**counter.at(f"back {key}", 12), lines=((f"order:{key}/line:1", 1),))
        found = at_once(
            lambda back=back: asked(back),
            *(lambda each=each: asked(each) for each in revivals),
            lambda both=(anna, ben): services.part(
                counter.shop_id, both, is_one=lambda _all: False, effective_at=NOON + 12 * DAY
            ),
        )
        assert not [each for each in found if isinstance(each, Exception)], found
        # All that was given is taken back, nobody used any of it, whoever was first.
        assert [counter.of(who) for who in (anna, ben)] == [Balances(), Balances()], found
    assert_whole(counter.shop_id)
