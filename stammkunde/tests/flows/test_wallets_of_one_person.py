"""Points of customers who become one and part again: nothing is lost, nothing is used twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from importing import imported, rows, undone  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.features.wallets import services as wallets
from stammkunde.flows import customers_merged
from stammkunde.ledger import queries
from stammkunde.ledger import services as ledger
from stammkunde.ledger.commands import Adjust, Earn, EarnedLine, Hold, Owner, Return, Spend
from stammkunde.ledger.models import Transaction
from stammkunde.records.customers.models import Customer, Key, Merge
from stores_and_cast import Cast

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@dataclass
class Two:
    """Anna twice, each with a wallet, and short words for what is booked."""

    cast: Cast
    anna: Customer
    again: Customer

    def __post_init__(self) -> None:
        self.keys = count(1)
        ledger.open_unit(
            self.cast.cheese.pk, "points", kind="points", name="Punkte", actor=COMMAND,
            four_eyes_above=50,
        )  # fmt: skip

    def of(self, customer: Customer) -> Owner:
        return wallets.owner_of(self.cast.cheese, customer.pk)

    def earn(self, owner: Owner, amount: int, *, days: int | None = None, order: str) -> None:
        self.book(
            Earn, owner=owner, lines=(EarnedLine(f"order:{order}/line:1", amount),),
            expires_at=None if days is None else NOON + days * DAY,
        )  # fmt: skip

    def book(self, kind: Any, *, key: str = "", at: int = 0, **fields: Any) -> Any:
        key = key or f"key-{next(self.keys)}"
        common = {"shop_id": self.cast.cheese.pk, "unit": "points", "effective_at": NOON + at * DAY}
        return wallets.book(self.cast.cheese, kind(key=key, **common, **fields))

    def has(self, owner: Owner) -> tuple[int, int]:
        found = queries.balances(self.cast.cheese.pk, "points", owner)
        return (found.available, found.debt)

    def merge(self) -> Merge:
        return customers_merged.merge(
            self.cast.cheese, kept_id=self.anna.pk, gone_id=self.again.pk, actor=COMMAND
        )

    def part(self, merge: Merge) -> None:
        customers_merged.part(self.cast.cheese, merge.pk, actor=COMMAND)
        assert queries.audit(self.cast.cheese.pk) == []


@pytest.fixture
def two(cast: Cast) -> Two:
    return two_in(cast)


def two_in(cast: Cast) -> Two:
    made = [Customer.objects.create(shop=cast.cheese, name=name) for name in ("Anna", "A.")]
    for customer in made:
        Key.objects.create(
            shop=cast.cheese, customer=customer, kind="number", value=f"n{customer.pk}",
            written=f"n{customer.pk}",
        )  # fmt: skip
    return Two(cast, *made)


def test_what_both_had_is_spent_by_the_earliest_end_and_each_has_their_own_again(two: Two) -> None:
    one, other = two.of(two.anna), two.of(two.again)
    two.earn(one, 100, days=60, order="1")
    two.earn(other, 40, days=30, order="2")
    two.earn(other, 40, days=90, order="3")
    merge = two.merge()
    assert two.of(two.again) == one
    assert wallets.owners_of(two.anna) == [one, other]
    spent = two.book(Spend, owner=one, amount=120, source="order:4", key="once")
    assert (two.has(one), two.has(other)) == ((20, 0), (40, 0))
    # The same request again takes nothing more, neither does one that nobody can pay.
    assert two.book(Spend, owner=one, amount=120, source="order:4", key="once").replayed
    with pytest.raises(Refused, match="60"):
        two.book(Spend, owner=one, amount=61, source="order:5")
    assert (two.has(one), two.has(other)) == ((20, 0), (40, 0))

    two.part(merge)

    # Anna spent 120, had 100, and owes what was taken of the other's, who has everything again.
    assert (two.has(one), two.has(other)) == ((0, -20), (80, 0))
    ends = [lot.expires_at for lot in queries.lots(two.cast.cheese.pk, "points", other)]
    assert ends == [NOON + 30 * DAY, NOON + 90 * DAY]
    two.book(Return, give_back=((spent_source(spent), 120),))
    assert (two.has(one), two.has(other)) == ((100, 0), (80, 0))


def spent_source(posted: Any) -> str:
    return Transaction.objects.get(pk=posted.transaction_id).source


def test_debt_of_one_is_repaid_by_the_other_before_anything_is_spent(two: Two) -> None:
    one, other = two.of(two.anna), two.of(two.again)
    two.earn(other, 30, order="1")
    two.book(Spend, owner=other, amount=30, source="order:2")
    two.earn(one, 50, order="3")
    merge = two.merge()
    two.book(Return, lines=(("order:1/line:1", 1),))
    with pytest.raises(Refused):
        two.book(Hold, owner=one, amount=21, source="order:4", expires_at=NOON + DAY)
    two.book(Hold, owner=one, amount=20, source="order:4", expires_at=NOON + DAY)
    assert (two.has(one), two.has(other)) == ((0, 0), (0, 0))
    two.part(merge)
    assert (two.has(one), two.has(other)) == ((30, 0), (0, -30))


def test_goods_that_come_back_are_taken_from_where_they_earned(two: Two) -> None:
    one, other = two.of(two.anna), two.of(two.again)
    two.earn(other, 30, order="1")
    two.earn(one, 5, order="2")
    merge = two.merge()
    two.book(Return, lines=(("order:1/line:1", 1),))
    assert (two.has(one), two.has(other)) == ((5, 0), (0, 0))
    two.part(merge)
    assert (two.has(one), two.has(other)) == ((5, 0), (0, 0))


def test_who_had_no_wallet_gets_one_of_their_own_and_corrections_take_from_both(two: Two) -> None:
    other = two.of(two.again)
    two.earn(other, 40, order="1")
    merge = two.merge()
    one = two.of(two.anna)
    assert one != other
    two.earn(one, 10, order="2")
    two.book(Adjust, owner=one, amount=-45, reason="error", by="person:1")
    assert (two.has(one), two.has(other)) == ((5, 0), (0, 0))
    two.earn(other, 55, order="4")
    waits = two.book(Adjust, owner=one, amount=-55, reason="error", by="person:1")
    assert (two.has(one), two.has(other)) == ((5, 0), (55, 0))
    wallets.approve(two.cast.cheese, waits.proposal_id, by="person:2")
    assert (two.has(one), two.has(other)) == ((0, 0), (5, 0))
    two.book(Spend, owner=one, amount=5, source="order:5")
    two.earn(one, 55, order="6")
    two.part(merge)
    assert (two.has(one), two.has(other)) == ((0, -40), (95, 0))
    again = two.merge()
    two.earn(one, 40, order="3")
    two.part(again)
    assert (two.has(one), two.has(other)) == ((0, 0), (95, 0))
    assert clock.now() > NOON


def test_an_import_that_is_undone_parts_who_it_made_one_and_forgets_nobody_with_points(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "data"

    def order(number: str, customer: str, email: str) -> str:
        return f"{number};05.01.2026 10:00;{customer};{email};;10,00;bezahlt;Brie;1"

    first = imported(cast.cheese, rows(order("A1", "17", ""), order("A2", "18", "b@example.com")))
    two = Two(cast, *(Customer.objects.get(number=number) for number in ("17", "18")))
    one, other = two.of(two.anna), two.of(two.again)
    two.earn(other, 40, order="A2")
    joined = imported(cast.cheese, rows(order("A3", "17", "b@example.com")))
    assert wallets.others_of(cast.cheese, one) == [other]
    two.book(Spend, owner=one, amount=10, source="order:A3")
    undone(joined)
    assert wallets.others_of(cast.cheese, one) == []
    assert (two.has(one), two.has(other)) == ((0, -10), (40, 0))
    undone(first)
    assert wallets.owners_of(two.again) == [other]
    assert queries.audit(cast.cheese.pk) == []
