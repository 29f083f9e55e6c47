"""Lists read page by page: every row once, in order, whatever is added meanwhile."""

from __future__ import annotations

import random
from typing import Any

import pytest

from api.conftest import MakeProgram, told
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
ORDER = {"placed_at": "2026-01-05T10:00:00Z", "amount_minor": 1}


def record(asking: Any, numbers: range) -> None:
    rows = [{**ORDER, "number": str(n), "customer": {"number": str(n % 9)}} for n in numbers]
    told(asking.ask("POST", "/orders/batch", {"rows": rows}))


@pytest.mark.parametrize("seed", range(3))
def test_rows_come_once_and_in_order_though_others_are_added(
    cast: Cast, program: MakeProgram, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test
    asking = program(cast.cheese)
    record(asking, range(30))
    path, seen, added = f"/orders?limit={chance.randint(1, 7)}&source=shop", [], 30
    while path:
        answer = asking.ask("GET", path)
        page = told(answer)
        seen += [row["number"] for row in page["data"]]
        path = page["next"]
        assert (f'<{path}>; rel="next"' == answer.headers.get("Link")) is bool(path)
        if added < 60 and chance.random() < 0.5:
            record(asking, range(added, added + 3))
            added += 3

    assert seen == [str(n) for n in range(added)]


@pytest.mark.parametrize(
    "sort", ["name", "-name", "last_order", "-last_order", "orders", "-revenue", "-id"]
)
def test_customers_come_once_by_any_order(cast: Cast, program: MakeProgram, sort: str) -> None:
    asking = program(cast.cheese)
    record(asking, range(12))
    for n in range(5):
        Customer.objects.create(shop=cast.cheese, name=f"Nobody {n % 2}")
    whole = asking.get(f"/customers?limit=200&sort={sort}")["data"]
    path, seen = f"/customers?limit=3&sort={sort}", []
    while path:
        page = asking.get(path)
        seen += page["data"]
        path = page["next"]

    assert len(whole) == 14
    assert seen == whole


def test_a_cursor_is_good_for_its_own_list_only(cast: Cast, program: MakeProgram) -> None:
    asking, stranger = program(cast.cheese), program(cast.tea)
    record(asking, range(5))
    cursor = asking.get("/orders?limit=2")["next"].split("cursor=")[1].split("&")[0]

    assert asking.ask("GET", f"/orders?cursor={cursor}").status_code == 200
    for who, path in (
        (asking, f"/refunds?cursor={cursor}"),
        (asking, f"/orders?cursor={cursor}x"),
        (stranger, f"/orders?cursor={cursor}"),
    ):
        assert told(who.ask("GET", path), 422)["type"].endswith("cursor.unknown")


def test_customers_are_found_by_words_and_conditions(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    record(asking, range(12))
    told(asking.ask("POST", "/customers", {"number": "99", "name": "Änne Müller"}), 201)

    assert [each["number"] for each in asking.get("/customers?q=mueller")["data"]] == ["99"]
    assert len(asking.get("/customers?where=orders+%3E%3D+2")["data"]) == 3
    assert asking.get("/customers?where=orders+%3E%3D+99")["data"] == []


def test_what_changed_since_is_found(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    record(asking, range(2))
    at = asking.get("/orders/shop/1")["changed_at"]
    told(asking.ask("PUT", "/orders/shop/0", {**ORDER, "state": "cancelled"}))
    found = asking.get(f"/orders?changed_since={at}")["data"]
    assert "0" in {each["number"] for each in found}


def test_the_timeline_is_read_page_by_page(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    rows = [
        {
            "number": str(n),
            "placed_at": f"2026-01-{n + 1:02}T10:00:00Z",
            "customer": {"number": "1"},
        }
        for n in range(9)
    ]
    told(asking.ask("POST", "/orders/batch", {"rows": rows}))
    path, seen = f"/customers/{Customer.objects.get().pk}/timeline?limit=4", []
    while path:
        page = asking.get(path)
        seen += [each["data"]["number"] for each in page["data"]]
        path = page["next"]
    assert seen == [str(n) for n in reversed(range(9))]
