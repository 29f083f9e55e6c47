"""Tables beside the orders for the second engine: enough rows that every relation has something to say."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

Record = dict[str, Any]
START = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)


def tables(orders: list[Record]) -> dict[str, list[Record]]:
    """Return all tables beside the orders of a shop of three years."""
    chance = random.Random(42)  # noqa: S311 - a shop, not a secret
    people = sorted({order["customer_id"] for order in orders if order["customer_id"]})

    def moment() -> dt.datetime:
        return START + dt.timedelta(minutes=chance.randrange(1_100 * 1_440))

    def somebody() -> str | None:
        return chance.choice([*people, "nobody", None])

    return {
        "products": [
            {"product_id": f"P{n}", "unit_cost": Decimal(n + 1), "category": "AB"[n % 2]}
            for n in range(4)
        ],
        "subscriptions": _contracts(chance, people),
        "responses": [
            {
                "response_id": str(n),
                "customer_id": somebody(),
                "answered_at": moment(),
                "question": chance.choice(["nps", "csat", "ces", "leaving"]),
                "score": Decimal(chance.randrange(0, 12)),
                "lowest": Decimal(1) if n % 3 else None,
                "highest": Decimal(5) if n % 3 else None,
                "weight": chance.choice([None, 0.5, 2.0]),
                "ticket_id": "t1" if n % 5 == 0 else None,
                "answer": ("Found it cheaper", " found it CHEAPER", "", None)[n % 4],
            }
            for n in range(600)
        ],
        "spend": _spend(chance),
        "leads": [
            {
                "lead_id": str(n),
                "created_at": moment(),
                "channel": chance.choice(["search", "mail", None]),
                "qualified": chance.random() < 0.8,
                "customer_id": somebody(),
            }
            for n in range(300)
        ],
        "tickets": [_ticket(chance, str(n), moment(), somebody()) for n in range(300)],
        "referrals": [
            {"order_id": order["order_id"], "referrer_id": somebody()}
            for order in orders
            if chance.random() < 0.1
        ],
        "returns": [
            {
                "return_id": order["order_id"],
                "order_id": order["order_id"],
                "quantity": Decimal(1),
                "returned_at": order["placed_at"] + dt.timedelta(days=chance.randrange(50)),
                "kind": chance.choice(["return", "return", "cancellation"]),
                "reason": chance.choice(["too small", "broken", None]),
            }
            for order in orders
            if chance.random() < 0.15
        ],
        "deliveries": [
            {
                "delivery_id": order["order_id"],
                "order_id": order["order_id"],
                "shipped_at": order["placed_at"] + dt.timedelta(days=1),
                "delivered_at": order["placed_at"] + dt.timedelta(days=chance.randrange(1, 9)),
                "promised_at": chance.choice([None, order["placed_at"] + dt.timedelta(days=4)]),
            }
            for order in orders
            if chance.random() < 0.5
        ],
    }


def _contracts(chance: random.Random, people: list[str]) -> list[Record]:
    contracts = []
    for number in range(200):
        starts = START + dt.timedelta(days=chance.randrange(900))
        due = starts + dt.timedelta(days=90)
        ends = chance.choice([None, due, starts + dt.timedelta(days=chance.randrange(200))])
        contracts.append(
            {
                "subscription_id": str(number % 150),
                "customer_id": people[number % 150 % len(people)],
                "starts_at": starts,
                "due_at": chance.choice([None, due]),
                "ends_at": ends,
                "monthly_minor": chance.randrange(100, 9_999),
                "reason": ("too dear", "Umzug", None)[number % 3],
            }
        )
    return contracts


def _spend(chance: random.Random) -> list[Record]:
    expenses = []
    for number in range(120):
        day = START.date() + dt.timedelta(days=9 * number)
        expenses.append(
            {
                "starts_on": day,
                "ends_on": day + dt.timedelta(days=chance.randrange(40)),
                "purpose": chance.choice(["acquisition", "retention", "sales", "service"]),
                "channel": chance.choice(["search", "mail", None]),
                "amount_minor": chance.randrange(1, 99_999),
            }
        )
    return expenses


def _ticket(
    chance: random.Random, number: str, opened: dt.datetime, customer: str | None
) -> Record:
    answered = opened + dt.timedelta(minutes=chance.randrange(1, 4_000))
    solved = answered + dt.timedelta(minutes=chance.randrange(9_000))
    return {
        "ticket_id": number,
        "customer_id": customer,
        "opened_at": opened,
        "answered_at": chance.choice([answered, answered, None]),
        "solved_at": chance.choice([solved, None]),
        "contacts": chance.choice([1, 2, None]),
        "reason": ("Where is it?", "Größe", None)[int(number) % 3],
    }
