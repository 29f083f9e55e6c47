"""How commands are posted, one or many: keys first, then locks, then decisions in hand, then one write.

1. What was booked under the keys is answered as it was, without a lock.
2. The accounts of all owners concerned are locked in the order of their ids; who is new gets accounts before.
3. Lots and holds are read and everything is decided in hand (`book`).
4. Keys, transactions, entries, lots and balances are written. Where somebody took a key meanwhile, all is undone
   and begins again: now the key is known.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from stammkunde.core import bulk, clock
from stammkunde.core.errors import Refused
from stammkunde.ledger import answers, beginning, bodies, limits, reading, refusals, writing
from stammkunde.ledger.book import Again, Book, Posting, Unit
from stammkunde.ledger.commands import Command, Owner, Posted
from stammkunde.ledger.drawing import Drawing
from stammkunde.ledger.reading import Wanted

ROUNDS = 5
MANY = 200
Units = Mapping[tuple[int, str], Unit]
Known = dict[tuple[int, str, str], Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """How commands of one kind are posted.

    Parameters
    ----------
    write
        Decides and moves, in hand.
    owners
        Whose accounts are to be locked, for many commands at once; may read, without locks.
    load
        Reads what is needed besides, under the locks.
    units
        Codes of units that a command concerns.
    expected
        How many ids it will draw, by table.
    family
        Commands of one are worked on together; what another wrote before is read from the store.
    """

    write: Callable[[Book, Posting, Any], None]
    owners: Callable[[Units, Sequence[Any]], Iterable[Wanted]]
    load: Callable[[Book, Sequence[Any]], None] = lambda _book, _commands: None
    units: Callable[[Any], Iterable[str]] = lambda command: (command.unit,)
    expected: Callable[[Any], Mapping[str, int]] = lambda _command: {}
    family: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with the name of its key, and the hash of its body."""

    command: Command
    name: tuple[int, str, str]
    body_hash: str


Verbs = Mapping[type[Command], Verb]


def named_owner(units: Units, commands: Sequence[Any]) -> Iterable[Wanted]:
    """Return the owners that commands name themselves."""
    for command in commands:
        unit = units[command.shop_id, command.unit]
        yield (unit.id, command.owner.kind, command.owner.id)


def post(
    commands: Sequence[Command],
    *,
    verbs: Verbs,
    going_on: bool = False,
) -> list[Posted | Refused]:
    """Post commands in their order, in one transaction.

    Parameters
    ----------
    going_on
        Whether a refusal becomes the answer of its command; otherwise it is raised and nothing is booked.
    """
    odd = {
        place: refused
        for place, each in enumerate(commands)
        if (refused := limits.refusal_of(each))
    }
    if odd and not going_on:
        raise next(iter(odd.values()))
    sane = [each for place, each in enumerate(commands) if place not in odd]
    if not sane:
        return list(odd.values())
    for _round in range(ROUNDS):
        try:
            with _uncollected(len(sane)), transaction.atomic():
                answers = iter(_post(sane, verbs=verbs, going_on=going_on))
        except Again as again:
            broken = again.__cause__
            if isinstance(broken, IntegrityError) and not reading.answers([*map(_name, sane)]):
                # Nobody took a key: what the store found broken is a fault of ours.
                raise broken from None
            continue
        except OperationalError as error:
            # Ended so that another could go on: two batches brought the same new names the other way round.
            if bulk.sqlstate(error) != bulk.DEADLOCK:
                raise
            continue
        return [odd.get(place) or next(answers) for place in range(len(commands))]
    raise refusals.Busy


def _name(command: Command) -> tuple[int, str, str]:
    return (command.shop_id, command.scope or command.kind, command.key)


@contextmanager
def _uncollected(count: int) -> Iterator[None]:
    """Let many commands be posted without searching for circles, of which they make none: a quarter less work."""
    pauses = count > MANY and gc.isenabled()
    if pauses:
        gc.disable()
    try:
        yield
    finally:
        if pauses:
            gc.enable()


def _post(commands: Sequence[Command], *, verbs: Verbs, going_on: bool) -> list[Posted | Refused]:
    asked = [Asked(each, _name(each), bodies.digest(each)) for each in commands]
    if len(asked) == 1 and (answered := _post_one(asked[0], verbs, going_on=going_on)):
        return [answered]
    known: Known = reading.answers([each.name for each in asked])
    families = [
        list(some)
        for _family, some in groupby(asked, lambda each: verbs[type(each.command)].family)
    ]
    fresh = [each.command for each in asked if each.name not in known]
    if len(families) > 1 and fresh:
        # All at once and in one order, so that two such batches never wait for each other in a circle.
        units, wanted, _known = _wanted(fresh, verbs)
        opened(units, wanted, expected={})
    found: list[Posted | Refused] = []
    for some in families:
        found += _post_family(some, known, verbs=verbs, going_on=going_on)
    return found


def _post_one(asked: Asked, verbs: Verbs, *, going_on: bool) -> Posted | Refused | None:
    """Post one command of a known owner by few statements; return None where it is none."""
    command, verb = asked.command, verbs[type(asked.command)]
    if verb.owners is not named_owner:
        return None
    owner: Owner = command.owner  # type: ignore[attr-defined]
    expected = _expected([command], verbs)
    found = beginning.one(
        (command.shop_id, command.unit, owner.kind, owner.id), asked.name, expected=expected
    )
    if found is None:
        return None
    known: Known = {}
    if found.answer:
        known[asked.name] = found.answer
        return _post_family([asked], known, verbs=verbs, going_on=going_on)[0]
    book = Book(
        _recorded_at(found.closed),
        found.draw,
        {(command.shop_id, command.unit): found.unit},
        {(found.unit.id, owner.kind, owner.id): found.holder},
    )
    verb.load(book, [command])
    return _post_family([asked], known, verbs=verbs, going_on=going_on, book=book)[0]


def _post_family(
    asked: Sequence[Asked],
    known: Known,
    *,
    verbs: Verbs,
    going_on: bool,
    book: Book | None = None,
) -> list[Posted | Refused]:
    fresh = [each.command for each in asked if each.name not in known]
    unknown: set[int] = set()
    if fresh and book is None:
        book, unknown = _opened(fresh, verbs=verbs)
    found: list[Posted | Refused] = []
    said: list[str] = []
    for each in asked:
        try:
            if book is None or each.name in known:
                found.append(answers.again(known[each.name], each.body_hash))
                continue
            if id(each.command) in unknown:
                raise refusals.UnknownUnit
            posted = _posted(book, each, verbs[type(each.command)])
        except Refused as refused:
            if each.name not in known and reading.answers([each.name]):
                # Posted by somebody else while we waited for the locks.
                raise Again from refused
            if not going_on:
                raise
            found.append(refused)
            continue
        said.append(answers.packed(posted))
        known[each.name] = (posted.transaction_id, posted.kind, each.body_hash, said[-1])
        found.append(posted)
    if said and book is not None:
        writing.write(book, said)
    return found


def _opened(commands: Sequence[Command], *, verbs: Verbs) -> tuple[Book, set[int]]:
    """Lock whom commands concern and read what they need; return which of them name unknown units."""
    units, wanted, known = _wanted(commands, verbs)
    book = opened(units, wanted, expected=_expected(known, verbs))
    # Once for all who need it read: Return and Cancel of one order see the same lots.
    for load in dict.fromkeys(verbs[type(each)].load for each in known):
        load(book, [each for each in known if verbs[type(each)].load is load])
    return book, {id(each) for each in commands} - {id(each) for each in known}


def _wanted(
    commands: Sequence[Command], verbs: Verbs
) -> tuple[Units, list[Wanted], Sequence[Command]]:
    """Return the units of commands, whose accounts they concern, and the commands whose units there are."""
    named = [
        (each, {(each.shop_id, code) for code in verbs[type(each)].units(each)})
        for each in commands
    ]
    units = reading.units({pair for _each, pairs in named for pair in pairs})
    known = [each for each, pairs in named if pairs <= units.keys()]
    wanted = [
        owner
        for owners in dict.fromkeys(verbs[type(each)].owners for each in known)
        for owner in owners(units, [each for each in known if verbs[type(each)].owners is owners])
    ]
    return units, list(dict.fromkeys(wanted)), known


def opened(units: Units, wanted: Sequence[Wanted], *, expected: dict[str, int]) -> Book:
    """Lock the accounts of owners and return what postings work on.

    What is recorded comes after what is closed, whatever the clocks say.
    """
    by_id = {unit.id: unit for unit in units.values()}
    if len(wanted) > 1 and (missing := set(wanted) - reading.known(wanted)):
        reading.open_accounts(missing, units_by_id=by_id)
    holders, closed = reading.lock(wanted, units_by_id=by_id) if wanted else ({}, None)
    if len(holders) < len(wanted):
        reading.open_accounts(set(wanted) - holders.keys(), units_by_id=by_id)
        holders, closed = reading.lock(wanted, units_by_id=by_id)
    return Book(_recorded_at(closed), Drawing(expected), dict(units), holders)


def _recorded_at(closed: datetime | None) -> datetime:
    now = clock.now()
    return closed + timedelta(microseconds=1) if closed and closed >= now else now


def _expected(commands: Sequence[Command], verbs: Verbs) -> dict[str, int]:
    found = {"ledger_transaction": len(commands)}
    for command in commands:
        for table, count in verbs[type(command)].expected(command).items():
            found[table] = found.get(table, 0) + count
    return found


def _posted(book: Book, asked: Asked, verb: Verb) -> Posted:
    command = limits.as_happened(asked.command, now=book.recorded_at)
    posting = Posting(
        id=book.draw("ledger_transaction"),
        shop_id=command.shop_id,
        scope=asked.name[1],
        key=command.key,
        body_hash=asked.body_hash,
        kind=command.kind,
        effective_at=command.effective_at,
        cause=command.cause,
    )
    verb.write(book, posting, command)
    if sum(posting.entries.values()):
        raise AssertionError(f"The entries of {posting.key} do not sum to zero.")
    book.postings.append(posting)
    return answers.said(posting)
