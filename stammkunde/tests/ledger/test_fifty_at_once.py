"""Fifty at once: on the last points, and with one key. Every commit is real, PostgreSQL is at READ COMMITTED."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from booking import ANNA, Points  # type: ignore[import-not-found]

from at_once import at_once  # type: ignore[import-not-found]
from stammkunde.ledger import queries, services
from stammkunde.ledger.commands import Owner, Spend, Transfer
from stammkunde.ledger.models import Transaction
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

CROWD = 50


@pytest.fixture
def till(own_store: Store) -> Iterator[Points]:
    yield Points(make_cast().cheese.pk)
    assert queries.audit() == []


def crowd(*works: Callable[[], Any]) -> Counter[str]:
    """Let all begin at the same moment; return how often what came of it."""
    found = at_once(*works)
    return Counter(
        each if isinstance(each, str) else "replayed" if each.replayed else "booked"
        for each in found
    )


def test_of_fifty_who_want_the_last_points_as_many_get_them_as_there_are(till: Points) -> None:
    till.earn(ANNA, 30, 20)
    commands = [till.command(Spend, owner=ANNA, amount=10) for _ in range(CROWD)]
    found = crowd(*(lambda each=each: services.spend_one(each) for each in commands))
    assert found == {"booked": 5, "ledger.not_enough": CROWD - 5}
    assert till.of(ANNA) == (0, 0, 0, 0)


def test_one_key_books_once_and_another_command_under_it_never(till: Points) -> None:
    till.earn(ANNA, 10)
    # The others may be of somebody else, so that no lock of an owner stands between them.
    till.earn(Owner("customer", "eve"), 10)
    spend = till.command(Spend, owner=ANNA, amount=10, key="once")
    other = dataclasses.replace(spend, owner=Owner("customer", "eve"))
    works = [spend, other] * (CROWD // 2)
    found = crowd(*(lambda each=each: services.spend_one(each) for each in works))
    assert found == {"booked": 1, "replayed": CROWD // 2 - 1, "ledger.key_reused": CROWD // 2}
    assert Transaction.objects.filter(kind="spend").count() == 1


def test_who_give_to_each_other_crosswise_do_not_wait_in_a_circle(till: Points) -> None:
    owners = [Owner("customer", name) for name in ("a", "b", "c")]
    for owner in owners:
        till.earn(owner, 100)
    commands = [
        till.command(Transfer, owner=owners[n % 3], to=owners[(n + 1) % 3], amount=1)
        for n in range(30)
    ]
    found = crowd(*(lambda each=each: services.transfer_one(each) for each in commands))
    assert found == {"booked": 30}
    assert {till.of(owner) for owner in owners} == {(0, 100, 0, 0)}
