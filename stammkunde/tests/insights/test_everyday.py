"""What a snapshot computes together is what each question is answered with by itself."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kohorte import History
from stammkunde.insights import everyday, questions
from stammkunde.insights.questions import GROUPED, Question

Grown = tuple[list[dict[str, Any]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def grown() -> Grown:
    """A shop whose orders grow beyond chance in its last whole month, of two countries and channels."""
    chance = random.Random(7)  # noqa: S311  # a seeded game, no secret
    orders: list[dict[str, Any]] = [
        {
            "order_id": f"{month}-{number}",
            "customer_id": str(chance.randint(1, 60)),
            "placed_at": f"2026-{month:02}-{chance.randint(1, 28):02}",
            "amount_minor": chance.randint(1000, 9000) * (2 if month == 4 else 1),
            "channel": chance.choice(("web", "app")),
        }
        for month, count in enumerate((60, 60, 60, 180, 20), start=1)
        for number in range(count)
    ]
    people: list[dict[str, Any]] = [
        {"customer_id": str(number), "country": chance.choice(("DE", "AT", None))}
        for number in range(1, 61)
    ]
    return orders, people


def test_groups_and_causes_are_what_each_question_is_answered_with(grown: Grown) -> None:
    with History.from_records(orders=grown[0], customers=grown[1]) as history:
        together = [
            (part.question, part.found)
            for part in everyday.standing(history)
            if part.step in ("groups", "why")
        ]
        names = [question.name for question, _found in together]
        assert names.count("groups") == 2 * len(GROUPED)
        assert names.count("why") >= 3
        for question, found in together:
            assert found == questions.answer(history, question), question


def test_a_shop_without_orders_is_asked_nothing_of_its_groups() -> None:
    with History.from_records(orders=[]) as history:
        asked = {part.question for part in everyday.standing(history)}
    assert Question("measurable") in asked
    assert not any(question.name in ("groups", "why") for question in asked)
