"""The ledger for programs: one story through every verb, each booked once under its key."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from api.conftest import MakeProgram, Program, told
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.features.wallets.models import Wallet
from stammkunde.flows import customers_merged
from stammkunde.ledger.models import Account, Entry
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
UNIT = {"code": "points", "name": "Punkte", "four_eyes_above": 100}
AT = "2026-01-05T10:00:00Z"


@pytest.fixture
def shop(cast: Cast, program: MakeProgram) -> Program:
    """Return a program of Käsehaus, which counts points."""
    found = program(cast.cheese)
    told(found.ask("POST", "/units", UNIT), 201)
    return found


@pytest.fixture
def anna(cast: Cast) -> int:
    return int(Customer.objects.create(shop=cast.cheese, name="Anna Ahorn").pk)


def book(shop: Program, verb: str, body: Any, key: str, status: int = 200) -> Any:
    return told(shop.ask("POST", f"/units/points/{verb}", body, key=key), status)


def test_a_story_from_earning_to_statement(shop: Program, anna: int) -> None:
    lines = [{"source": "order:1/line:1", "amount": 100, "quantity": 2},
             {"source": "order:1/line:2", "amount": 50}]  # fmt: skip
    earned = book(shop, "earn", {"customer_id": anna, "lines": lines, "effective_at": AT}, "e1")
    soon = (clock.now() + dt.timedelta(days=1)).isoformat()
    held = book(shop, "holds", {"customer_id": anna, "amount": 60, "source": "order:2",
                                "expires_at": soon}, "h1")  # fmt: skip
    book(shop, f"holds/{held['hold_id']}/capture", {"amount": 40}, "c1")
    book(shop, "spend", {"customer_id": anna, "amount": 10, "source": "order:3"}, "s1")
    book(shop, "return", {"lines": [{"source": "order:1/line:1", "quantity": 1}]}, "r1")

    assert earned["balances"] == {"pending": 0, "available": 150, "held": 0, "debt": 0}
    assert shop.get(f"/units/points/balances?customer_id={anna}") == {
        "pending": 0, "available": 50, "held": 0, "debt": 0,
    }  # fmt: skip
    statement = shop.get(f"/units/points/statement?customer_id={anna}")
    assert [(line["kind"], line["amount"]) for line in statement["lines"]] == [
        ("earn", 150), ("hold", 0), ("capture", -40), ("spend", -10), ("return", -50),
    ]  # fmt: skip
    assert (statement["opening"], statement["closing"]) == (0, 50)
    rolled = shop.get("/units/points/roll-forward")
    assert (rolled["opened"], rolled["closed"], rolled["rest"]) == (0, 50, 0)
    assert {name: each for name, each in rolled["doors"].items() if each} == {
        "issued": 150, "redeemed": -50, "clawed_back": -50,
    }  # fmt: skip
    (hold,) = shop.get("/units/points/holds")["data"]
    assert (hold["state"], hold["amount"], hold["customer_id"]) == ("captured", 60, anna)
    assert (
        sum(lot["available"] for lot in shop.get(f"/units/points/lots?customer_id={anna}")["data"])
        == 50
    )


def test_the_ledger_knows_customers_by_a_key_that_says_nothing(shop: Program, anna: int) -> None:
    body = {"customer_id": anna, "lines": [{"source": "order:1", "amount": 5}]}
    book(shop, "earn", body, "e1")

    owners = set(Account.objects.filter(owner_kind="customer").values_list("owner_id", flat=True))
    assert owners == {Wallet.objects.get(customer_id=anna).key}
    assert shop.get(f"/units/points/balances?customer_id={anna}")["available"] == 5
    by_hand = {"owner": {"kind": "customer", "id": "x"}, "lines": body["lines"]}
    assert shop.ask("POST", "/units/points/earn", by_hand, key="e2").status_code == 422


def test_a_key_books_once_and_is_needed(
    shop: Program, anna: int, cast: Cast, program: MakeProgram
) -> None:
    body = {"customer_id": anna, "lines": [{"source": "order:1", "amount": 5}]}
    first = book(shop, "earn", body, "e1")
    entries = Entry.objects.count()

    assert book(shop, "earn", body, "e1") == first
    # Another program, or the same after the answers were forgotten, names no time either.
    again = book(program(cast.cheese), "earn", body, "e1")
    assert (again["transaction_id"], again["replayed"]) == (first["transaction_id"], True)
    assert Entry.objects.count() == entries
    other = program(cast.cheese)
    problem = book(
        other, "earn", {**body, "lines": [{"source": "order:1", "amount": 6}]}, "e1", 409
    )
    assert problem["type"].endswith("ledger.key_reused")
    assert told(shop.ask("POST", "/units/points/earn", body), 422)["type"].endswith("key.missing")


def test_what_cannot_be_booked_is_a_problem_and_books_nothing(shop: Program, anna: int) -> None:
    problem = book(
        shop, "spend", {"customer_id": anna, "amount": 1, "source": "order:1"}, "s1", 409
    )

    assert problem["type"].endswith("ledger.not_enough")
    assert Entry.objects.count() == 0
    assert book(shop, "cancel", {"source": "order:9"}, "c1", 404)["type"].endswith("unknown_source")
    assert (
        told(shop.ask("GET", "/units/points/balances"), 422)["errors"][0]["pointer"]
        == "/customer_id"
    )


def test_who_is_merged_has_what_both_had_and_parts_with_it_again(shop: Program, cast: Cast) -> None:
    anna, gone = (
        int(json.loads(shop.ask("POST", "/customers", {"number": number}).content)["id"])
        for number in ("K1", "K2")
    )
    for number, who in enumerate((anna, gone), 1):
        lines = [{"source": f"order:{number}", "amount": 10 * number}]
        book(shop, "earn", {"customer_id": who, "lines": lines}, f"e{number}")

    def available(who: int) -> int:
        return int(shop.get(f"/units/points/balances?customer_id={who}")["available"])

    made = customers_merged.merge(cast.cheese, kept_id=anna, gone_id=gone, actor=COMMAND)
    assert (available(anna), available(gone)) == (30, 30)
    customers_merged.part(cast.cheese, made.pk, actor=COMMAND)
    assert (available(anna), available(gone)) == (10, 20)


def test_a_large_correction_waits_for_another_token(
    shop: Program, anna: int, cast: Cast, program: MakeProgram
) -> None:
    body = {"customer_id": anna, "amount": 500, "reason": "lost parcel"}
    proposed = book(shop, "adjust", body, "a1")
    address = f"/units/points/proposals/{proposed['proposal_id']}/approval"

    assert shop.get(f"/units/points/balances?customer_id={anna}")["available"] == 0
    assert told(shop.ask("POST", address), 403)["type"].endswith("ledger.needs_second_person")
    assert told(program(cast.cheese).ask("POST", address))["balances"]["available"] == 500
    (shown,) = shop.get("/units/points/proposals")["data"]
    assert (shown["state"], shown["customer_id"]) == ("approved", anna)


def test_liability_and_audit_are_reckoned_in_the_background(shop: Program) -> None:
    for path in ("/units/points/liability", "/ledger/audit"):
        assert shop.ask("GET", path).status_code == 404
        job = told(shop.ask("POST", path), 202)
        assert json.loads(shop.ask("GET", f"/jobs/{job['id']}").content)["state"] == "waiting"
