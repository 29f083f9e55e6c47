"""The language of conditions as people type it: what is understood, said back, and refused where."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohorte import conditions
from kohorte.conditions import All, AnyOf, Fact, Facts, Test
from kohorte.conditions.customers import FACTS as CUSTOMERS
from kohorte.errors import ConditionError
from kohorte.language import Text

TODAY = dt.date(2026, 1, 31)
FACTS = Facts(
    [
        *CUSTOMERS.by_name.values(),
        Fact(
            "subscribed",
            "flag",
            Text(de="bekommt Newsletter", en="receives newsletters"),
            negated=Text(de="bekommt keine Newsletter", en="receives no newsletters"),
        ),
        Fact("tier", "text", Text(de="die Stufe", en="the tier"), choices=("gold", "silver")),
        Fact("tags", "texts", Text(de="die Schlagwörter", en="the tags")),
        Fact(
            "consent",
            "flag",
            Text(de="hat eingewilligt", en="has consented"),
            parameters=(("marketing", "service"), ("email", "post")),
        ),
    ]
)


def test_and_binds_closer_than_or_and_not_closest() -> None:
    read = conditions.parse("not subscribed and orders = 1 or orders = 2", FACTS)
    assert isinstance(read, AnyOf)
    assert isinstance(read.parts[0], All)
    assert conditions.to_text(read) == "not subscribed and orders = 1 or orders = 2"


def test_the_condition_of_the_architecture_is_read_as_it_stands() -> None:
    text = (
        "orders >= 2 and last_order between 90 and 180 days ago and consent(marketing, email) "
        'and tier not in ("gold")'
    )
    read = conditions.parse(text, FACTS)
    assert conditions.to_text(read) == text
    assert conditions.sentence(read, facts=FACTS, language="en") == (
        "the number of orders is at least 2 and the last order was 90 to 180 days ago and has "
        "consented (marketing, email) and the tier is not “gold”"
    )


@pytest.mark.parametrize(
    ("text", "de", "en"),
    [
        ("revenue > 1234.5", "der Umsatz ist größer als 1.234,50\u00a0€", "the revenue is above €1,234.50"),
        ("not subscribed", "bekommt keine Newsletter", "receives no newsletters"),
        ("last_order more than 1 week ago", "die letzte Bestellung war vor mehr als 1 Woche", "the last order was more than 1 week ago"),
        ('country in ("DE", "AT")', "das Land ist „DE“ oder „AT“", "the country is “DE” or “AT”"),
        ("first_order < 2026-01-31", "die erste Bestellung war vor dem 31. Jan. 2026", "the first order was before 31 Jan 2026"),
        ("(orders = 1 or orders = 2) and subscribed", "(die Zahl der Bestellungen ist 1 oder die Zahl der Bestellungen ist 2) und bekommt Newsletter", "(the number of orders is 1 or the number of orders is 2) and receives newsletters"),
        ("not (orders = 1)", "es trifft nicht zu, dass gilt: die Zahl der Bestellungen ist 1", "it is not true that the number of orders is 1"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_both_languages(text: str, de: str, en: str) -> None:
    read = conditions.parse(text, FACTS)
    assert conditions.sentence(read, facts=FACTS, language="de", currency="EUR") == de
    assert conditions.sentence(read, facts=FACTS, language="en", currency="EUR") == en


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", 0, "The condition is empty."),
        ("orders >=", 9, "The condition ends too early."),
        ("orders = 2 orders", 11, "“orders” does not fit here (character 12)."),
        ("orders = 2 § 3", 11, "“§” has no meaning here (character 12)."),
        ('country = "a\0b"', 10, "“\"” has no meaning here (character 11)."),
        ("ordrs = 2", 0, "“ordrs” is not known (character 1). Did you mean orders?"),
        ('orders = "two"', 9, "orders is a number and cannot be compared with \"two\" (character 10)."),
        ("country > 'D'", 0, "country is a text; it cannot be tested like this (character 1)."),
        ("orders", 0, "orders is a number; it cannot be tested like this (character 1)."),
        ("orders between 5 and 2", 15, "Between takes the smaller value first (character 16)."),
        ("first_order = 2026-02-30", 14, "There is no day 2026-02-30 (character 15)."),
        ("last_order more than 1.5 days ago", 21, "Here stands a whole number from 0 to 36,600 (character 22)."),
        ("tier = 'golden'", 7, "“golden” is not known (character 8). Did you mean gold?"),
        ("consent(marketing)", 7, "consent takes 2 words in parentheses (character 8)."),
        ("consent(marketing, fax)", 19, "“fax” is not known (character 20). There are: email, post."),
        ("orders = 1234567890123456", 24, "“6” does not fit here (character 25)."),
        ("(" * 60 + "subscribed" + ")" * 60, 50, "Parentheses are nested too deeply here."),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what(text: str, at: int, message: str) -> None:
    with pytest.raises(ConditionError) as refused:
        conditions.parse(text, FACTS)
    assert str(refused.value).startswith(message)
    assert refused.value.at == at


def test_german_quotation_marks_and_capital_keywords_are_understood() -> None:
    read = conditions.parse("Country = „DE“ AND NOT Subscribed", FACTS)
    assert conditions.to_text(read) == 'country = "DE" and not subscribed'


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    refused = None
    try:
        conditions.parse(text, FACTS)
    except ConditionError as error:
        refused = error
    assert refused is None or 0 <= refused.at <= max(len(text), 1)


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["all", "any", "not", "fact", "test", "values", "number"]), inner), max_leaves=8))  # fmt: skip
def test_any_stored_thing_is_a_condition_or_refused(stored: object) -> None:
    with pytest.raises(ConditionError):
        conditions.from_json(stored if isinstance(stored, dict) else {"not": stored}, FACTS)


def test_a_thousand_nots_are_refused_and_not_a_crash() -> None:
    with pytest.raises(ConditionError):
        conditions.parse("not " * 2000 + "subscribed", FACTS)


def test_a_verdict_explains_itself() -> None:
    read = conditions.parse("orders >= 2 and revenue > 100 and tags has 'vip'", FACTS)
    case = {"orders": 3, "revenue": 10001, "tags": ["vip", "early"]}
    verdict = conditions.judge(read, case, facts=FACTS, today=TODAY)
    assert verdict.holds is True
    assert [(part.holds, part.found) for part in verdict.parts] == [
        (True, 3),
        (True, Decimal("100.01")),
        (True, ["vip", "early"]),
    ]


def test_what_is_unknown_makes_it_not_applicable_unless_the_rest_decides() -> None:
    read = conditions.parse("orders >= 2 and revenue > 100", FACTS)
    assert conditions.judge(read, {"orders": 2}, facts=FACTS, today=TODAY).unknown == ("revenue",)
    assert conditions.judge(read, {"orders": 1}, facts=FACTS, today=TODAY).holds is False


@pytest.mark.parametrize(
    ("text", "day", "holds"),
    [
        ("last_order more than 30 days ago", dt.date(2025, 12, 31), True),
        ("last_order more than 31 days ago", dt.date(2025, 12, 31), False),
        ("last_order at least 31 days ago", dt.date(2025, 12, 31), True),
        ("last_order less than 31 days ago", dt.date(2025, 12, 31), False),
        ("last_order at most 31 days ago", dt.date(2025, 12, 31), True),
        ("last_order within last 1 day", TODAY, True),
        ("last_order within last 30 days", dt.date(2026, 1, 1), False),
        ("last_order within last 31 days", dt.date(2026, 1, 1), True),
        ("last_order at least 1 month ago", dt.date(2025, 12, 31), True),
        ("last_order between 2 and 3 months ago", dt.date(2025, 11, 30), True),
        ("last_order within next 28 days", dt.date(2026, 2, 28), True),
        ("last_order at least 36600 years ago", dt.date(1, 1, 31), True),
    ],
)
def test_days_are_counted_from_today_as_people_do(text: str, day: dt.date, holds: bool) -> None:
    read = conditions.parse(text, FACTS)
    case = {"last_order": day}
    assert conditions.judge(read, case, facts=FACTS, today=TODAY).holds is holds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["orders", "revenue"]),
        ("ord", ["orders"]),
        ("orders ", ["=", "!=", "<", "<=", ">", ">=", "between", "in", "is known", "not"]),
        ("subscribed ", ["and", "is known", "or"]),
        ("tier = ", ['"gold"', '"silver"']),
        ('tier = "g', ['"gold"']),
        ("last_order more than 3 ", ["days", "weeks", "months", "years"]),
        ("consent(", ["marketing", "service"]),
        ("consent(marketing, ", ["email", "post"]),
        ("consent", ["consent"]),
        ("consent ", ["("]),
        ("orders >= 2 a", ["and"]),
        ("orders >>", []),
    ],
)
def test_completions_are_what_may_stand_there(text: str, expected: list[str]) -> None:
    found = [each.text for each in conditions.complete(text, FACTS)]
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or text == ""


def test_a_completion_replaces_the_word_begun_at_the_cursor() -> None:
    (only,) = conditions.complete("rev > 2 and orders = 1", FACTS, cursor=3)
    assert (only.text, only.at, only.kind) == ("revenue", 0, "fact")


def test_a_test_is_no_test_of_pytest() -> None:
    assert Test.__test__ is False
