"""Several owners who are one person, as after two customers were merged: what one lacks comes from the others.

Nothing moves when they become one: each lot stays with the line that earned it. Only when something is taken is
what the others give handed on, by transfers that say so; once they part, these are reversed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Protocol, runtime_checkable

from stammkunde.core import bulk
from stammkunde.ledger import limits, moving, posting, reading, reversing, rules
from stammkunde.ledger.book import Holder
from stammkunde.ledger.commands import Command, Owner, Posted, Reverse, Transfer
from stammkunde.ledger.homing import GATHER

PART = "part"
# The scope of corrections that somebody else has agreed to.
APPROVED = "approve"


@runtime_checkable
class Taking(Protocol):
    """A command that takes an amount of what an owner has."""

    owner: Owner
    amount: int


def gather(command: Command, others: Sequence[Owner]) -> None:
    """Hand on what a command needs of what others have, before it is posted in the same transaction.

    Parameters
    ----------
    others
        The other owners who are one person with the command's; where there are none, or nothing is taken, nothing
        is handed on.
    """
    if others and (refused := limits.refusal_of(command)):
        raise refused
    if others and isinstance(command, Taking) and (amount := _taken(command)):
        _gather(command, [command.owner, *others], amount)


def _taken(command: Taking) -> int:
    """Return how much a command takes; one that gives takes nothing, and a correction takes below zero."""
    kind = getattr(command, "kind", "")
    return max(0, -command.amount) if kind == "adjust" else command.amount


def _gather(command: Command, owners: Sequence[Owner], amount: int) -> None:
    """Hand on what a command needs, in the order in which lots are spent; debts are repaid before."""
    units = reading.units([(command.shop_id, command.unit)])
    if not units:
        return
    (unit,) = units.values()
    if command.kind == "adjust" and command.scope != APPROVED and unit.limits(amount):
        return
    wanted = [(unit.id, each.kind, each.id) for each in dict.fromkeys(owners)]
    book = posting.opened(units, wanted, expected={})
    if reading.answers([(command.shop_id, command.scope or command.kind, command.key)]):
        return
    book.keep(reading.open_lots(wanted))
    holders = [book.holders[each] for each in wanted]
    name = f"{command.scope or command.kind}\n{command.key}"
    numbers = count(1)
    posting.post(
        [
            Transfer(
                shop_id=command.shop_id,
                unit=command.unit,
                scope=GATHER,
                key=f"{hashlib.sha256(name.encode()).hexdigest()}/{next(numbers)}",
                effective_at=command.effective_at,
                owner=giver,
                to=taker,
                amount=part,
            )
            for (giver, taker), part in _moves(holders, amount, at=command.effective_at).items()
        ],
        verbs={Transfer: moving.TRANSFER},
    )


def _moves(
    holders: Sequence[Holder], amount: int, *, at: dt.datetime
) -> dict[tuple[Owner, Owner], int]:
    """Return who hands on how much to whom, so that nobody owes what another has, and the first has the amount."""
    usable = rules.in_order((lot for each in holders for lot in each.lots.values()), at=at)
    left = {lot.id: lot.available for lot in usable}
    moves: dict[tuple[Owner, Owner], int] = {}

    def take(taker: Owner, most: int) -> None:
        for lot in usable:
            if part := min(left[lot.id], most):
                left[lot.id] -= part
                most -= part
                if lot.owner != taker:
                    moves[lot.owner, taker] = moves.get((lot.owner, taker), 0) + part

    for each in holders:
        take(each.owner, -each.balances["debt"])
    take(holders[0].owner, amount)
    return moves


def handed_on(shop_id: int, owners: Iterable[Owner]) -> dict[int, tuple[str, frozenset[Owner]]]:
    """Return what owners handed on as one person and was not reversed: the unit and whom it concerned, by id."""
    units = reading.units_of(shop_id)
    codes = {unit.id: unit.code for unit in units.values()}
    among, ids = bulk.among("a.unit_id", sorted(codes))
    kinds: dict[str, list[str]] = {}
    for each in owners:
        kinds.setdefault(each.kind, []).append(each.id)
    found: dict[int, tuple[str, frozenset[Owner]]] = {}
    for kind, names in kinds.items():
        theirs, keys = bulk.among("a.owner_id", sorted(names))
        for id_, unit_id in bulk.select(
            "SELECT DISTINCT t.id, a.unit_id FROM ledger_account a "
            "JOIN ledger_entry e ON e.account_id = a.id "
            "JOIN ledger_transaction t ON t.id = e.transaction_id "
            f"WHERE {among} AND a.owner_kind = %s AND {theirs} AND t.scope = %s "
            "AND NOT EXISTS (SELECT 1 FROM ledger_transaction r WHERE r.reverses_id = t.id)",
            (ids, kind, keys, GATHER),
        ):
            found[id_] = (codes[unit_id], frozenset(_concerned(id_)))
    return found


def _concerned(transaction_id: int) -> list[Owner]:
    return [
        Owner(*row)
        for row in bulk.select(
            "SELECT DISTINCT a.owner_kind, a.owner_id FROM ledger_entry e JOIN ledger_account a "
            "ON a.id = e.account_id WHERE e.transaction_id = %s AND a.balance IS NOT NULL",
            (transaction_id,),
        )
    ]


def part(
    shop_id: int,
    owners: Iterable[Owner],
    *,
    is_one: Callable[[frozenset[Owner]], bool],
    effective_at: dt.datetime,
) -> list[Posted]:
    """Reverse what owners handed on who are not one person any more, the last first.

    Whoever spent what another had owes it, until they earn again; the other has it back with its own end.

    Parameters
    ----------
    is_one
        Whether owners are still one person.
    """
    commands = [
        Reverse(
            shop_id=shop_id,
            unit=code,
            scope=PART,
            key=str(id_),
            effective_at=effective_at,
            transaction_id=id_,
            reason="part",
        )
        for id_, (code, concerned) in sorted(handed_on(shop_id, owners).items(), reverse=True)
        if not is_one(concerned)
    ]
    posted = posting.post(commands, verbs={Reverse: reversing.VERB})
    return [each for each in posted if isinstance(each, Posted)]
