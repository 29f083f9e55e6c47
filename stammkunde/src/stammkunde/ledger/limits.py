"""What a command may hold at most: the same on both stores, and refused before anything is read.

SQLite stores what is too long or no whole number without a word, PostgreSQL breaks off; neither says which field.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from stammkunde.ledger import plain, refusals
from stammkunde.ledger.commands import Command, Convert, EarnedLine, Owner

Said = TypeVar("Said", bound=Command)
# Ten million million of the smallest unit: no shop gives more at once, and thousands of them still sum up.
MOST = 10**15
MOST_PIECES = 10**9
MOST_DAYS = 36_500
MOST_LINES = 10_000
# Days may be added to any instant, and any zone shown, without leaving the calendar.
YEARS = (1900, 9800)
SIGNS: Mapping[str, int] = {
    "by": 80,
    "cause": 200,
    "charity": 100,
    "id": 100,
    "key": 200,
    "kind": 20,
    "policy": 80,
    "reason": 200,
    "scope": 20,
    "source": 200,
    "to_unit": 40,
    "unit": 40,
}
# So far may the clock of whoever asks be ahead of ours: what they say is then booked as of now.
AHEAD = dt.timedelta(minutes=5)
NEEDED = frozenset({"by", "charity", "key", "to_unit", "unit"})
NUMBERS: Mapping[str, int] = {"minimum_days": MOST_DAYS, "quantity": MOST_PIECES}


def refusal_of(command: Command) -> refusals.BadCommand | None:
    """Return why a command cannot be booked: its first field that is too long, too large, empty, not whole or not plain.

    An instant needs its zone. None if all is well.
    """
    for name, may_lack in _fields(cast(Hashable, type(command))):
        value = getattr(command, name)
        if not (value is None and may_lack) and not _is_fine(name, value):
            steers = not all(plain.is_plain(text) for text in _texts(value))
            return refusals.NotPlain(name) if steers else refusals.BadCommand(name)
    if isinstance(command, Convert) and command.amount * command.numerator > MOST * abs(
        command.denominator
    ):
        return refusals.BadCommand("numerator")
    return None


def as_happened(command: Said, *, now: dt.datetime) -> Said:
    """Return a command as of now at the latest.

    Raises
    ------
    NotYet
        It lies in the future, by more than clocks may be apart.
    """
    if command.effective_at <= now:
        return command
    if command.effective_at > now + AHEAD:
        raise refusals.NotYet
    return dataclasses.replace(command, effective_at=now)


@cache
def _fields(kind: Hashable) -> tuple[tuple[str, bool], ...]:
    return tuple((each.name, each.default is None) for each in dataclasses.fields(cast(Any, kind)))


def _is_fine(name: str, value: object) -> bool:
    # By type and not by pattern: every posting passes here.
    kind = type(value)
    if kind is str:
        return _is_text(value, SIGNS[name], may_lack=name not in NEEDED)
    if kind is int:
        return _is_whole(value, NUMBERS.get(name, MOST))
    if isinstance(value, dt.datetime):
        return value.tzinfo is not None and YEARS[0] <= value.year <= YEARS[1]
    if isinstance(value, Owner):
        return _is_text(value.kind, SIGNS["kind"]) and _is_text(value.id, SIGNS["id"])
    if isinstance(value, tuple):
        return len(value) <= MOST_LINES and all(_is_line(each) for each in value)
    return False


def _is_line(line: object) -> bool:
    if isinstance(line, EarnedLine):
        whole = _is_whole(line.amount, MOST) and _is_whole(line.quantity, MOST_PIECES)
        return whole and _is_text(line.source, SIGNS["source"])
    if not isinstance(line, tuple) or len(line) != 2:
        return False
    source, number = line
    return _is_text(source, SIGNS["source"]) and _is_whole(number, MOST)


def _is_text(value: object, most: int, *, may_lack: bool = False) -> bool:
    return (
        type(value) is str
        and (value != "" or may_lack)
        and len(value) <= most
        and plain.is_plain(value)
    )


def _texts(value: object) -> Iterator[str]:
    """Return every text in what a field says."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Owner):
        yield from _texts((value.kind, value.id))
    elif isinstance(value, EarnedLine):
        yield from _texts(value.source)
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)


def _is_whole(value: object, most: int) -> bool:
    return type(value) is int and -most <= value <= most
