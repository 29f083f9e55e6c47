"""Any verbs in any order, found by hypothesis and made small by it: the ledger does what its oracle does."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from shop_events import START, TICKS, UNITS, Event  # type: ignore[import-not-found]
from side_by_side import Both  # type: ignore[import-not-found]
from units_of_shops import with_units  # type: ignore[import-not-found]

from stammkunde.core.audit.services import COMMAND
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services as shops
from stammkunde.ledger.commands import (
    Cancel,
    Capture,
    Convert,
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
from stores_and_cast import Cast, Store  # type: ignore[import-not-found]

DAY = dt.timedelta(days=1)
PEOPLE = st.sampled_from([Owner("customer", "1"), Owner("customer", "2")])
AMOUNTS, DAYS = st.integers(1, 12), st.integers(0, 6)
PLACES = st.integers(0, 5)


class LedgerMachine(RuleBasedStateMachine):
    """Two customers, small numbers, days that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        owner = Person.objects.get(email="olga@example.com")
        shop = with_units(shops.found("Machine", owner=owner, actor=COMMAND))
        self.both, self.now, self.numbers = Both(shop.pk, seed=0), START, count()
        self.holds: list[str] = []
        self.orders = 0

    def teardown(self) -> None:
        try:
            self.both.prove()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def ask(self, kind: type, of: str = "", key: str = "", **given: Any) -> None:
        common = {
            "shop_id": self.both.shop_id,
            "unit": UNITS[0],
            "key": key or str(next(self.numbers)),
            "effective_at": self.now,
        }
        if kind is Reverse:
            given["transaction_id"] = getattr(self.both.answers.get(of), "transaction_id", 0)
        if kind in (Capture, Release):
            given["hold_id"] = getattr(self.both.answers.get(of), "hold_id", 0)
        self.both.ask(kind(**common, **given))

    @rule(who=PEOPLE, lines=st.lists(st.tuples(AMOUNTS, st.integers(1, 3)), min_size=1, max_size=2))
    def earn_at_once(self, who: Owner, lines: list[tuple[int, int]]) -> None:
        self.earn(who, lines, None, None)

    @rule(who=PEOPLE, amount=AMOUNTS, wait=DAYS, life=DAYS)
    def earn_for_later(self, who: Owner, amount: int, wait: int, life: int) -> None:
        self.earn(who, [(amount, 2)], wait, wait + life + 1)

    def earn(
        self, who: Owner, lines: list[tuple[int, int]], wait: int | None, life: int | None
    ) -> None:
        told = [
            EarnedLine(f"order:{self.orders}/line:{n}", amount, quantity)
            for n, (amount, quantity) in enumerate(lines)
        ]
        self.orders += 1
        self.ask(
            Earn,
            owner=who,
            lines=tuple(told),
            available_at=None if wait is None else self.now + wait * DAY,
            expires_at=None if life is None else self.now + life * DAY,
        )

    @rule(who=PEOPLE, amount=AMOUNTS, order=PLACES)
    def spend(self, who: Owner, amount: int, order: int) -> None:
        self.ask(Spend, owner=who, amount=amount, source=f"order:{order}")

    @rule(who=PEOPLE, amount=AMOUNTS, order=PLACES, life=DAYS)
    def hold(self, who: Owner, amount: int, order: int, life: int) -> None:
        self.holds.append(key := f"hold {next(self.numbers)}")
        until = self.now + life * DAY
        self.ask(Hold, key=key, owner=who, amount=amount, source=f"order:{order}", expires_at=until)

    @precondition(lambda self: self.holds)
    @rule(place=PLACES, amount=st.none() | AMOUNTS)
    def capture(self, place: int, amount: int | None) -> None:
        self.ask(Capture, of=self.holds[-1 - place % len(self.holds)], amount=amount)

    @precondition(lambda self: self.holds)
    @rule(place=PLACES)
    def release(self, place: int) -> None:
        self.ask(Release, of=self.holds[-1 - place % len(self.holds)])

    @rule(order=PLACES, pieces=st.integers(1, 3))
    def give_back(self, order: int, pieces: int) -> None:
        self.ask(Return, lines=((f"order:{order}/line:0", pieces),))

    @rule(order=PLACES, amount=AMOUNTS, days=st.sampled_from([0, 4]))
    def come_back(self, order: int, amount: int, days: int) -> None:
        self.ask(Return, give_back=((f"order:{order}", amount),), minimum_days=days)

    @rule(order=PLACES)
    def cancel(self, order: int) -> None:
        self.ask(Cancel, source=f"order:{order}")

    @rule(amount=AMOUNTS)
    def transfer(self, amount: int) -> None:
        self.ask(Transfer, owner=Owner("customer", "1"), to=Owner("customer", "2"), amount=amount)

    @rule(who=PEOPLE, amount=AMOUNTS)
    def convert(self, who: Owner, amount: int) -> None:
        self.ask(Convert, owner=who, amount=amount, to_unit=UNITS[1], numerator=2, denominator=3)

    @rule(number=st.integers(0, 30))
    def reverse(self, number: int) -> None:
        self.ask(Reverse, of=str(number), reason="mistake")

    @rule(days=DAYS, ticks=st.lists(st.sampled_from(TICKS), unique=True, max_size=3))
    def pass_time(self, days: int, ticks: list[str]) -> None:
        self.now += days * DAY
        for tick in ticks:
            self.both.step(Event(self.now, tick=tick))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(25, 25), pytest.param(1500, 60, marks=pytest.mark.soak)]
)
def test_any_verbs_in_any_order(cast: Cast, store: Store, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples if connection.vendor == "sqlite" else examples // 3,
            stateful_step_count=steps,
            deadline=None,
            derandomize=examples < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )
