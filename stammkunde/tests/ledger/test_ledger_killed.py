"""A process that books is killed at any moment: what it was told has happened, and the rest can be asked again."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any

import pytest
from django.db import connections
from happening import happen  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]
from shop_events import History  # type: ignore[import-not-found]
from side_by_side import asked  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core.errors import Refused
from stammkunde.ledger.commands import Posted
from stores_and_cast import Store, make_cast  # type: ignore[import-not-found]

PROCESSES = multiprocessing.get_context("fork")
pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def book(shop_id: int, seed: int, wire: Connection) -> None:
    """Book a history; say each command before it is asked, and its answer once it is known."""
    answers: dict[str, Posted] = {}
    for event in islice(History(seed, shop_id=shop_id, name=f"{seed}-"), 5000):
        if not event.command:
            happen(event, shop_id, answers)
            continue
        command = event.with_ids(answers)
        wire.send((command, None))
        try:
            posted = asked(command)
        except Refused:
            continue
        answers[command.key] = posted
        wire.send((command, posted))


def killed(shop_id: int, seed: int, seconds: float) -> list[tuple[Any, Posted | None]]:
    """Let a process book, kill it, and return what it said."""
    connections.close_all()
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=book, args=(shop_id, seed, theirs))
    process.start()
    theirs.close()
    # A busy machine may take long to start a process; what is killed shall be at work.
    ours.poll(60)
    said, until = [], time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if ours.poll(left):
            said.append(ours.recv())
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    try:
        while True:
            said.append(ours.recv())
    except (EOFError, OSError):
        ours.close()
    return said


def kill_and_ask_again(rounds: int, seed: int) -> None:
    shop_id = with_units(make_cast().cheese).pk
    chance, answered = random.Random(seed), 0  # noqa: S311  # repeatable, not secret
    for number in range(rounds):
        said = killed(shop_id, seed + number, chance.uniform(0.05, 0.35))
        last = said[-1][0] if said else None
        for command, posted in said:
            if posted is not None:
                again = asked(command)
                assert again.replayed
                assert (again.transaction_id, again.balances) == (
                    posted.transaction_id,
                    posted.balances,
                )
                answered += 1
            elif command is last:
                # Nobody knows whether it was booked. Asked twice, it is, once.
                try:
                    first, second = asked(command), asked(command)
                except Refused:
                    continue
                assert second.replayed
                assert first.transaction_id == second.transaction_id
        assert_whole(shop_id)
    assert answered > rounds


def test_kill_9_loses_no_answer(own_store: Store) -> None:
    kill_and_ask_again(rounds=10, seed=11)


@pytest.mark.soak
def test_nor_does_it_in_two_hundred_rounds(own_store: Store) -> None:
    kill_and_ask_again(rounds=200, seed=1000)
