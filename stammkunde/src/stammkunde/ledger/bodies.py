"""What makes two commands equal: their canonical text and its hash."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, cast

from stammkunde.ledger.commands import Command, EarnedLine, Owner

# A key is compared apart; the scope is part of where it is looked up.
LEFT_OUT = frozenset({"key", "scope"})


def digest(command: Command) -> str:
    """Return the hash of a command: SHA-256 of its fields that differ from their defaults.

    A field that is added later with a default thus changes no hash.
    """
    return hashlib.sha256(text(command).encode()).hexdigest()


def text(command: Command) -> str:
    """Return the canonical text of a command.

    >>> at = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    >>> text(Command(shop_id=1, unit="points", key="k", effective_at=at))
    '["",["effective_at","2026-01-02T00:00:00+00:00"],["shop_id",1],["unit","points"]]'
    """
    parts: list[Any] = [command.kind]
    for name, default in _fields(cast(Hashable, type(command))):
        value = getattr(command, name)
        if value != default:
            parts.append((name, value))
    return _ENCODER.encode(parts)


@cache
def _fields(kind: Hashable) -> tuple[tuple[str, object], ...]:
    found = ((each.name, each.default) for each in dataclasses.fields(cast(Any, kind)))
    return tuple(sorted(each for each in found if each[0] not in LEFT_OUT))


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, Owner):
        return (value.kind, value.id)
    if isinstance(value, EarnedLine):
        return (value.source, value.amount, value.quantity)
    raise TypeError(f"{value!r} is no part of a command.")


def order_of(source: str) -> str:
    """Return the order of a source: what stands before the first stroke.

    >>> order_of("order:1001/line:2")
    'order:1001'
    """
    return source.partition("/")[0]


def within(source: str, whole: str) -> bool:
    """Whether a source is a whole or a part of it.

    >>> within("order:10/line:1", "order:10"), within("order:100", "order:10")
    (True, False)
    """
    return source == whole or source.startswith(f"{whole}/")


def many_of(sources: Iterable[str]) -> list[str]:
    """Return the orders of sources, each once, in order."""
    return sorted({order_of(source) for source in sources})


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"), ensure_ascii=False)
