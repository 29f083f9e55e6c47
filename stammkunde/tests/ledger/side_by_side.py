"""The ledger and its oracle on the same events: whatever one answers, refuses or holds, so must the other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import oracle_proof  # type: ignore[import-not-found]
from faults import Fault, faulty  # type: ignore[import-not-found]
from ledger_oracle import Oracle  # type: ignore[import-not-found]
from oracle_parts import ROLES, No, Who  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]
from shop_events import UNITS, Event, History  # type: ignore[import-not-found]

from stammkunde.core.errors import Refused
from stammkunde.ledger import queries, services
from stammkunde.ledger.commands import Balances, Owner, Posted
from stammkunde.ledger.models import Account, Hold, Lot

BIG = 100_000


def asked(command: Any) -> Posted:
    """Ask the ledger for one command."""
    found: Posted = services.post([command])[0]
    return found


@dataclass
class Both:
    """One shop's ledger on both sides.

    Parameters
    ----------
    shop_id
        With the units of `UNITS`.
    seed
        Of the history and of the faults.
    faults
        How many commands in a thousand are interrupted at a random statement, and asked again.
    """

    shop_id: int
    seed: int
    faults: int = 0
    oracle: Oracle = field(default_factory=Oracle)
    answers: dict[str, Posted] = field(default_factory=dict)
    told: dict[int, Posted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # a seeded game, no secret

    def run(self, steps: int, *, proved_each: int = 1000) -> None:
        """Let so many events happen; an error names the seed and the event."""
        for number, event in enumerate(islice(History(self.seed, shop_id=self.shop_id), steps), 1):
            try:
                self.step(event)
                if number % proved_each == 0 or number == steps:
                    self.prove()
            except BaseException as error:
                error.add_note(f"seed {self.seed}, event {number} of {steps}: {event}")
                raise

    def step(self, event: Event) -> None:
        """Let one event happen on both sides, and compare whom it concerned."""
        if event.tick:
            work = getattr(services, event.tick)
            tick = work(self.shop_id, effective_at=event.at, limit=BIG)
            ours = self.oracle.tick(event.tick, event.at)
            assert (tick.count, tick.amount) == ours, (tick, ours)
            assert not tick.more
            owners = {(e.unit, e.who) for e in self.oracle.entries if e.who}
        else:
            is_stopped = self.chance.randrange(1000) < self.faults
            stop_at = self.chance.randrange(14) if is_stopped else None
            owners = self.ask(event.with_ids(self.answers), stop_at)
        for unit, who in owners:
            self.compare(unit, who)

    def ask(self, command: Any, stop_at: int | None = None) -> set[tuple[str, Who]]:
        """Ask both, the ledger again if it was stopped at a statement; return whose balances may have changed."""
        theirs: Posted | str | None = None
        if stop_at is not None:
            with faulty(Fault(stop_at)):
                theirs = _answer(command)
        theirs = theirs or _answer(command)
        ids: dict[str, Any] = {}
        if isinstance(theirs, Posted):
            ids = {"transaction_id": theirs.transaction_id, "hold_id": theirs.hold_id}
        try:
            ours: Any = self.oracle.do(command, **ids)
        except No as refused:
            ours = str(refused)
        if not isinstance(theirs, Posted) or isinstance(ours, str):
            assert theirs == ours, command
            return set()
        assert theirs.replayed == ours.replayed, command
        assert theirs.kind == command.kind
        assert theirs.balances == Balances(*ours.balances), command
        if theirs.replayed:
            assert replace(theirs, replayed=False) == self.told[theirs.transaction_id]
            return set()
        self.told[theirs.transaction_id] = theirs
        self.answers[command.key] = theirs
        return {(e.unit, e.who) for e in self.oracle.entries if e.who}

    def compare(self, unit: str, who: Who) -> None:
        """Compare the balances and every lot of an owner."""
        found = queries.balances(self.shop_id, unit, Owner(*who))
        assert found == Balances(*self.oracle.balances(unit, who)), who
        names = ("source", "earned", *ROLES, "available_at", "expires_at")
        theirs = (
            Lot.objects.filter(
                shop_id=self.shop_id, unit__code=unit, owner_kind=who[0], owner_id=who[1]
            )
            .order_by("id")
            .values_list(*names)
        )
        ours = [tuple(getattr(lot, name) for name in names) for lot in self.oracle.of[unit, who]]
        assert list(theirs) == ours, who

    def prove(self) -> None:
        """Compare everything and prove every promise on both sides, and that the audit agrees."""
        oracle_proof.of_everything(self.oracle)
        for unit, who in list(self.oracle.of):
            self.compare(unit, who)
        assert Lot.objects.filter(shop_id=self.shop_id).count() == len(self.oracle.lots)
        accounts = Account.objects.filter(shop_id=self.shop_id, unit__code__in=UNITS)
        debts = accounts.filter(role="debt", balance__lt=0)
        assert sum(debts.values_list("balance", flat=True)) == sum(self.oracle.debts.values())
        states = dict(Hold.objects.filter(shop_id=self.shop_id).values_list("id", "state"))
        assert states == {name: hold.state for name, hold in self.oracle.holds.items()}
        assert_whole(self.shop_id)


def _answer(command: Any) -> Posted | str:
    try:
        return asked(command)
    except Refused as refused:
        return refused.name
