"""Callers of one process share a commit on SQLite: each is answered as if alone, and only when it is committed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from booking import ANNA, BEN, Points  # type: ignore[import-not-found]
from django.db import OperationalError, connection, transaction
from faults import Stopped  # type: ignore[import-not-found]

from at_once import at_once  # type: ignore[import-not-found]
from stammkunde.ledger import queries, refusals, services
from stammkunde.ledger.commands import Command, Posted, Spend
from stammkunde.ledger.grouping import Line, Waiting
from stammkunde.ledger.models import Transaction
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]


@pytest.fixture
def till(own_store: Store) -> Iterator[Points]:
    points = Points(make_cast().cheese.pk)
    points.earn(ANNA, 30)
    yield points
    assert queries.audit() == []


class Followers(list[Waiting]):
    """Those in line; told once all are there."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count, self.are_here = count, threading.Event()

    def append(self, each: Waiting) -> None:
        super().append(each)
        if len(self) == self.count:
            self.are_here.set()


class Crowd:
    """Callers of one line: the first begins to book when all others stand behind it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.line, self.groups = Line(), list[int]()
        self.fault: type[BaseException] | None = None
        real = services.post_each

        def book(commands: list[Command]) -> Any:
            if not self.groups:
                self.followers.are_here.wait()
            self.groups.append(len(commands))
            answers = real(commands)
            if self.fault and len(commands) > 1:
                raise self.fault
            return answers

        monkeypatch.setattr(services, "post_each", book)

    def post(self, *commands: Command) -> list[Any]:
        """Return what each was answered, or the name of its refusal."""
        self.line._waiting = self.followers = Followers(len(commands) - 1)

        def asked(command: Command) -> Any:
            try:
                return self.line.post(command)
            except Stopped:
                return "stopped"

        return at_once(*(lambda each=each: asked(each) for each in commands))

    def expect(self, *groups: int) -> None:
        """Only SQLite books together."""
        assert self.groups == (list(groups) if connection.vendor == "sqlite" else [])


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> Crowd:
    return Crowd(monkeypatch)


def test_a_refused_one_refuses_only_itself(till: Points, crowd: Crowd) -> None:
    good = [till.command(Spend, owner=ANNA, amount=5) for _ in range(5)]
    bad = [till.command(Spend, owner=BEN, amount=5), till.command(Spend, owner=ANNA, amount=-1)]
    found = crowd.post(*good, *bad)
    assert [isinstance(each, Posted) for each in found] == [True] * 5 + [False] * 2
    assert found[5:] == ["ledger.not_enough", "ledger.bad_command"]
    assert till.of(ANNA) == (0, 5, 0, 0)
    crowd.expect(1, 6)


def test_one_key_books_once_within_a_group(till: Points, crowd: Crowd) -> None:
    same = [till.command(Spend, owner=ANNA, amount=5, key="once") for _ in range(4)]
    other = till.command(Spend, owner=ANNA, amount=6, key="once")
    found = crowd.post(*same)
    assert sorted(each.replayed for each in found) == [False, True, True, True]
    assert len({each.transaction_id for each in found}) == 1
    with pytest.raises(refusals.KeyReused):
        crowd.line.post(other)
    assert till.of(ANNA) == (0, 25, 0, 0)


@pytest.mark.parametrize("fault", [Stopped, OperationalError])
def test_what_stops_before_the_commit_gives_nobody_an_answer(
    till: Points, crowd: Crowd, fault: type[BaseException]
) -> None:
    crowd.fault = fault
    commands = [till.command(Spend, owner=ANNA, amount=5) for _ in range(4)]
    found = crowd.post(*commands)
    # Whoever led is stopped with the group, or books alone like the others: all was undone.
    is_stopped = fault is Stopped and connection.vendor == "sqlite"
    assert found.count("stopped") == is_stopped
    for command, answer in zip(commands, found, strict=True):
        rows = Transaction.objects.filter(key=command.key)
        assert [row.pk for row in rows] == ([] if answer == "stopped" else [answer.transaction_id])
        assert answer == "stopped" or not answer.replayed
    assert till.of(ANNA) == (0, 15 if is_stopped else 10, 0, 0)


def test_within_a_transaction_of_ones_own_nobody_waits(till: Points) -> None:
    line = Line()
    # Somebody leads and never ends.
    line._is_led = True
    with transaction.atomic():
        line.post(till.command(Spend, owner=ANNA, amount=5))
        transaction.set_rollback(True)
    assert till.of(ANNA) == (0, 30, 0, 0)


def test_what_stands_beside_a_booking_is_written_with_it_or_not_at_all(till: Points) -> None:
    line, told = Line(), list[Posted]()
    posted = line.post(till.command(Spend, owner=ANNA, amount=5), beside=told.append)
    assert told == [posted]

    def fails(_posted: Posted) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        line.post(till.command(Spend, owner=ANNA, amount=5), beside=fails)
    with pytest.raises(refusals.NotEnough):
        line.post(till.command(Spend, owner=BEN, amount=5), beside=told.append)
    assert (till.of(ANNA), told) == ((0, 25, 0, 0), [posted])
