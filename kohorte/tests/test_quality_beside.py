"""Findings on the tables beside the orders: each where it should be, none where it should not."""

from __future__ import annotations

from typing import Any

import pytest

import kohorte
from kohorte import summary

ORDERS = [
    {
        "order_id": f"{month}",
        "customer_id": "a",
        "placed_at": f"2026-{month:02}-15",
        "amount_minor": 1000,
    }
    for month in range(1, 7)
]


def found(**beside: Any) -> dict[str, str]:
    with kohorte.History.from_records(orders=ORDERS, **beside) as history:
        return {one.slug: one.what.render("en") for one in summary.assess(history).findings}


def spent(first: str, last: str) -> dict[str, Any]:
    return {"starts_on": first, "ends_on": last, "purpose": "sales", "amount_minor": 1}


def answer(number: int, customer: str | None) -> dict[str, Any]:
    return {
        "response_id": str(number),
        "customer_id": customer,
        "answered_at": "2026-01-05",
        "question": "nps",
        "score": 9,
    }


@pytest.mark.parametrize(
    ("spend", "months"),
    [
        ([spent("2026-01-01", "2026-06-30")], 0),
        ([spent("2026-01-01", "2026-01-31"), spent("2026-04-30", "2026-06-01")], 2),
        ([spent("2026-03-31", "2026-03-01")], 3),
        ([], 0),
    ],
)
def test_months_without_spend_are_counted(spend: list[dict[str, Any]], months: int) -> None:
    what = found(spend=spend).get("months_without_spend")

    assert (what is None) == (months == 0)
    assert what is None or what.endswith(f"some: {months}.")


@pytest.mark.parametrize(("named", "told"), [(14, True), (15, False)])
def test_answers_of_nobody_are_told_where_they_are_most(named: int, told: bool) -> None:
    answers = [answer(number, "a" if number < named else None) for number in range(30)]

    what = found(responses=answers).get("answers_of_nobody")

    assert what == ("16 of 30 answers name no customer." if told else None)


@pytest.mark.parametrize(("silent", "told"), [(7, True), (6, False)])
def test_requests_without_answer_are_told(silent: int, told: bool) -> None:
    tickets = [
        {
            "ticket_id": str(number),
            "opened_at": "2026-01-05",
            "answered_at": None if number < silent else "2026-01-06",
        }
        for number in range(30)
    ]

    what = found(tickets=tickets).get("requests_without_answer")

    expected = "7 of 30 requests to customer service are neither answered nor solved."
    assert what == (expected if told else None)


def test_without_any_order_nothing_is_said_of_orders() -> None:
    silent = [answer(number, None) for number in range(30)]
    with kohorte.History.from_records(orders=(), responses=silent) as history:
        found = summary.assess(history)
    assert found.score is None
    assert [one.slug for one in found.findings] == ["answers_of_nobody"]
