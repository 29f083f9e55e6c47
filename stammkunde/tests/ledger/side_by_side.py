"""The ledger and its oracle on the same events: whatever one answers, refuses or holds, so must the other."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count, islice
from types import SimpleNamespace
from typing import Any

import oracle_proof  # type: ignore[import-not-found]
import pytest
from django.db.models import Q
from faults import Fault, faulty  # type: ignore[import-not-found]
from ledger_oracle import Oracle  # type: ignore[import-not-found]
from oracle_parts import ROLES, No, Who  # type: ignore[import-not-found]
from promises import assert_whole  # type: ignore[import-not-found]
from shop_events import UNITS, Event, History  # type: ignore[import-not-found]

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.ledger import closing, posting, queries, services
from stammkunde.ledger.commands import Balances, Owner, Posted, Reverse
from stammkunde.ledger.models import Account, Entry, Hold, Lot, Unit

BIG = 100_000
# How many of all commands begin to be collected, and how likely each is the last that is.
BATCHES, LAST_OF_BATCH = 0.06, 0.2


def asked(command: Any) -> Posted:
    """Ask the ledger for one command."""
    found: Posted = services.post([command])[0]
    return found


@contextmanager
def clocks_apart(chance: random.Random) -> Iterator[None]:
    """Let whoever books and whoever closes look at clocks that differ by up to an hour."""

    def now() -> dt.datetime:
        return clock.now() + dt.timedelta(minutes=chance.randint(-60, 0))

    with pytest.MonkeyPatch.context() as patched:
        for module in (posting, closing):
            patched.setattr(module, "clock", SimpleNamespace(now=now))
        yield


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
    # Who was ever merged, and the name of the person that each is.
    people: set[Who] = field(default_factory=set)
    person: dict[Who, Who] = field(default_factory=dict)
    # Which expiries were undone.
    revived: set[int] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)
    # Up to which lot each owner's were compared: how many, and the id of the last.
    compared: dict[tuple[str, Who], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.unit_ids = dict(Unit.objects.filter(shop=self.shop_id).values_list("code", "id"))
        self.chance = random.Random(self.seed)  # noqa: S311  # a seeded game, no secret
        self.clocks = random.Random(self.seed)  # noqa: S311

    def run(self, steps: int, *, proved_each: int = 1000) -> None:
        """Let so many events happen; an error names the seed and the event."""
        with clocks_apart(self.clocks):
            self._run(steps, proved_each)

    def _run(self, steps: int, proved_each: int) -> None:
        together: list[Any] = []
        for number, event in enumerate(islice(History(self.seed, shop_id=self.shop_id), steps), 1):
            try:
                if event.command and (together or self.chance.random() < BATCHES):
                    together.append(event.with_ids(self.answers))
                    if self.chance.random() < LAST_OF_BATCH:
                        self.ask_together(together)
                        together = []
                else:
                    self.ask_together(together)
                    together = []
                    self.step(event)
                if number % proved_each == 0 or number == steps:
                    self.ask_together(together)
                    together = []
                    self.prove()
            except BaseException as error:
                error.add_note(f"seed {self.seed}, event {number} of {steps}: {event}")
                raise

    def step(self, event: Event) -> None:
        """Let one event happen on both sides, and compare whom it concerned."""
        if event.tick:
            self.tick(event)
        elif event.decision:
            self.decide(event, *event.decision)
        elif event.people:
            self.join_or_part(event)
        elif event.close:
            self.close()
        elif event.revive:
            self.revive(event)
        else:
            is_stopped = self.chance.randrange(1000) < self.faults
            stop_at = self.chance.randrange(14) if is_stopped else None
            self.ask(event.with_ids(self.answers), stop_at)

    def tick(self, event: Event) -> None:
        """Let time do a piece of its work, or all of it."""
        limit = event.limit or BIG
        tick = getattr(services, event.tick)(self.shop_id, effective_at=event.at, limit=limit)
        ours = self.oracle.tick(event.tick, event.at, limit)
        assert (tick.count, tick.amount) == ours, (tick, ours)
        if not event.limit:
            assert not tick.more
        self.compare_all(self.oracle.concerned())

    def decide(self, event: Event, is_agreed: bool, by: str) -> None:
        """Let somebody approve or refuse a correction, whether or not it waits."""
        known = self.answers.get(event.of)
        proposal = (known.proposal_id if known else None) or 0
        theirs: Any
        try:
            theirs = (
                services.approve(self.shop_id, proposal, by=by, effective_at=event.at)
                if is_agreed
                else services.decline(self.shop_id, proposal, by=by)
            )
        except Refused as refused:
            theirs = refused.name
        number = theirs.transaction_id if isinstance(theirs, Posted) else None
        try:
            ours = self.oracle.decide(
                proposal, by=by, at=event.at, is_agreed=is_agreed, transaction_id=number
            )
        except No as refused:
            ours = str(refused)
        if isinstance(theirs, Posted):
            theirs, ours = theirs.balances, Balances(*ours.balances)
        assert theirs == ours, (event, theirs, ours)
        self.compare_all(self.oracle.concerned())

    def join_or_part(self, event: Event) -> None:
        """Let two customers be one person with all who are one with them, or one of them be alone again."""
        one, *other = (("customer", name) for name in event.people)
        if other:
            self.person[other[0]] = self.person.get(other[0], other[0])
            joined = {who for who in self.people if self.is_one(frozenset((who, other[0])))}
            for who in joined | set(other):
                self.person[who] = self.person.get(one, one)
            self.people |= {one, *other}
            return
        left = {who for who in self.people if self.is_one(frozenset((who, one)))} | {one}
        # Whoever gave the group its name may leave it: the others take the name of one of them.
        name = min(left - {one}, default=one)
        for who in left - {one}:
            self.person[who] = name
        self.person[one] = one

        def is_one(owners: frozenset[Owner]) -> bool:
            return self.is_one(frozenset((each.kind, each.id) for each in owners))

        owners = [Owner(*who) for who in sorted(left)]
        services.part(self.shop_id, owners, is_one=is_one, effective_at=event.at)
        self.oracle.part(event.at, self.is_one)
        self.compare_all(self.oracle.concerned())

    def is_one(self, people: frozenset[Who]) -> bool:
        """Return whether some are one person."""
        return len({self.person.get(who, who) for who in people}) == 1

    def others(self, command: Any) -> list[Who]:
        """Return who is one person with the owner of a command."""
        owner = getattr(command, "owner", None)
        who = (owner.kind, owner.id) if owner else ("", "")
        same = {each for each in self.people if self.is_one(frozenset((each, who)))}
        return sorted(same - {who})

    def close(self) -> None:
        """Close both units as far as the clock of whoever closes has come."""
        for unit in UNITS:
            with suppress(Refused):
                services.close(self.shop_id, unit, until=closing.clock.now(), actor=COMMAND)

    def revive(self, event: Event) -> None:
        """Reverse one of the last expiries, which is done once."""
        ends = Entry.objects.filter(
            transaction__shop_id=self.shop_id, transaction__kind="expire", account__role="breakage"
        )
        last = list(ends.order_by("-pk").values_list("transaction_id", "lot_id", "amount")[:20])
        if not last:
            return
        id_, lot_id, amount = self.chance.choice(last)
        lot = Lot.objects.select_related("unit").get(pk=lot_id)
        unit, who = lot.unit.code, (lot.owner_kind, lot.owner_id)
        theirs = _answer(
            Reverse(
                shop_id=self.shop_id, unit=unit, key=f"revive:{next(self.numbers)}",
                effective_at=event.at, transaction_id=id_, reason="kindness",
            )
        )  # fmt: skip
        if id_ in self.revived:
            assert theirs == "ledger.already_reversed"
            return
        self.revived.add(id_)
        before = Lot.objects.filter(
            unit=lot.unit, owner_kind=who[0], owner_id=who[1], pk__lt=lot_id
        ).count()
        self.oracle.revive(self.oracle.of[unit, who][before], amount)
        assert isinstance(theirs, Posted), theirs
        assert theirs.balances == Balances(*self.oracle.balances(unit, who)), event
        self.compare_all(self.oracle.concerned())

    def ask(self, command: Any, stop_at: int | None = None) -> None:
        """Ask both, the ledger again if it was stopped at a statement, and compare whom it concerned."""
        theirs: Posted | str | None = None
        others = self.others(command)
        if stop_at is not None:
            with faulty(Fault(stop_at)):
                theirs = _answer(command, others)
        self.compare_all(self.judge(command, theirs or _answer(command, others), others))

    def ask_together(self, commands: list[Any]) -> None:
        """Ask for many at once: all or none, and if it is none because one is refused, each for itself."""
        if not commands:
            return
        refused, theirs = "", list[Posted | Refused]()
        try:
            theirs += services.post(commands)
        except Refused as error:
            refused = error.name
            theirs = services.post_each(commands)
        names = [each.name for each in theirs if isinstance(each, Refused)]
        assert [refused] == (names[:1] or [""]), commands
        concerned: set[tuple[str, Who]] = set()
        for command, each in zip(commands, theirs, strict=True):
            concerned |= self.judge(command, each.name if isinstance(each, Refused) else each)
        self.compare_all(concerned)

    def judge(
        self, command: Any, theirs: Posted | str, others: Sequence[Who] = ()
    ) -> set[tuple[str, Who]]:
        """Ask the oracle and compare the answers; return whose balances may have changed."""
        ids: dict[str, Any] = {}
        if isinstance(theirs, Posted):
            names = ("transaction_id", "hold_id", "proposal_id")
            ids = {name: getattr(theirs, name) for name in names}
        try:
            ours: Any = self.oracle.do(command, others=others, **ids)
        except No as refused:
            ours = str(refused)
        if not isinstance(theirs, Posted) or isinstance(ours, str):
            assert theirs == ours, (command, theirs, ours)
            return set()
        assert theirs.replayed == ours.replayed, command
        assert theirs.kind == ("proposal" if theirs.proposal_id else command.kind)
        assert theirs.balances == Balances(*ours.balances), command
        if theirs.replayed:
            assert replace(theirs, replayed=False) == self.told[theirs.transaction_id]
            return set()
        self.told[theirs.transaction_id] = theirs
        self.answers[command.key] = theirs
        found: set[tuple[str, Who]] = self.oracle.concerned()
        return found

    def compare_all(self, concerned: set[tuple[str, Who]], *, wholly: bool = False) -> None:
        """Compare all who are concerned."""
        for unit, who in concerned:
            self.compare(unit, who, wholly=wholly)

    def compare(self, unit: str, who: Who, *, wholly: bool) -> None:
        """Compare the balances of an owner, the lots in which anything is open, and those that came since.

        What else a lot says never changes, so one that is used up on both sides was compared before; `wholly`
        compares those once more.
        """
        found = queries.balances(self.shop_id, unit, Owner(*who))
        assert found == Balances(*self.oracle.balances(unit, who)), who
        names = ("source", "earned", *ROLES, "available_at", "expires_at")
        place, last = (0, 0) if wholly else self.compared.get((unit, who), (0, 0))
        theirs = Lot.objects.filter(
            shop_id=self.shop_id, unit_id=self.unit_ids[unit], owner_kind=who[0], owner_id=who[1]
        ).order_by("id")
        if last:
            is_open = Q(pending__gt=0) | Q(available__gt=0) | Q(held__gt=0)
            theirs = theirs.filter(is_open | Q(id__gt=last))
        told = list(theirs.values_list("id", *names))
        own = self.oracle.of[unit, who]
        ours = [
            tuple(getattr(lot, name) for name in names)
            for number, lot in enumerate(own)
            if number >= place or lot.pending or lot.available or lot.held
        ]
        assert [row[1:] for row in told] == ours, who
        self.compared[unit, who] = (len(own), max([last, *(row[0] for row in told)]))

    def prove(self) -> None:
        """Close the books, compare everything, prove every promise on both sides, and that the audit agrees."""
        self.close()
        oracle_proof.of_everything(self.oracle)
        self.compare_all(set(self.oracle.of), wholly=True)
        assert Lot.objects.filter(shop_id=self.shop_id).count() == len(self.oracle.lots)
        accounts = Account.objects.filter(shop_id=self.shop_id, unit__code__in=UNITS)
        debts = accounts.filter(role="debt", balance__lt=0)
        assert sum(debts.values_list("balance", flat=True)) == sum(self.oracle.debts.values())
        states = dict(Hold.objects.filter(shop_id=self.shop_id).values_list("id", "state"))
        assert states == {name: hold.state for name, hold in self.oracle.holds.items()}
        assert_whole(self.shop_id)


def _answer(command: Any, others: Sequence[Who] = ()) -> Posted | str:
    try:
        return services.post_as_one(command, [Owner(*who) for who in others])
    except Refused as refused:
        return refused.name
