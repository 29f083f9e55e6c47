"""From text to a checked condition; an error says where, what is wrong, and what may stand there."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import lark
from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from kohorte.conditions.facts import OPERATORS, Fact, Facts
from kohorte.conditions.syntax import All, AnyOf, Node, Not, Operator, Test, Unit, Value
from kohorte.errors import ConditionError
from kohorte.language import Text

LENGTH_MAX, DEPTH_MAX, VALUES_MAX, BACK_MAX = 10_000, 50, 1_000, 36_600

KINDS = {
    "number": Text(de="eine Zahl", en="a number"),
    "money": Text(de="ein Betrag", en="an amount"),
    "text": Text(de="ein Text", en="a text"),
    "day": Text(de="ein Tag", en="a day"),
    "flag": Text(de="eine Ja-nein-Angabe", en="a yes or no"),
    "texts": Text(de="eine Liste von Texten", en="a list of texts"),
}
_AGO: dict[str, Operator] = {
    "more_than_ago": "more than ago",
    "less_than_ago": "less than ago",
    "at_least_ago": "at least ago",
    "at_most_ago": "at most ago",
    "within_last": "within last",
    "within_next": "within next",
}
_WITH_TEXT: dict[str, Operator] = {
    "contains": "contains",
    "starts_with": "starts with",
    "has": "has",
}
_ALONE: dict[str, Operator] = {"is_true": "true", "known": "known", "unknown": "unknown"}


@cache
def grammar() -> lark.Lark:
    """Return the parser, made once."""
    text = resources.files("kohorte.conditions").joinpath("grammar.lark").read_text("utf-8")
    return lark.Lark(text, parser="lalr", lexer="basic", maybe_placeholders=True)


def parse(text: str, facts: Facts) -> Node:
    """Read a condition and check it against the facts that there are.

    Raises
    ------
    ConditionError
        With the place in the text, if it cannot be read, names an unknown fact, or tests a fact in
        a way that its kind does not allow.

    Examples
    --------
    >>> from kohorte.conditions.customers import FACTS
    >>> parse("orders >= 2", FACTS)
    Test(fact='orders', arguments=(), operator='>=', values=(Decimal('2'),), unit=None)
    """
    if len(text) > LENGTH_MAX:
        raise ConditionError(
            "A condition may have {limit} characters at most.", at=LENGTH_MAX, limit=LENGTH_MAX
        )
    _require_flat(text)
    try:
        tree = grammar().parse(text)
    except UnexpectedInput as error:
        raise _unread(error, text) from None
    return _Reader(facts).node(tree)


def _require_flat(text: str) -> None:
    depth = 0
    for place, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth > DEPTH_MAX:
            raise ConditionError("Parentheses are nested too deeply here.", at=place)
    if text.lower().count("not ") > LENGTH_MAX // 20:
        raise ConditionError("There are too many “not” in this condition.", at=0)


def _unread(error: UnexpectedInput, text: str) -> ConditionError:
    if not text.strip():
        return ConditionError(
            'The condition is empty. Write for example: orders >= 2 and country = "DE".', at=0
        )
    at = max(error.pos_in_stream or 0, 0)  # type: ignore[redundant-expr]  # None at the end
    match error:
        case UnexpectedCharacters():
            return ConditionError(
                "“{character}” has no meaning here (character {place}). Texts stand in quotation marks, "
                "decimals have a point.",
                at=at,
                character=text[at : at + 1],
            )
        case UnexpectedToken() if error.token.type != "$END":
            return ConditionError(
                "“{word}” does not fit here (character {place}).", at=at, word=str(error.token)
            )
        case UnexpectedToken() | UnexpectedEOF():
            return ConditionError("The condition ends too early.", at=len(text.rstrip()))
    return ConditionError("The condition cannot be read.", at=at)


class _Reader:
    """Makes nodes of what the grammar found, and checks each test against its fact."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def node(self, tree: Any) -> Node:
        match tree.data:
            case "any_of" | "all_of" as kind:
                return _joined(kind, [self.node(part) for part in tree.children])
            case "negated":
                return Not(self.node(tree.children[0]))
            case "grouped":
                return self.node(tree.children[0])
        return self.test(str(tree.data), tree.children)

    def test(self, kind: str, children: Sequence[Any]) -> Test:
        fact, arguments, name = self.fact(children[0])
        rest = children[1:]
        operator, values, unit = _operation(kind, rest)
        if operator not in OPERATORS[fact.kind]:
            raise ConditionError(
                "{fact} is {kind}; it cannot be tested like this (character {place}).",
                at=name.start_pos or 0,
                fact=fact.name,
                kind=KINDS[fact.kind],
            )
        if len(values) > VALUES_MAX:
            raise ConditionError(
                "A list may have {limit} entries at most.", at=name.start_pos or 0, limit=VALUES_MAX
            )
        looks_back = operator.endswith("ago") or operator.startswith("within")
        read = tuple(_count(value) if looks_back else self.value(value, fact) for value in values)
        if operator.startswith("between"):
            _require_rising(read, values)
        return Test(fact.name, arguments, operator, read, unit)

    def fact(self, tree: Any) -> tuple[Fact, tuple[str, ...], Token]:
        name, *given = (each for each in tree.children if each is not None)
        fact = self.facts.by_name.get(name.lower())
        if fact is None:
            raise _unknown(name, tuple(self.facts.by_name))
        if len(given) != len(fact.parameters):
            raise ConditionError(
                "{fact} takes {count} words in parentheses (character {place}).",
                at=name.end_pos or 0,
                fact=fact.name,
                count=len(fact.parameters),
            )
        for word, known in zip(given, fact.parameters, strict=True):
            if word.lower() not in known:
                raise _unknown(word, known)
        return fact, tuple(word.lower() for word in given), name

    def value(self, tree: Any, fact: Fact) -> Value:
        token: Token = tree if isinstance(tree, Token) else tree.children[0]
        wanted = {"number": "NUMBER", "money": "NUMBER", "day": "DAY"}.get(fact.kind, "TEXT")
        if token.type != wanted:
            raise ConditionError(
                "{fact} is {kind} and cannot be compared with {value} (character {place}).",
                at=token.start_pos or 0,
                fact=fact.name,
                kind=KINDS[fact.kind],
                value=str(token),
            )
        match wanted:
            case "NUMBER":
                return Decimal(token)
            case "DAY":
                return _day(token)
        text = token[1:-1]
        if fact.choices and text not in fact.choices:
            raise _unknown(token, fact.choices, text)
        return str(text)


def _joined(kind: str, parts: Sequence[Node]) -> Node:
    """Join parts by and or or; those that are joined in the same way already are taken apart."""
    flat: list[Node] = []
    for part in parts:
        match part:
            case All(inner) if kind == "all_of":
                flat += inner
            case AnyOf(inner) if kind == "any_of":
                flat += inner
            case _:
                flat.append(part)
    if len(flat) == 1:
        return flat[0]
    return AnyOf(tuple(flat)) if kind == "any_of" else All(tuple(flat))


def _operation(kind: str, rest: Sequence[Any]) -> tuple[Operator, tuple[Any, ...], Unit | None]:
    """Return operator, the values as they stand there, and the unit."""
    if kind in _ALONE:
        return _ALONE[kind], (), None
    if kind in _WITH_TEXT:
        return _WITH_TEXT[kind], (rest[0],), None
    if kind in _AGO:
        return _AGO[kind], (rest[0],), _unit(rest[1])
    match kind:
        case "compared":
            operator: Operator = str(rest[0])  # type: ignore[assignment]  # as the grammar has them
            return operator, (rest[1],), None
        case "among":
            return "in", tuple(rest[0].children), None
        case "not_among":
            return "not in", tuple(rest[0].children), None
    low, high, unit = rest
    return ("between ago" if unit else "between"), (low, high), unit and _unit(unit)


def _unit(token: Token) -> Unit:
    unit: Unit = f"{token.lower().removesuffix('s')}s"  # type: ignore[assignment]  # likewise
    return unit


def _count(tree: Any) -> Decimal:
    """Return a whole number of days, weeks, months or years."""
    token: Token = tree if isinstance(tree, Token) else tree.children[0]
    if token.type != "NUMBER" or "." in token or not 0 <= int(token) <= BACK_MAX:
        raise ConditionError(
            "Here stands a whole number from 0 to {limit} (character {place}).",
            at=token.start_pos or 0,
            limit=BACK_MAX,
        )
    return Decimal(token)


def _day(token: Token) -> dt.date:
    try:
        return dt.date.fromisoformat(token)
    except ValueError:
        raise ConditionError(
            "There is no day {day} (character {place}).", at=token.start_pos or 0, day=str(token)
        ) from None


def _require_rising(values: tuple[Any, ...], trees: Sequence[Any]) -> None:
    low, high = values
    if low > high:
        token = trees[0].children[0]
        raise ConditionError(
            "Between takes the smaller value first (character {place}).", at=token.start_pos or 0
        )


def _unknown(token: Token, known: Sequence[str], text: str | None = None) -> ConditionError:
    word = str(token) if text is None else text
    close = difflib.get_close_matches(word.lower(), known, n=3, cutoff=0.6)
    shown = ", ".join(close or known[:12])
    if close:
        return ConditionError(
            "“{word}” is not known (character {place}). Did you mean {known}?",
            at=token.start_pos or 0,
            word=word,
            known=shown,
        )
    return ConditionError(
        "“{word}” is not known (character {place}). There are: {known}.",
        at=token.start_pos or 0,
        word=word,
        known=shown,
    )
