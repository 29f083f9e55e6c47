"""No way around gains a point: what comes to the same leaves the same, and no expiry is ever washed away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from promises import assert_whole  # type: ignore[import-not-found]
from side_by_side import asked  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core.errors import Refused
from stammkunde.ledger import queries, services
from stammkunde.ledger.commands import (
    Balances,
    Cancel,
    Capture,
    Earn,
    EarnedLine,
    Hold,
    Owner,
    Release,
    Return,
    Spend,
    Transfer,
)
from stammkunde.ledger.models import Lot
from stores_and_cast import Cast  # type: ignore[import-not-found]

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


class Shelf:
    """A shop's ledger in short words; every owner is a world of its own."""

    def __init__(self, shop_id: int) -> None:
        self.shop_id, self.keys = shop_id, 0

    def at(self, days: int = 0) -> dict[str, Any]:
        self.keys += 1
        return {
            "shop_id": self.shop_id,
            "unit": "points",
            "key": f"{self.keys}",
            "effective_at": NOON + days * DAY,
        }

    def earn(self, who: Owner, *lines: tuple[int, int], order: str = "1", **more: Any) -> None:
        told = [
            EarnedLine(f"order:{who.id}.{order}/line:{n}", amount, quantity)
            for n, (amount, quantity) in enumerate(lines)
        ]
        asked(Earn(**self.at(), owner=who, lines=tuple(told), **more))

    def spend(self, who: Owner, amount: int, order: str = "s") -> None:
        asked(Spend(**self.at(), owner=who, amount=amount, source=f"order:{who.id}.{order}"))

    def back(self, who: Owner, *lines: tuple[int, int], order: str = "1") -> None:
        told = tuple((f"order:{who.id}.{order}/line:{n}", pieces) for n, pieces in lines)
        asked(Return(**self.at(), lines=told))

    def cancel(self, who: Owner, order: str = "1") -> None:
        asked(Cancel(**self.at(), source=f"order:{who.id}.{order}"))

    def of(self, who: Owner) -> Balances:
        return queries.balances(self.shop_id, "points", who)

    def open_by_expiry(self, who: Owner) -> list[tuple[dt.datetime | None, int]]:
        found: dict[dt.datetime | None, int] = {}
        for lot in Lot.objects.filter(shop_id=self.shop_id, owner_id=who.id):
            open_part = lot.pending + lot.available + lot.held
            found[lot.expires_at] = found.get(lot.expires_at, 0) + open_part
        return sorted(((at, n) for at, n in found.items() if n), key=str)


@pytest.fixture
def shelf(cast: Cast) -> Shelf:
    return Shelf(with_units(cast.cheese).pk)


def owners(count: int) -> Sequence[Owner]:
    return [Owner("customer", f"{n}") for n in range(count)]


pytestmark = pytest.mark.django_db


def test_no_order_of_partial_returns_changes_the_balance(shelf: Shelf) -> None:
    ways = [*permutations([(0, 1), (0, 2), (1, 3), (1, 1)])][::5]
    people = owners(len(ways))
    for who, way in zip(people, ways, strict=True):
        shelf.earn(who, (100, 4), (77, 7))
        for line in way:
            shelf.back(who, line)
    assert {shelf.of(who) for who in people} == {Balances(available=177 - 75 - 44)}


def test_lines_returned_together_or_one_by_one_come_to_the_same(shelf: Shelf) -> None:
    one, other = owners(2)
    for who in (one, other):
        shelf.earn(who, (101, 3), (50, 2))
        shelf.spend(who, 120)
    shelf.back(one, (0, 2), (1, 1))
    shelf.back(other, (1, 1))
    shelf.back(other, (0, 1))
    shelf.back(other, (0, 1))
    assert shelf.of(one) == shelf.of(other) == Balances(debt=-(67 + 25 - 31))


def test_buying_returning_and_buying_again_gains_nothing(shelf: Shelf) -> None:
    one, other = owners(2)
    shelf.earn(one, (100, 2))
    shelf.earn(other, (100, 2))
    for n in range(3):
        shelf.back(other, (0, 2), order="1" if n == 0 else f"again{n}")
        shelf.earn(other, (100, 2), order=f"again{n + 1}")
    assert shelf.of(one) == shelf.of(other) == Balances(available=100)


def test_spending_first_and_returning_then_gains_nothing(shelf: Shelf) -> None:
    """Buy, spend what it earned, send it back: the debt eats the next earning."""
    (who,) = owners(1)
    shelf.earn(who, (100, 1))
    shelf.spend(who, 100)
    shelf.back(who, (0, 1))
    assert shelf.of(who) == Balances(debt=-100)
    shelf.earn(who, (60, 1), order="2")
    assert shelf.of(who) == Balances(debt=-40)
    shelf.earn(who, (60, 1), order="3")
    assert shelf.of(who) == Balances(available=20)


def test_points_that_were_paid_with_come_back_with_their_own_expiry(shelf: Shelf) -> None:
    one, other = owners(2)
    for who in (one, other):
        shelf.earn(who, (50, 1), order="a", expires_at=NOON + 30 * DAY)
        shelf.earn(who, (50, 1), order="b", expires_at=NOON + 10 * DAY)
        shelf.earn(who, (50, 1), order="c")
    for n in range(3):
        shelf.spend(one, 120, order=f"s{n}")
        shelf.cancel(one, order=f"s{n}")
    assert shelf.open_by_expiry(one) == shelf.open_by_expiry(other)


def test_a_part_that_comes_back_is_as_if_less_had_been_spent(shelf: Shelf) -> None:
    one, other = owners(2)
    for who in (one, other):
        shelf.earn(who, (50, 1), order="a", expires_at=NOON + 30 * DAY)
        shelf.earn(who, (50, 1), order="b", expires_at=NOON + 10 * DAY)
    shelf.spend(one, 80)
    asked(Return(**shelf.at(), give_back=((f"order:{one.id}.s", 35),)))
    shelf.spend(other, 45)
    assert shelf.open_by_expiry(one) == shelf.open_by_expiry(other)


def test_sending_points_round_in_a_circle_keeps_their_expiry(shelf: Shelf) -> None:
    people = owners(3)
    shelf.earn(people[0], (50, 1), order="a", expires_at=NOON + 30 * DAY)
    shelf.earn(people[0], (50, 1), order="b", expires_at=NOON + 10 * DAY)
    before = shelf.open_by_expiry(people[0])
    for one, other in zip(people, (*people[1:], people[0]), strict=True):
        asked(Transfer(**shelf.at(), owner=one, to=other, amount=100))
    assert shelf.open_by_expiry(people[0]) == before
    assert [shelf.of(who).total for who in people] == [100, 0, 0]


def test_what_was_given_away_is_still_owed_by_whoever_earned_it(shelf: Shelf) -> None:
    one, other = owners(2)
    shelf.earn(one, (100, 1))
    asked(Transfer(**shelf.at(), owner=one, to=other, amount=100))
    shelf.back(one, (0, 1))
    assert shelf.of(one) == Balances(debt=-100)
    assert shelf.of(other) == Balances(available=100)


def test_a_hold_that_ends_in_nothing_was_nothing_and_a_captured_one_a_spending(
    shelf: Shelf,
) -> None:
    people = owners(4)
    for who in people:
        shelf.earn(who, (50, 1), order="a", expires_at=NOON + 30 * DAY)
        shelf.earn(who, (50, 1), order="b", expires_at=NOON + 10 * DAY)
    ids = [
        asked(
            Hold(
                **shelf.at(),
                owner=who,
                amount=70,
                source=f"order:{who.id}.h",
                expires_at=NOON + DAY,
            )
        ).hold_id
        for who in people[:2]
    ]
    asked(Release(**shelf.at(), hold_id=ids[0]))
    asked(Capture(**shelf.at(), hold_id=ids[1]))
    shelf.spend(people[3], 70)
    assert shelf.open_by_expiry(people[0]) == shelf.open_by_expiry(people[2])
    assert shelf.open_by_expiry(people[1]) == shelf.open_by_expiry(people[3])


@pytest.mark.parametrize("ticks", [(0, 5, 10, 15, 20), (20,)])
def test_however_rarely_the_clock_ticks_the_same_matures_and_repays(
    shelf: Shelf, ticks: tuple[int, ...]
) -> None:
    (who,) = owners(1)
    shelf.earn(who, (40, 1))
    shelf.spend(who, 40)
    shelf.back(who, (0, 1))
    for n, days in enumerate((3, 9, 15)):
        shelf.earn(who, (25, 1), order=f"{n + 2}", available_at=NOON + days * DAY)
    for days in ticks:
        services.mature(shelf.shop_id, effective_at=NOON + days * DAY, limit=100)
    assert shelf.of(who) == Balances(available=35)


def test_an_instant_belongs_to_what_begins_then_and_not_to_what_ends(shelf: Shelf) -> None:
    (who,) = owners(1)
    shelf.earn(who, (10, 1), available_at=NOON + DAY, expires_at=NOON + 3 * DAY)
    assert services.mature(shelf.shop_id, effective_at=NOON + DAY, limit=9).count == 1
    spend = {"owner": who, "amount": 4, "source": "order:x"}
    asked(Spend(**shelf.at(1), **spend))
    with pytest.raises(Refused) as refused:
        asked(Spend(**shelf.at(3), **spend))
    assert refused.value.name == "ledger.not_enough"
    # Two days from the first are those that the lot has anyway: it is not restored by another.
    asked(Return(**shelf.at(1), give_back=(("order:x", 4),), minimum_days=2))
    assert shelf.open_by_expiry(who) == [(NOON + 3 * DAY, 10)]
    assert Lot.objects.count() == 1
    assert services.expire(shelf.shop_id, effective_at=NOON + 3 * DAY, limit=9).amount == 10


def test_many_commands_at_once_are_the_same_as_one_by_one(shelf: Shelf) -> None:
    one, other = owners(2)

    def commands(who: Owner) -> list[Earn]:
        return [
            Earn(
                **shelf.at(),
                owner=who,
                lines=(EarnedLine(f"order:{who.id}.{n}/line:0", 10 + n, 2),),
                expires_at=NOON + n * DAY if n else None,
                available_at=NOON + DAY if n % 3 == 0 else None,
            )
            for n in range(12)
        ]

    posted = services.earn(commands(one))
    for command in commands(other):
        asked(command)
    assert [each.balances for each in posted][-1] == shelf.of(one) == shelf.of(other)
    shelf.earn(one, (9, 1), order="x")
    shelf.earn(other, (9, 1), order="x")
    spent = services.spend(
        [Spend(**shelf.at(), owner=one, amount=7 + n, source="x") for n in range(4)]
    )
    for n in range(4):
        shelf.spend(other, 7 + n)
    assert spent[-1].balances == shelf.of(one) == shelf.of(other)
    assert shelf.open_by_expiry(one) == shelf.open_by_expiry(other)


def test_nothing_of_it_breaks_a_promise(shelf: Shelf) -> None:
    one, other = owners(2)
    shelf.earn(one, (100, 3), (7, 2))
    shelf.spend(one, 90)
    shelf.back(one, (0, 2))
    asked(Transfer(**shelf.at(), owner=one, to=other, amount=1)) if shelf.of(
        one
    ).available else None
    shelf.cancel(one)
    shelf.cancel(one, order="s")
    assert_whole(shelf.shop_id)
    assert shelf.of(one) == Balances()
