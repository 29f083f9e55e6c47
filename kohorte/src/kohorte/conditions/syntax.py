"""What a condition is made of: tests on facts, joined by and, or, not; its canonical JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Operator = Literal[
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "not in",
    "between",
    "between ago",
    "more than ago",
    "less than ago",
    "at least ago",
    "at most ago",
    "within last",
    "within next",
    "contains",
    "starts with",
    "has",
    "known",
    "unknown",
    "true",
]
Unit = Literal["days", "weeks", "months", "years"]
Value = Decimal | str | dt.date


@dataclass(frozen=True)
class Test:
    """One test on one fact, such as `orders >= 2`.

    Parameters
    ----------
    fact, arguments
        The name of the fact and what stands in its parentheses.
    operator
        What is tested.
    values
        What the fact is compared with; as many as the operator takes.
    unit
        Of the numbers of an operator that looks back or ahead from today.
    """

    __test__ = False

    fact: str
    arguments: tuple[str, ...]
    operator: Operator
    values: tuple[Value, ...] = ()
    unit: Unit | None = None


@dataclass(frozen=True)
class All:
    """Holds if every part does."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf:
    """Holds if one part does."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """Holds if its part does not."""

    part: Node


Node = Test | All | AnyOf | Not


def tests_in(node: Node) -> Iterator[Test]:
    """Yield every test that a condition is made of.

    >>> [test.fact for test in tests_in(Not(Test("orders", (), ">=", (Decimal(2),))))]
    ['orders']
    """
    match node:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests_in(part)
        case Not(part):
            yield from tests_in(part)
        case Test():
            yield node


def to_json(node: Node) -> dict[str, Any]:
    """Return the canonical form of a condition, in types that JSON knows.

    >>> to_json(Not(Test("orders", (), ">=", (Decimal(2),))))
    {'not': {'fact': 'orders', 'test': '>=', 'values': [{'number': '2'}]}}
    """
    match node:
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
    said: dict[str, Any] = {"fact": node.fact}
    if node.arguments:
        said["of"] = list(node.arguments)
    said["test"] = node.operator
    if node.values:
        said["values"] = [_value_to_json(value) for value in node.values]
    if node.unit:
        said["unit"] = node.unit
    return said


def _value_to_json(value: Value) -> dict[str, str]:
    match value:
        case Decimal():
            return {"number": f"{value:f}"}
        case dt.date():
            return {"day": value.isoformat()}
    return {"text": value}


def to_text(node: Node) -> str:
    """Write a condition in the language it is parsed from, with the fewest parentheses.

    >>> to_text(All((Test("orders", (), ">=", (Decimal(2),)), Test("country", (), "=", ("DE",)))))
    'orders >= 2 and country = "DE"'
    """
    match node:
        case All(parts):
            return " and ".join(_within(part, AnyOf) for part in parts)
        case AnyOf(parts):
            return " or ".join(to_text(part) for part in parts)
        case Not(part):
            return f"not {_within(part, AnyOf, All)}"
    return _test_to_text(node)


def _within(node: Node, *apart: type) -> str:
    text = to_text(node)
    return f"({text})" if isinstance(node, apart) else text


def _test_to_text(test: Test) -> str:
    fact = f"{test.fact}({', '.join(test.arguments)})" if test.arguments else test.fact
    values = [_value_to_text(value) for value in test.values]
    match test.operator:
        case "true":
            return fact
        case "known" | "unknown":
            return f"{fact} is {test.operator}"
        case "in" | "not in":
            return f"{fact} {test.operator} ({', '.join(values)})"
        case "between":
            return f"{fact} between {values[0]} and {values[1]}"
        case "between ago":
            return f"{fact} between {values[0]} and {values[1]} {test.unit} ago"
        case "within last" | "within next":
            return f"{fact} {test.operator} {values[0]} {test.unit}"
    if test.operator.endswith(" ago"):
        return f"{fact} {test.operator.removesuffix(' ago')} {values[0]} {test.unit} ago"
    return f"{fact} {test.operator} {values[0]}"


def _value_to_text(value: Value) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case dt.date():
            return value.isoformat()
    return f"'{value}'" if '"' in value else f'"{value}"'
