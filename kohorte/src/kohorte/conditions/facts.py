"""What may be asked about a case: facts with a kind, words in both languages, and their choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kohorte.conditions.syntax import Operator
from kohorte.language import Text

Kind = Literal["number", "money", "text", "day", "flag", "texts"]

_ORDERED: frozenset[Operator] = frozenset(
    {"=", "!=", "<", "<=", ">", ">=", "between", "in", "not in"}
)
_AGO: frozenset[Operator] = frozenset(
    {
        "between ago",
        "more than ago",
        "less than ago",
        "at least ago",
        "at most ago",
        "within last",
        "within next",
    }
)
_ALWAYS: frozenset[Operator] = frozenset({"known", "unknown"})
_OF_TEXT: frozenset[Operator] = frozenset({"=", "!=", "in", "not in", "contains", "starts with"})
_OF_FLAG: frozenset[Operator] = frozenset({"true"})
_OF_TEXTS: frozenset[Operator] = frozenset({"has"})
OPERATORS: Mapping[Kind, frozenset[Operator]] = {
    "number": _ORDERED | _ALWAYS,
    "money": _ORDERED | _ALWAYS,
    "text": _OF_TEXT | _ALWAYS,
    "day": _ORDERED | _AGO | _ALWAYS,
    "flag": _OF_FLAG | _ALWAYS,
    "texts": _OF_TEXTS | _ALWAYS,
}


@dataclass(frozen=True)
class Fact:
    """One thing that may be known about a case.

    Parameters
    ----------
    name
        How a condition calls it.
    kind
        Number, money (conditions say it in major units, cases hold minor units), text, day, flag,
        or several texts.
    label
        What people call it; of a flag, the whole clause that holds.
    negated
        Of a flag: the clause that holds if it does not.
    choices
        The texts that it can be, if they are known.
    parameters
        What may stand in its parentheses, place by place.
    """

    name: str
    kind: Kind
    label: Text
    negated: Text | None = None
    choices: tuple[str, ...] = ()
    parameters: tuple[tuple[str, ...], ...] = ()

    def column(self, arguments: tuple[str, ...] = ()) -> str:
        """Return the name under which a case holds the fact.

        >>> Fact("consent", "flag", Text("", ""), parameters=(("ads",), ("mail",))).column(("ads", "mail"))
        'consent_ads_mail'
        """
        return "_".join((self.name, *arguments))


class Facts:
    """The facts that conditions may speak of, by name."""

    def __init__(self, facts: Iterable[Fact], *, exponent: int = 2) -> None:
        self.by_name: Mapping[str, Fact] = {fact.name: fact for fact in facts}
        self.exponent = exponent

    def __getitem__(self, name: str) -> Fact:
        return self.by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self.by_name
