"""What may stand at a place of a condition that is being typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lark import Token
from lark.exceptions import LarkError

from kohorte.conditions.facts import OPERATORS, Facts
from kohorte.conditions.parsing import grammar
from kohorte.conditions.syntax import Operator

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_OPEN_TEXT = re.compile(r"[\"'„“][^\"'“”\n]*$")
UNITS = ("days", "weeks", "months", "years")
COMPARISONS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")
# The words behind which the parser knows no more than a keyword's first part.
_PHRASES = {
    "MORE": "more than",
    "LESS": "less than",
    "WITHIN": "within last",
    "STARTS": "starts with",
    "IS": "is known",
}
_MARKS = {"LPAR": "(", "RPAR": ")", "COMMA": ","}
# Which operators a word behind a fact leads to.
_LEADS_TO: Mapping[str, tuple[Operator, ...]] = {
    "COMPARISON": COMPARISONS,
    "IN": ("in",),
    "NOT": ("not in",),
    "BETWEEN": ("between",),
    "MORE": ("more than ago",),
    "LESS": ("less than ago",),
    "AT": ("at least ago",),
    "WITHIN": ("within last",),
    "CONTAINS": ("contains",),
    "STARTS": ("starts with",),
    "HAS": ("has",),
    "IS": ("known",),
}


@dataclass(frozen=True)
class Completion:
    """One continuation: the text that goes in, from which place of the condition on."""

    text: str
    at: int
    kind: str


def complete(text: str, facts: Facts, *, cursor: int | None = None) -> tuple[Completion, ...]:
    """Return what may stand at the cursor, the likeliest first; nothing where the text is wrong.

    Examples
    --------
    >>> from kohorte.conditions.customers import FACTS
    >>> [each.text for each in complete("ord", FACTS)][:1]
    ['orders']
    """
    before = text[: len(text) if cursor is None else cursor]
    opened = _OPEN_TEXT.search(before) if _quotes_open(before) else None
    started = opened or _WORD.search(before)
    at = started.start() if started else len(before)
    begun = before[at:].lower()
    tokens, accepted = _accepted(before[:at])
    found = [
        Completion(word, at, kind)
        for word, kind in _words(accepted, tokens, facts)
        if word.lower().startswith(begun)
    ]
    return tuple(found)


def _quotes_open(text: str) -> bool:
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|[„“][^“”\"\n]*[“”\"]", "", text)
    return any(mark in bare for mark in "\"'„“")


def _accepted(text: str) -> tuple[list[Token], frozenset[str]]:
    parser = grammar().parse_interactive(text)
    try:
        tokens = list(parser.exhaust_lexer())
        return tokens, frozenset(parser.accepts())  # type: ignore[no-untyped-call]  # lark
    except LarkError:
        return [], frozenset()


def _words(
    accepted: frozenset[str], tokens: Sequence[Token], facts: Facts
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    fact = _last_fact(tokens, facts)
    allowed = _fitting(accepted, tokens, facts)
    if "NAME" in allowed:
        found += _names(tokens, facts)
    if "TEXT" in allowed and fact in facts:
        found += [(f'"{choice}"', "value") for choice in facts[fact].choices]
    if "COMPARISON" in allowed:
        known = OPERATORS[facts[fact].kind] if fact in facts else ()
        found += [(each, "comparison") for each in COMPARISONS if each in known]
    if "UNIT" in allowed:
        found += [(each, "unit") for each in UNITS]
    for name in sorted(allowed - {"NAME", "TEXT", "COMPARISON", "UNIT", "DAY", "NUMBER", "$END"}):
        word = _MARKS.get(name) or _PHRASES.get(name) or grammar().get_terminal(name).pattern.value
        found.append((word, "mark" if name in _MARKS else "keyword"))
    return found


def _fitting(accepted: frozenset[str], tokens: Sequence[Token], facts: Facts) -> frozenset[str]:
    """Return what the grammar accepts, behind a fact only what its kind allows."""
    if not tokens or tokens[-1].lower() not in facts:
        return accepted
    fact = facts[tokens[-1].lower()]
    if fact.parameters:
        return accepted & {"LPAR"}
    known = OPERATORS[fact.kind]
    fitting = {name for name, operators in _LEADS_TO.items() if known & set(operators)}
    return accepted & (fitting | ({"AND", "OR", "RPAR"} if "true" in known else set()))


def _last_fact(tokens: Sequence[Token], facts: Facts) -> str:
    names = [token.lower() for token in tokens if token.type == "NAME"]
    return next((name for name in reversed(names) if name in facts), "")


def _names(tokens: Sequence[Token], facts: Facts) -> list[tuple[str, str]]:
    """Return facts, or the words that the parentheses of one take at this place."""
    depth = [token.type for token in tokens]
    if depth and depth[-1] in ("LPAR", "COMMA"):
        fact = _last_fact(tokens, facts)
        opened = len(depth) - 1 - depth[::-1].index("LPAR")
        place = depth[opened:].count("COMMA")
        parameters = facts[fact].parameters if fact in facts else ()
        if opened and tokens[opened - 1].lower() == fact and place < len(parameters):
            return [(word, "word") for word in parameters[place]]
    return [(name, "fact") for name in facts.by_name]
