"""A condition as SQL over one relation whose columns are the facts: for millions of cases at once.

Days are integers since 1970-01-01, money is in integer minor units, several texts are one text with
CHR(31) around each. SQL's own three-valued logic is that of `verdicts`: NULL is *not applicable*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from kohorte.conditions import days
from kohorte.conditions.facts import Fact, Facts
from kohorte.conditions.syntax import All, AnyOf, Node, Not, Operator, Test, Value
from kohorte.periods import day_number


def where(node: Node, *, facts: Facts, today: dt.date) -> str:
    """Return the SQL of a condition; values are written as literals, never as the user's text.

    Examples
    --------
    >>> from kohorte.conditions import parse
    >>> from kohorte.conditions.customers import FACTS
    >>> where(parse("revenue > 100 or not country = 'D'", FACTS), facts=FACTS, today=dt.date.min)
    "(revenue > 10000 OR (NOT country = 'D'))"
    """
    match node:
        case All(parts):
            return f"({' AND '.join(where(part, facts=facts, today=today) for part in parts)})"
        case AnyOf(parts):
            return f"({' OR '.join(where(part, facts=facts, today=today) for part in parts)})"
        case Not(part):
            return f"(NOT {where(part, facts=facts, today=today)})"
    return _test(node, facts[node.fact], facts.exponent, today)


_TEMPLATES: Mapping[Operator, str] = {
    "true": "{column}",
    "known": "{column} IS NOT NULL",
    "unknown": "{column} IS NULL",
    "in": "{column} IN ({all})",
    "not in": "{column} NOT IN ({all})",
    "between": "{column} BETWEEN {first} AND {last}",
    "contains": "POSITION(LOWER({first}) IN LOWER({column})) > 0",
    "starts with": "STARTS_WITH(LOWER({column}), LOWER({first}))",
    "has": "POSITION(CHR(31) || {first} || CHR(31) IN {column}) > 0",
    "!=": "{column} <> {first}",
}


def _test(test: Test, fact: Fact, exponent: int, today: dt.date) -> str:
    if test.unit:
        first, last = (str(day_number(day)) for day in days.bounds(test, today))
        values, template = [first, last], _TEMPLATES["between"]
    else:
        values = [_literal(value, fact, exponent) for value in test.values]
        template = _TEMPLATES.get(test.operator, f"{{column}} {test.operator} {{first}}")
    return template.format(
        column=fact.column(test.arguments),
        all=", ".join(values),
        first=values[0] if values else "",
        last=values[-1] if values else "",
    )


def _literal(value: Value, fact: Fact, exponent: int) -> str:
    match value:
        case Decimal():
            number = value.scaleb(exponent) if fact.kind == "money" else value
            return f"{number.normalize():f}"
        case dt.date():
            return str(day_number(value))
    return "'" + value.replace("'", "''") + "'"
