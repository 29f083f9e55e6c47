"""A condition as a sentence for people, in German or English."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from kohorte.conditions.facts import Fact, Facts
from kohorte.conditions.syntax import All, AnyOf, Node, Not, Operator, Test, Value
from kohorte.language import Language, Sentence, date, money, number, translate

_MESSAGES: dict[Operator, Sentence] = {
    "=": Sentence("{fact} is {value}"),
    "!=": Sentence("{fact} is not {value}"),
    "<": Sentence("{fact} is below {value}"),
    "<=": Sentence("{fact} is at most {value}"),
    ">": Sentence("{fact} is above {value}"),
    ">=": Sentence("{fact} is at least {value}"),
    "in": Sentence("{fact} is {value}"),
    "not in": Sentence("{fact} is not {value}"),
    "between": Sentence("{fact} is from {low} to {high}"),
    "between ago": Sentence("{fact} was {low} to {high} {unit} ago"),
    "more than ago": Sentence("{fact} was more than {value} {unit} ago"),
    "less than ago": Sentence("{fact} was less than {value} {unit} ago"),
    "at least ago": Sentence("{fact} was at least {value} {unit} ago"),
    "at most ago": Sentence("{fact} was at most {value} {unit} ago"),
    "within last": Sentence("{fact} was within the last {value} {unit}"),
    "within next": Sentence("{fact} is within the next {value} {unit}"),
    "contains": Sentence("{fact} contains {value}"),
    "starts with": Sentence("{fact} starts with {value}"),
    "has": Sentence("{fact} include {value}"),
    "known": Sentence("{fact} is known"),
    "unknown": Sentence("{fact} is not known"),
}
_DAYS: dict[Operator, Sentence] = {
    "=": Sentence("{fact} was on {value}"),
    "!=": Sentence("{fact} was not on {value}"),
    "<": Sentence("{fact} was before {value}"),
    "<=": Sentence("{fact} was on or before {value}"),
    ">": Sentence("{fact} was after {value}"),
    ">=": Sentence("{fact} was on or after {value}"),
    "between": Sentence("{fact} was from {low} to {high}"),
}
_UNITS = {
    "days": (Sentence("day"), Sentence("days")),
    "weeks": (Sentence("week"), Sentence("weeks")),
    "months": (Sentence("month"), Sentence("months")),
    "years": (Sentence("year"), Sentence("years")),
}


def sentence(node: Node, *, facts: Facts, language: Language, currency: str | None = None) -> str:
    """Say a condition in one language.

    Examples
    --------
    >>> from kohorte.conditions import parse
    >>> from kohorte.conditions.customers import FACTS
    >>> node = parse("orders >= 2 and last_order between 90 and 180 days ago", FACTS)
    >>> sentence(node, facts=FACTS, language="de")
    'die Zahl der Bestellungen ist mindestens 2 und die letzte Bestellung war vor 90 bis 180 Tagen'
    """
    match node:
        case All(parts):
            said = [
                f"({text})" if isinstance(part, AnyOf) else text
                for part in parts
                for text in (sentence(part, facts=facts, language=language, currency=currency),)
            ]
            return f" {translate('and', language)} ".join(said)
        case AnyOf(parts):
            said = [
                sentence(part, facts=facts, language=language, currency=currency) for part in parts
            ]
            return f" {translate('or', language)} ".join(said)
        case Not(Test(operator="true") as test):
            negated = facts[test.fact].negated
            if negated:
                return _of(negated.render(language), test)
    if isinstance(node, Not):
        inner = sentence(node.part, facts=facts, language=language, currency=currency)
        return Sentence("it is not true that {what}", {"what": inner}).render(language)
    return _test(node, facts[node.fact], language, currency)


def _of(label: str, test: Test) -> str:
    return f"{label} ({', '.join(test.arguments)})" if test.arguments else label


def _test(test: Test, fact: Fact, language: Language, currency: str | None) -> str:
    label = _of(fact.label.render(language), test)
    if test.operator == "true":
        return label
    by_kind = _DAYS if fact.kind == "day" else _MESSAGES
    message = by_kind.get(test.operator) or _MESSAGES[test.operator]
    said = [
        _value(value, fact, language, currency, counts=bool(test.unit)) for value in test.values
    ]
    values: dict[str, object] = {"fact": label}
    if len(said) == 2 and test.operator.startswith("between"):
        values |= {"low": said[0], "high": said[1]}
    elif said:
        values["value"] = f" {translate('or', language)} ".join(said)
    if test.unit:
        one, many = _UNITS[test.unit]
        values["unit"] = (one if test.values[-1] == 1 else many).render(language)
    return Sentence(message.msgid, values).render(language)


def _value(
    value: Value, fact: Fact, language: Language, currency: str | None, *, counts: bool
) -> str:
    match value:
        case Decimal() if fact.kind == "money" and not counts:
            return money(value, currency, language)
        case Decimal():
            digits = max(0, -int(value.as_tuple().exponent))
            return number(value, language, digits=digits)
        case dt.date():
            return date(value, language)
    return f"„{value}“" if language == "de" else f"“{value}”"
