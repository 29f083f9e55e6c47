"""What shops send in years, within seconds: paid, cancelled, partly returned, charged back, and all of it badly.

Events come twice, late, in another order, and contradict each other: more comes back than was bought, an
order is cancelled before it was paid, a checkout is left open, a key is used again for something else.
One seed gives one history.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from stammkunde.ledger.commands import (
    Adjust,
    Cancel,
    Capture,
    Convert,
    Donate,
    Earn,
    EarnedLine,
    Hold,
    Owner,
    Posted,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)

# Long ago, so that what lives for fifteen years lies in the past: a year with a leap day begins it.
START = dt.datetime(2004, 2, 28, 22, 30, tzinfo=dt.UTC)
UNITS = ("points", "miles")
TICKS = ("mature", "expire", "lapse")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """A command, or a tick of the clock.

    Parameters
    ----------
    command
        What is asked; None for a `tick`. The hold that a capture or a release means, and the transaction that is
        reversed, are not known yet: `of` is the key under which it was made.
    """

    at: dt.datetime
    command: Any = None
    of: str = ""
    tick: str = ""
    limit: int = 0
    # What somebody says about a correction, and who; who becomes one person, or parts from others.
    decision: tuple[bool, str] | None = None
    people: tuple[str, ...] = ()
    close: bool = False
    # Whether the shop gives somebody back what expired.
    revive: bool = False

    def with_ids(self, answers: dict[str, Posted]) -> Any:
        """Return the command, with the id of what it is about if that was answered; 0 is nothing."""
        if not self.of:
            return self.command
        name = "transaction_id" if self.command.kind == "reverse" else "hold_id"
        known = getattr(answers.get(self.of), name, 0)
        return replace(self.command, **{name: known or 0})


class History:
    """The events of one shop, without end."""

    def __init__(self, seed: int, *, shop_id: int, customers: int = 9, name: str = "") -> None:
        self.chance = random.Random(seed)  # noqa: S311  # a seeded game, no secret
        self.now = START
        self.shop_id, self.customers, self.name = shop_id, customers, name
        # Keys and orders of one history never meet those of another with another name.
        self.numbers = (f"{name}{number}" for number in count(1))
        self.places = count(1)
        self.later: list[tuple[dt.datetime, int, Event]] = []
        self.past: list[Event] = []
        self.orders: list[tuple[str, list[tuple[str, int]]]] = []
        self.spends: list[tuple[str, int]] = []
        self.kinds: list[tuple[int, Callable[[], None]]] = [
            (26, self.order),
            (9, self.spend),
            (14, self.checkout),
            (12, self.give_back),
            (5, self.come_back),
            (5, self.cancel),
            (3, self.adjust),
            (3, self.transfer),
            (2, self.donate),
            (2, self.convert),
            (3, self.reverse),
            (5, self.spree),
            (9, self.repeat),
            (3, self.contradict),
            (15, self.tick),
            (5, self.large_adjust),
            (2, self.merge),
            (2, self.part),
            (2, self.close),
            (3, self.revive),
        ]

    def __iter__(self) -> Iterator[Event]:
        works = [work for weight, work in self.kinds for _ in range(weight)]
        while True:
            pace = self.chance.choice((HOUR, HOUR, 7 * HOUR, DAY, 3 * DAY))
            self.now += pace * self.chance.random()
            if self.chance.random() < 0.5:
                # On the hour, so that things happen in the very instant in which others end.
                self.now = self.now.replace(minute=0, second=0, microsecond=0) + HOUR
            self.chance.choice(works)()
            while self.later and self.later[0][0] <= self.now:
                event = heapq.heappop(self.later)[2]
                self.past.append(event)
                yield event

    # How events arrive.

    def send(self, command: Any, *, after: dt.timedelta | None = None, of: str = "") -> None:
        """Let an event arrive: mostly at once, at times days later, at times twice."""
        due = self.now + (after or dt.timedelta(0))
        if self.chance.random() < 0.06:
            due += self.chance.random() * 9 * DAY
        event = Event(due, command, of)
        for _ in range(2 if self.chance.random() < 0.04 else 1):
            heapq.heappush(self.later, (due, next(self.places), event))
            due += self.chance.random() * 2 * DAY

    def common(self, key: str, after: dt.timedelta = dt.timedelta(0)) -> dict[str, Any]:
        late = self.chance.randint(1, 96) * HOUR if self.chance.random() < 0.1 else dt.timedelta(0)
        at = self.now + after - late
        return {"shop_id": self.shop_id, "unit": UNITS[0], "key": key, "effective_at": at}

    def someone(self) -> Owner:
        return Owner(kind="customer", id=str(self.chance.randrange(self.customers)))

    def some(self, most: int = 300) -> int:
        return self.chance.choice((1, self.chance.randint(1, 20), self.chance.randint(1, most)))

    # What happens.

    def order(self) -> None:
        number = next(self.numbers)
        lines = [
            (f"order:{number}/line:{n}", self.chance.randint(1, 4))
            for n in range(self.chance.randint(1, 3))
        ]
        self.orders.append((number, lines))
        at = self.common(f"order:{number}:earn")
        wait, life = (
            self.chance.choice((None, 0, 14, 14, 30)),
            self.chance.choice((None, 20, 90, 365)),
        )
        self.send(
            Earn(
                **at,
                owner=self.someone(),
                lines=tuple(EarnedLine(source=s, amount=self.some(), quantity=q) for s, q in lines),
                available_at=None if wait is None else at["effective_at"] + wait * DAY,
                expires_at=None if life is None else at["effective_at"] + life * DAY,
            ),
        )

    def spend(self) -> None:
        source, amount = f"order:{next(self.numbers)}", self.some(900)
        self.spends.append((source, amount))
        self.send(
            Spend(
                **self.common(f"{source}:spend"), owner=self.someone(), amount=amount, source=source
            ),
        )

    def checkout(self) -> None:
        source, amount = f"order:{next(self.numbers)}", self.some(900)
        key, life = f"{source}:hold", self.chance.choice((HOUR / 2, DAY, 30 * DAY, 32 * DAY))
        self.spends.append((source, amount))
        command = Hold(
            **self.common(key),
            owner=self.someone(),
            amount=amount,
            source=source,
            expires_at=self.now + life,
        )
        self.send(command)
        for _ in range(self.chance.choice((0, 1, 1, 1, 2))):
            after = self.chance.choice((0.1, 0.5, 0.9, 1, 1.2)) * life
            name = f"{source}:end{next(self.numbers)}"
            if self.chance.random() < 0.7:
                part = self.chance.choice((None, None, amount, self.chance.randint(1, amount + 2)))
                ended = Capture(**self.common(name, after), hold_id=0, amount=part)
                self.send(ended, after=after, of=key)
            else:
                self.send(Release(**self.common(name, after), hold_id=0), after=after, of=key)

    def give_back(self) -> None:
        """Return some pieces of some lines, now and then more than there were."""
        number, lines = self.recent(self.orders)
        chosen = self.chance.sample(lines, self.chance.randint(1, len(lines))) if lines else []
        most = 1 if self.chance.random() < 0.1 else 0
        self.send(
            Return(
                **self.common(f"order:{number}:return:{next(self.numbers)}"),
                lines=tuple((source, self.chance.randint(1, q + most)) for source, q in chosen),
            ),
        )

    def come_back(self) -> None:
        """Give spent points back, alone or with the lines of another order."""
        source, amount = self.recent(self.spends)
        _, lines = self.recent(self.orders)
        with_lines = self.chance.random() < 0.3
        self.send(
            Return(
                **self.common(f"{source}:back:{next(self.numbers)}"),
                lines=((lines[0][0], 1),) if lines and with_lines else (),
                give_back=((source, self.chance.randint(1, amount)),),
                minimum_days=self.chance.choice((0, 0, 14)),
            ),
        )

    def cancel(self) -> None:
        """Cancel an order, or be charged back: what was bought or what was spent in it."""
        source = (
            f"order:{self.recent(self.orders)[0]}"
            if self.chance.random() < 0.6
            else self.recent(self.spends)[0]
        )
        self.send(Cancel(**self.common(f"{source}:cancel:{next(self.numbers)}"), source=source))

    def recent(self, known: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        return (
            self.chance.choice(known[-30:])
            if known
            else (f"{self.name}0", 1 if known is self.spends else [])
        )

    def spree(self) -> None:
        """Let somebody poor spend and put aside everything, send it back and be in debt, and earn again."""
        order, who = (
            f"order:{next(self.numbers)}",
            Owner("customer", f"poor {self.chance.randrange(3)}"),
        )
        line, other = f"{order}/line:0", f"{order}/line:1"
        at, hold = self.now, f"{order}:hold"
        bought = (EarnedLine(line, 60, 3), EarnedLine(other, 40, 2))
        soon = {"available_at": at + 3 * DAY, "expires_at": at + 40 * DAY}
        sooner = {"available_at": at + 2 * DAY, "expires_at": at + 20 * DAY}
        ends: list[tuple[type, str, dict[str, Any]]] = [
            (Release, hold, {"hold_id": 0}),
            (Capture, hold, {"hold_id": 0, "amount": 10}),
        ]
        steps: list[tuple[type, str, dict[str, Any]]] = [
            (Earn, "", {"owner": who, "lines": bought}),
            (Hold, "", {"owner": who, "amount": 30, "source": order, "expires_at": at + 5 * DAY}),
            (Spend, "", {"owner": who, "amount": 70, "source": f"{order}/paid"}),
            (Return, "", {"lines": ((line, 1), (line, self.chance.randint(1, 3)), (other, 1))}),
            (Earn, "", {"owner": who, "lines": (EarnedLine(f"{order}a/line:0", 45),), **soon}),
            (Earn, "", {"owner": who, "lines": (EarnedLine(f"{order}b/line:0", 25),), **sooner}),
            self.chance.choice(ends),
            (Return, "", {"give_back": ((f"{order}/paid", 20),)}),
            (Reverse, f"{order}:spend2", {"transaction_id": 0, "reason": "mistake"}),
        ]
        for number, (kind, of, given) in enumerate(steps):
            key = hold if kind is Hold else f"{order}:{kind.kind}{number}"
            if self.chance.random() < 0.9:
                after = number * self.chance.choice((HOUR, 5 * HOUR, 12 * HOUR))
                self.send(kind(**self.common(key, after), **given), after=after, of=of)

    def adjust(self, least: int = 1) -> str:
        amount = self.chance.randint(least, 40 + 3 * (least - 1)) * self.chance.choice((1, 1, -1))
        key = f"adjust:{next(self.numbers)}"
        self.send(
            Adjust(
                **self.common(key),
                owner=self.someone(),
                amount=amount,
                reason="goodwill",
                by="person:1",
                expires_at=self.now + 50 * DAY
                if amount > 0 and self.chance.random() < 0.5
                else None,
            ),
        )
        return key

    def large_adjust(self) -> None:
        """Propose a correction; others decide, at times twice, too late, or the one who proposed it."""
        key = self.adjust(least=40)
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            said = (self.chance.random() < 0.7, self.chance.choice(("person:1", "person:2")))
            after = self.chance.choice((HOUR, DAY, 9 * DAY, 60 * DAY))
            event = Event(self.now + after, of=key, decision=said)
            heapq.heappush(self.later, (event.at, next(self.places), event))

    def merge(self) -> None:
        """Let two customers be one person."""
        one, other = self.chance.sample(range(self.customers), 2)
        self.later_now(Event(self.now, people=(str(one), str(other))))

    def part(self) -> None:
        """Let a customer be a person of their own again."""
        self.later_now(Event(self.now, people=(str(self.chance.randrange(self.customers)),)))

    def close(self) -> None:
        """Close a period; what takes effect in it later is booked behind it."""
        self.later_now(Event(self.now, close=True))

    def revive(self) -> None:
        """Be kind to somebody whose points have just expired, now and then twice."""
        self.later_now(Event(self.now, revive=True))

    def transfer(self) -> None:
        one, other = (str(n) for n in self.chance.sample(range(self.customers), 2))
        self.send(
            Transfer(
                **self.common(f"transfer:{next(self.numbers)}"),
                owner=Owner(kind="customer", id=one),
                to=Owner(kind="customer", id=other),
                amount=self.some(600),
            ),
        )

    def donate(self) -> None:
        self.send(
            Donate(
                **self.common(f"donate:{next(self.numbers)}"),
                owner=self.someone(),
                amount=self.some(50),
                charity="forest",
            ),
        )

    def convert(self) -> None:
        self.send(
            Convert(
                **self.common(f"convert:{next(self.numbers)}"),
                owner=self.someone(),
                amount=self.some(50),
                to_unit=UNITS[1],
                numerator=self.chance.randint(1, 5),
                denominator=3,
            )
        )

    def reverse(self) -> None:
        """Undo something that was booked by mistake, now and then twice."""
        told = [event for event in self.past[-80:] if event.command and not event.of]
        if told:
            key = self.chance.choice(told).command.key
            command = Reverse(
                **self.common(f"{key}:reverse{next(self.numbers)}"),
                transaction_id=0,
                reason="mistake",
            )
            self.send(command, of=key)

    def repeat(self) -> None:
        """Send something again, as shops do after a time-out."""
        told = [event for event in self.past[-60:] if event.command]
        if told:
            self.later_now(self.chance.choice(told))

    def contradict(self) -> None:
        """Use a key again for something else."""
        told = [event for event in self.past[-60:] if event.command]
        if told:
            event = self.chance.choice(told)
            other = replace(event.command, effective_at=event.command.effective_at - HOUR)
            self.later_now(replace(event, command=other))

    def later_now(self, event: Event) -> None:
        heapq.heappush(self.later, (self.now, next(self.places), event))

    def tick(self) -> None:
        for tick in self.chance.sample(TICKS, self.chance.randint(1, 3)):
            # At times a tick stops in the middle; another goes on from there, or the next one does.
            limit = self.chance.choice((0, 0, 1, 2))
            for _ in range(self.chance.randint(1, 3) if limit else 1):
                self.later_now(Event(self.now, tick=tick, limit=limit))
