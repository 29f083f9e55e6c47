"""What holds on of the last snapshot is what computing it again would find, whatever has changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kohorte import History
from kohorte import history as histories
from stammkunde.insights import everyday, questions, reuse
from stammkunde.insights.reuse import NOTHING, Before, Held, State
from stammkunde.insights.watching import Watched

Records = dict[str, list[dict[str, Any]]]
# Digest, answer and tables of each part, and which parts were not computed again.
Parts = tuple[dict[str, tuple[bytes, str]], set[str], State]


def shop() -> Records:
    """A shop of three months with something in every table."""
    chance = random.Random(3)  # noqa: S311  # a seeded game, no secret

    def day(month: int = 0) -> str:
        return f"2026-{month or chance.randint(1, 3):02}-{chance.randint(1, 28):02}"

    who = [str(number) for number in range(1, 13)]
    orders = [
        {"order_id": str(n), "customer_id": chance.choice(who), "placed_at": day(),
         "amount_minor": chance.randint(1000, 9000), "channel": chance.choice(("web", "app"))}
        for n in range(60)
    ]  # fmt: skip
    return {
        "orders": [*orders, {"order_id": "last", "customer_id": "1", "placed_at": "2026-03-30",
                             "amount_minor": 1000, "channel": "web"}],
        "customers": [{"customer_id": each, "country": "DE"} for each in who],
        "order_lines": [
            {"order_id": str(n), "line_number": 1, "product_id": f"P{n % 3}", "product": "Brie",
             "quantity": 1, "amount_minor": orders[n]["amount_minor"]} for n in range(60)
        ],
        "refunds": [{"refund_id": "r", "order_id": "3", "refunded_at": day(3), "amount_minor": 5}],
        "products": [{"product_id": f"P{n}", "product": "Brie", "unit_cost": 3} for n in range(3)],
        "returns": [{"return_id": "w", "order_id": "5", "product_id": "P1", "quantity": 1,
                     "returned_at": day(3), "kind": "return", "reason": "small"}],
        "deliveries": [{"delivery_id": "d", "order_id": "6", "delivered_at": day(3)}],
        "spend": [{"starts_on": "2026-02-01", "ends_on": "2026-02-28", "purpose": "acquisition",
                   "channel": "web", "amount_minor": 9000}],
        "leads": [{"lead_id": "l", "customer_id": "2", "created_at": day(1), "channel": "web",
                   "qualified": True}],
        "responses": [{"response_id": "n", "customer_id": "3", "answered_at": day(2),
                       "question": "nps", "score": 9, "lowest": 0, "highest": 10}],
        "tickets": [{"ticket_id": "t", "customer_id": "4", "opened_at": day(2), "contacts": 1}],
        "subscriptions": [{"subscription_id": "s", "customer_id": "5", "starts_at": day(1),
                           "monthly_minor": 900}],
        "referrals": [{"order_id": "7", "referrer_id": "1"}],
    }  # fmt: skip


@contextmanager
def opened(records: Records) -> Iterator[History]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histories, "Engine", Watched)
        # What is read does not depend on how finely the days are cut.
        patch.setattr(everyday, "GRAINS", ("month", "all"))
        given: dict[str, Any] = records
        with History.from_records(**given) as history:
            yield history


def computed(records: Records, last: Parts | None = None) -> Parts:
    with opened(records) as history:
        now = reuse.state(history)
        before: Before = NOTHING
        if last:
            answers = ((digest, result, read) for digest, (result, read) in last[0].items())
            before = reuse.holding(answers, last[2], now)
        found, held = {}, set()
        for part in everyday.standing(history, before):
            if isinstance(part.found, Held):
                blocks = part.found.blocks
                held.add(f"{part.question.name} {part.question.arguments[:1]}")
            else:
                blocks = reuse.packed(questions.blocks(part.question, part.found))
            for question, block in blocks:
                found[question.digest] = (block, reuse.said(part.tables))
        return found, held, now


@pytest.fixture(scope="module")
def first() -> Parts:
    return computed(shop())


def test_nothing_changed_computes_no_number_again(first: Parts) -> None:
    again, held, _state = computed(shop(), first)
    assert again == first[0]
    assert {name.split()[0] for name in held} >= {"series", "groups", "due", "cohorts", "rfm"}


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"orders": {"placed_at": "2026-04-02"}}, None),
        ({"orders": {"amount_minor": 4321}}, "series ('net_promoter_score',)"),
        ({"customers": {"country": "AT"}}, "due ('',)"),
        ({"order_lines": {"product_id": "P9"}, "leads": {"channel": "app"}}, "due ('',)"),
        ({"refunds": {"amount_minor": 7}, "tickets": {"contacts": 3}}, None),
        ({"products": {"unit_cost": 4}, "responses": {"score": 2}}, "series ('revenue',)"),
        (
            {
                "returns": {"reason": "broken"},
                "deliveries": {"order_id": "7"},
                "referrals": {"referrer_id": "2"},
            },
            "due ('',)",
        ),
        (
            {"spend": {"amount_minor": 8000}, "subscriptions": {"monthly_minor": 1}},
            "groups ('revenue',)",
        ),
    ],
)
def test_after_a_change_all_is_as_computed_anew(
    first: Parts, changes: dict[str, dict[str, Any]], kept: str | None
) -> None:
    records = shop()
    for table, change in changes.items():
        records[table][0] |= change
    again, held, _state = computed(records, first)
    assert again == computed(records)[0]
    assert kept is None or kept in held
