"""One case at the moment of decision: does the condition hold, and why – with a full trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kohorte.conditions import days
from kohorte.conditions.facts import Fact, Facts
from kohorte.conditions.syntax import All, AnyOf, Node, Not, Test, Value


@dataclass(frozen=True)
class Verdict:
    """What a condition says about one case.

    Parameters
    ----------
    node
        The condition, or the part of it.
    holds
        Whether it does; None if it cannot be applied because a fact is unknown.
    found
        Of a test: what the case holds, in the words of the condition (money in major units).
    parts
        The verdicts of its parts. All of them are there, also those that decide nothing.
    """

    node: Node
    holds: bool | None
    found: object = None
    parts: tuple[Verdict, ...] = ()

    @property
    def unknown(self) -> tuple[str, ...]:
        """The facts because of which the condition cannot be applied, each once."""
        if self.holds is not None:
            return ()
        if isinstance(self.node, Test):
            return (_column(self.node),)
        found = (name for part in self.parts for name in part.unknown)
        return tuple(dict.fromkeys(found))


def judge(node: Node, case: Mapping[str, Any], *, facts: Facts, today: dt.date) -> Verdict:
    """Judge one case.

    Parameters
    ----------
    node
        The condition, as `parse` returns it.
    case
        Its facts by the name of their column; a missing one and None are unknown. Money is in
        integer minor units, days are dates.
    facts
        What the names mean.
    today
        The shop's day, from which tests look back and ahead.

    Examples
    --------
    >>> from kohorte.conditions import parse
    >>> from kohorte.conditions.customers import FACTS
    >>> node = parse("orders >= 2 and revenue > 100", FACTS)
    >>> verdict = judge(node, {"orders": 2}, facts=FACTS, today=dt.date(2026, 1, 31))
    >>> verdict.holds, verdict.unknown
    (None, ('revenue',))
    """
    match node:
        case All(parts):
            judged = tuple(judge(part, case, facts=facts, today=today) for part in parts)
            return Verdict(node, _all(judged), parts=judged)
        case AnyOf(parts):
            judged = tuple(judge(part, case, facts=facts, today=today) for part in parts)
            return Verdict(node, _any(judged), parts=judged)
        case Not(part):
            inner = judge(part, case, facts=facts, today=today)
            holds = None if inner.holds is None else not inner.holds
            return Verdict(node, holds, parts=(inner,))
    fact = facts[node.fact]
    found = _known(case.get(_column(node)), fact, facts.exponent)
    if node.operator in ("known", "unknown"):
        return Verdict(node, (found is None) == (node.operator == "unknown"), found)
    if found is None:
        return Verdict(node, None)
    return Verdict(node, _passes(node, found, today), found)


def _column(test: Test) -> str:
    return "_".join((test.fact, *test.arguments))


def _known(found: Any, fact: Fact, exponent: int) -> Any:
    match fact.kind:
        case "money" if found is not None:
            return Decimal(found).scaleb(-exponent)
        case "number" if isinstance(found, float):
            return Decimal(repr(found))
    return found


def _all(parts: tuple[Verdict, ...]) -> bool | None:
    verdicts = [part.holds for part in parts]
    return False if False in verdicts else (None if None in verdicts else True)


def _any(parts: tuple[Verdict, ...]) -> bool | None:
    verdicts = [part.holds for part in parts]
    return True if True in verdicts else (None if None in verdicts else False)


def _passes(test: Test, found: Any, today: dt.date) -> bool:
    values = test.values
    match test.operator:
        case "true":
            return bool(found)
        case "in" | "not in":
            return (found in values) == (test.operator == "in")
        case "between":
            return bool(values[0] <= found <= values[1])
        case "contains":
            return str(values[0]).lower() in str(found).lower()
        case "starts with":
            return str(found).lower().startswith(str(values[0]).lower())
        case "has":
            return values[0] in found
        case "=" | "!=" | "<" | "<=" | ">" | ">=":
            return _compared(found, test.operator, values[0])
    first, last = days.bounds(test, today)
    return bool(first <= found <= last)


def _compared(found: Any, operator: str, value: Value) -> bool:
    match operator:
        case "=":
            return bool(found == value)
        case "!=":
            return bool(found != value)
        case "<":
            return bool(found < value)
        case "<=":
            return bool(found <= value)
        case ">":
            return bool(found > value)
    return bool(found >= value)
