"""How commands are posted, one or many: keys first, then locks, then decisions in hand, then one write.

1. What was booked under the keys is answered as it was, without a lock.
2. The accounts of all owners concerned are locked in the order of their ids; who is new gets accounts before.
3. Lots and holds are read and everything is decided in hand (`book`).
4. Keys, transactions, entries, lots and balances are written. Where somebody took a key meanwhile, all is undone
   and begins again: now the key is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction

from stammkunde.core import clock
from stammkunde.core.errors import Refused
from stammkunde.ledger import bodies, reading, refusals, writing
from stammkunde.ledger.book import Again, Book, Posting, Unit
from stammkunde.ledger.commands import Balances, Command, Posted
from stammkunde.ledger.reading import Wanted

ROUNDS = 5
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
    if not commands:
        return []
    for _round in range(ROUNDS):
        try:
            with transaction.atomic():
                return _post(commands, verbs=verbs, going_on=going_on)
        except Again:
            continue
    raise refusals.Busy


def _post(commands: Sequence[Command], *, verbs: Verbs, going_on: bool) -> list[Posted | Refused]:
    asked = [
        Asked(each, (each.shop_id, each.scope or each.kind, each.key), bodies.digest(each))
        for each in commands
    ]
    known: Known = reading.answers([each.name for each in asked])
    answers: list[Posted | Refused] = []
    for _family, some in groupby(asked, key=lambda each: verbs[type(each.command)].family):
        answers += _post_family(list(some), known, verbs=verbs, going_on=going_on)
    return answers


def _post_family(
    asked: Sequence[Asked], known: Known, *, verbs: Verbs, going_on: bool
) -> list[Posted | Refused]:
    fresh = [each.command for each in asked if each.name not in known]
    book = _opened(fresh, verbs=verbs) if fresh else None
    answers: list[Posted | Refused] = []
    said: list[Posted] = []
    for each in asked:
        try:
            if book is None or each.name in known:
                answers.append(_again(known[each.name], each.body_hash))
                continue
            posted = _posted(book, each, verbs[type(each.command)])
        except Refused as refused:
            if each.name not in known and reading.answers([each.name]):
                # Posted by somebody else while we waited for the locks.
                raise Again from refused
            if not going_on:
                raise
            answers.append(refused)
            continue
        known[each.name] = (
            posted.transaction_id,
            posted.kind,
            each.body_hash,
            writing.packed(posted),
        )
        answers.append(posted)
        said.append(posted)
    if said and book is not None:
        writing.write(book, said)
    return answers


def _opened(commands: Sequence[Command], *, verbs: Verbs) -> Book:
    groups: dict[type[Command], list[Command]] = {}
    for command in commands:
        groups.setdefault(type(command), []).append(command)
    codes = {(each.shop_id, code) for each in commands for code in verbs[type(each)].units(each)}
    units = reading.units(codes)
    if codes - units.keys():
        raise refusals.UnknownUnit
    wanted = dict.fromkeys(
        owner for kind, some in groups.items() for owner in verbs[kind].owners(units, some)
    )
    book = opened(units, list(wanted), expected=_expected(commands, verbs))
    for kind, some in groups.items():
        verbs[kind].load(book, some)
    return book


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
    now = clock.now()
    if closed and closed >= now:
        now = closed + timedelta(microseconds=1)
    return Book(now, reading.Drawing(expected), dict(units), holders)


def _expected(commands: Sequence[Command], verbs: Verbs) -> dict[str, int]:
    found = {"ledger_transaction": len(commands)}
    for command in commands:
        for table, count in verbs[type(command)].expected(command).items():
            found[table] = found.get(table, 0) + count
    return found


def _posted(book: Book, asked: Asked, verb: Verb) -> Posted:
    command = asked.command
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
    return writing.answer(posting)


def _again(kept: Sequence[Any], body_hash: str) -> Posted:
    id_, kind, known_hash, text = kept
    if known_hash != body_hash:
        raise refusals.KeyReused
    return replace(unpacked(id_, kind, text), replayed=True)


def unpacked(id_: int, kind: str, text: str) -> Posted:
    """Return an answer as it was said."""
    kept = json.loads(text)
    return Posted(
        transaction_id=id_,
        kind=kind,
        lots=tuple((lot, amount) for lot, amount in kept.get("lots", ())),
        hold_id=kept.get("hold"),
        balances=Balances(*kept["balances"]) if "balances" in kept else None,
        notes=tuple(kept.get("notes", ())),
        proposal_id=kept.get("proposal"),
    )
