"""The verbs of the ledger, each for many commands at once and for one.

Many are posted in one transaction, in their order; a refusal of one is raised and none is booked. The same
key with an equal command is answered as before, with another it is refused (`KeyReused`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.db import transaction

from stammkunde.core.errors import Refused
from stammkunde.ledger import (
    adjusting,
    earning,
    holding,
    moving,
    pooling,
    posting,
    returning,
    reversing,
    spending,
)
from stammkunde.ledger.adjusting import approve, decline
from stammkunde.ledger.closing import close
from stammkunde.ledger.commands import (
    Adjust,
    Cancel,
    Capture,
    Command,
    Convert,
    Donate,
    Earn,
    Hold,
    Owner,
    Posted,
    Release,
    Return,
    Reverse,
    Spend,
    Transfer,
)
from stammkunde.ledger.pooling import part
from stammkunde.ledger.posting import Verb
from stammkunde.ledger.ticks import expire, lapse, mature
from stammkunde.ledger.units import open_unit

VERBS: Mapping[type[Command], Verb] = {
    Earn: earning.VERB,
    Spend: spending.VERB,
    Hold: holding.HOLD,
    Capture: holding.CAPTURE,
    Release: holding.RELEASE,
    Return: returning.RETURN,
    Cancel: returning.CANCEL,
    Adjust: adjusting.ADJUST,
    Transfer: moving.TRANSFER,
    Donate: moving.DONATE,
    Convert: moving.CONVERT,
    Reverse: reversing.VERB,
}
Some = TypeVar("Some", bound=Command)


def post(commands: Sequence[Command]) -> list[Posted]:
    """Post commands of any kinds in their order, all or none."""
    return [each for each in posting.post(commands, verbs=VERBS) if isinstance(each, Posted)]


def post_each(commands: Sequence[Command]) -> list[Posted | Refused]:
    """Post commands of any kinds in their order; what is refused is answered with why, the others are booked."""
    return posting.post(commands, verbs=VERBS, going_on=True)


def post_as_one(command: Command, others: Sequence[Owner]) -> Posted:
    """Post a command of an owner who is one person with others: all that they have stands behind it."""
    with transaction.atomic():
        pooling.gather(command, others)
        return post([command])[0]


def _many(kind: type[Some]) -> Callable[[Sequence[Some]], list[Posted]]:
    def verb(commands: Sequence[Some]) -> list[Posted]:
        return post(commands)

    verb.__name__ = verb.__qualname__ = kind.kind
    verb.__doc__ = kind.__doc__
    return verb


def _one(kind: type[Some]) -> Callable[[Some], Posted]:
    def verb(command: Some) -> Posted:
        return post([command])[0]

    verb.__name__ = verb.__qualname__ = f"{kind.kind}_one"
    verb.__doc__ = kind.__doc__
    return verb


earn, earn_one = _many(Earn), _one(Earn)
spend, spend_one = _many(Spend), _one(Spend)
hold, hold_one = _many(Hold), _one(Hold)
capture, capture_one = _many(Capture), _one(Capture)
release, release_one = _many(Release), _one(Release)
return_, return_one = _many(Return), _one(Return)
cancel, cancel_one = _many(Cancel), _one(Cancel)
adjust, adjust_one = _many(Adjust), _one(Adjust)
transfer, transfer_one = _many(Transfer), _one(Transfer)
donate, donate_one = _many(Donate), _one(Donate)
convert, convert_one = _many(Convert), _one(Convert)
reverse, reverse_one = _many(Reverse), _one(Reverse)

__all__ = [
    "adjust",
    "adjust_one",
    "approve",
    "cancel",
    "cancel_one",
    "capture",
    "capture_one",
    "close",
    "convert",
    "convert_one",
    "decline",
    "donate",
    "donate_one",
    "earn",
    "earn_one",
    "expire",
    "hold",
    "hold_one",
    "lapse",
    "mature",
    "open_unit",
    "part",
    "post",
    "post_as_one",
    "post_each",
    "release",
    "release_one",
    "return_",
    "return_one",
    "reverse",
    "reverse_one",
    "spend",
    "spend_one",
    "transfer",
    "transfer_one",
]
