"""Conditions as they were stored: canonical JSON back to a checked tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kohorte.conditions.facts import Facts
from kohorte.conditions.parsing import parse
from kohorte.conditions.syntax import All, AnyOf, Node, Not, Test, Value, to_text
from kohorte.errors import ConditionError


def from_json(stored: Mapping[str, Any], facts: Facts) -> Node:
    """Return a stored condition; it is checked like one that is typed.

    Raises
    ------
    ConditionError
        If it is none, or if a fact that it names no longer exists or has another kind.

    Examples
    --------
    >>> from kohorte.conditions.customers import FACTS
    >>> from_json({"not": {"fact": "orders", "test": "known"}}, FACTS)
    Not(part=Test(fact='orders', arguments=(), operator='known', values=(), unit=None))
    """
    try:
        node = _node(stored)
        text = to_text(node)
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError):
        raise ConditionError("This stored condition cannot be read.", at=0) from None
    return parse(text, facts)


def _node(stored: Mapping[str, Any]) -> Node:
    match dict(stored):
        case {"all": [*parts]}:
            return All(tuple(_node(part) for part in parts))
        case {"any": [*parts]}:
            return AnyOf(tuple(_node(part) for part in parts))
        case {"not": part}:
            return Not(_node(part))
    return Test(
        fact=str(stored["fact"]),
        arguments=tuple(str(word) for word in stored.get("of", ())),
        operator=stored["test"],
        values=tuple(_value(value) for value in stored.get("values", ())),
        unit=stored.get("unit"),
    )


def _value(stored: Mapping[str, str]) -> Value:
    ((kind, text),) = stored.items()
    match kind:
        case "number":
            return Decimal(text)
        case "day":
            return dt.date.fromisoformat(text)
        case "text":
            if '"' in text and "'" in text:
                raise ValueError(text)
            return text
    raise KeyError(kind)
