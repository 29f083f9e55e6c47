"""One meaning in three forms: the text, the closure for one case, the SQL for millions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies
from kohorte import conditions
from kohorte.conditions import All, AnyOf, Fact, Facts, Node, Not, Test
from kohorte.conditions.facts import OPERATORS
from kohorte.language import Text
from kohorte.periods import day_number

TODAY = dt.date(2026, 3, 31)
LABEL = Text(de="etwas", en="something")
FACTS = Facts(
    [
        Fact("orders", "number", LABEL),
        Fact("revenue", "money", LABEL),
        Fact("country", "text", LABEL),
        Fact("last_order", "day", LABEL),
        Fact("subscribed", "flag", LABEL),
        Fact("tags", "texts", LABEL),
        Fact("consent", "flag", LABEL, parameters=(("ads", "news"), ("mail", "post"))),
    ]
)
COLUMNS = {
    "orders": "DECIMAL(18,3)",
    "revenue": "BIGINT",
    "country": "VARCHAR",
    "last_order": "INTEGER",
    "subscribed": "BOOLEAN",
    "tags": "VARCHAR",
    "consent_ads_mail": "BOOLEAN",
    "consent_news_post": "BOOLEAN",
}
TEXTS = st.sampled_from(["DE", "de", "Österreich", "o'b", "", "a%_", "50 % Rabatt"])
NUMBERS = st.decimals(-3, 3, places=1)
DAYS = st.dates(TODAY - dt.timedelta(days=500), TODAY + dt.timedelta(days=40))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "number": NUMBERS,
    "money": NUMBERS,
    "text": TEXTS,
    "texts": TEXTS,
    "day": DAYS,
}


@st.composite
def single_tests(draw: st.DrawFn) -> Test:
    """Draw one test of any kind."""
    fact = draw(st.sampled_from(list(FACTS.by_name.values())))
    operator = draw(st.sampled_from(sorted(OPERATORS[fact.kind])))
    arguments = (
        draw(st.sampled_from([("ads", "mail"), ("news", "post")])) if fact.parameters else ()
    )
    if operator in ("true", "known", "unknown"):
        return Test(fact.name, arguments, operator)
    if operator.endswith("ago") or operator.startswith("within"):
        unit = draw(st.sampled_from(["days", "weeks", "months", "years"]))
        count = 2 if operator == "between ago" else 1
        numbers = sorted(draw(st.lists(st.integers(0, 20), min_size=count, max_size=count)))
        return Test(fact.name, arguments, operator, tuple(map(Decimal, numbers)), unit)
    count = {"between": 2, "in": 3, "not in": 3}.get(operator, 1)
    values = draw(st.lists(VALUES[fact.kind], min_size=count, max_size=count))
    return Test(fact.name, arguments, operator, tuple(sorted(values) if count > 1 else values))


def joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    lists = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(lists.map(All), lists.map(AnyOf), parts.map(Not))


NODES: st.SearchStrategy[Node] = st.recursive(single_tests(), joined, max_leaves=6)
CASES = st.fixed_dictionaries(
    {
        "orders": st.none() | NUMBERS,
        "revenue": st.none() | st.integers(-300, 300),
        "country": st.none() | TEXTS,
        "last_order": st.none() | DAYS,
        "subscribed": st.none() | st.booleans(),
        "tags": st.none() | st.lists(TEXTS, max_size=3),
        "consent_ads_mail": st.none() | st.booleans(),
        "consent_news_post": st.none() | st.booleans(),
    }
)


@pytest.fixture(scope="module")
def connection() -> Any:
    with duckdb.connect() as opened:
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        opened.execute(f"CREATE TABLE cases ({columns})")
        yield opened


def stored(name: str, value: Any) -> Any:
    match value:
        case dt.date():
            return day_number(value)
        case list():
            return "".join(f"\x1f{text}" for text in value) + "\x1f"
    return value


@settings(max_examples=strategies.count(400), deadline=None)
@given(node=NODES, case=CASES)
def test_the_closure_and_the_sql_say_the_same(
    connection: duckdb.DuckDBPyConnection, node: Node, case: dict[str, Any]
) -> None:
    connection.execute("DELETE FROM cases")
    row = [stored(name, case[name]) for name in COLUMNS]
    connection.execute(f"INSERT INTO cases VALUES ({', '.join('?' * len(row))})", row)
    where = conditions.where(node, facts=FACTS, today=TODAY)
    (by_sql,) = connection.execute(f"SELECT {where} FROM cases").fetchone() or (None,)
    verdict = conditions.judge(node, case, facts=FACTS, today=TODAY)
    assert verdict.holds == by_sql
    assert (verdict.holds is None) == bool(verdict.unknown)


@settings(max_examples=strategies.count(300), deadline=None)
@given(node=NODES)
def test_what_is_written_is_read_back_the_same(node: Node) -> None:
    text = conditions.to_text(node)
    read = conditions.parse(text, FACTS)
    assert conditions.to_text(read) == conditions.to_text(conditions.parse(text, FACTS))
    assert conditions.from_json(conditions.to_json(read), FACTS) == read
    for language in ("de", "en"):
        assert conditions.sentence(read, facts=FACTS, language=language)


@settings(max_examples=strategies.count(300), deadline=None)
@given(node=NODES, case=CASES)
def test_reading_back_does_not_change_the_meaning(node: Node, case: dict[str, Any]) -> None:
    read = conditions.parse(conditions.to_text(node), FACTS)
    before = conditions.judge(node, case, facts=FACTS, today=TODAY).holds
    assert conditions.judge(read, case, facts=FACTS, today=TODAY).holds == before
