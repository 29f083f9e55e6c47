"""Orders through the interface: one, many, read again, and the same as in a file."""

from __future__ import annotations

from typing import Any

import pytest

from api.conftest import MakeProgram, told
from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders.models import Order, Refund, Version
from stores_and_cast import Cast  # type: ignore[import-not-found]

ANNA = {"number": "17", "email": "Anna@Example.com", "name": "Anna Ahorn", "country": "DE"}
ORDER: dict[str, Any] = {
    "placed_at": "2026-01-05T10:00:00+01:00",
    "amount_minor": 1000,
    "customer": ANNA,
    "lines": [{"product": "Brie", "quantity": "1", "amount_minor": 1000}],
}

pytestmark = pytest.mark.django_db


def test_an_order_is_recorded_changed_and_found_as_it_is(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)

    made = told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)
    again = told(asking.ask("PUT", "/orders/shop/A1", ORDER))
    changed = told(asking.ask("PUT", "/orders/shop/A1", {**ORDER, "state": "cancelled"}))

    assert [each["outcome"] for each in (made, again, changed)] == [
        "created", "unchanged", "changed",
    ]  # fmt: skip
    assert {each["id"] for each in (made, again, changed)} == {Order.objects.get().pk}
    found = asking.get("/orders/shop/A1")
    assert (found["placed_at"], found["state"]) == ("2026-01-05T09:00:00Z", "cancelled")
    assert [line["product"] for line in found["lines"]] == ["Brie"]
    assert found["lines"][0]["quantity"] == "1.000"
    customer = Customer.objects.get()
    assert (found["customer_id"], customer.email, customer.orders) == (
        customer.pk, "anna@example.com", 0,
    )  # fmt: skip
    event = Event.objects.filter(name="order.recorded").get()
    assert (event.actor_kind, event.actor_id) == ("token", asking.token.pk)


def test_a_number_may_hold_a_slash(cast: Cast, program: MakeProgram) -> None:
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/2026%2F17", ORDER), 201)

    assert asking.get("/orders/shop/2026%2F17")["number"] == "2026/17"


def test_a_batch_tells_of_each_row_and_a_bad_one_spares_the_others(
    cast: Cast, program: MakeProgram
) -> None:
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)
    sent = [
        {**ORDER, "number": "A1"},
        {**ORDER, "number": "A2"},
        {**ORDER, "number": "A2"},
        {**ORDER, "number": "A3", "amount_minor": -5, "colour": "red"},
        {**ORDER, "number": "A4", "currency": "USD"},
        "no order",
    ]

    found = told(asking.ask("POST", "/orders/batch", {"rows": sent}))

    assert [row["outcome"] for row in found["rows"]] == [
        "unchanged", "created", "refused", "refused", "refused", "refused",
    ]  # fmt: skip
    assert (found["created"], found["unchanged"], found["refused"]) == (1, 1, 4)
    assert [each["pointer"] for each in found["rows"][3]["problem"]["errors"]] == [
        "/rows/3/amount_minor",
        "/rows/3/colour",
    ]
    assert found["rows"][4]["problem"]["errors"][0]["pointer"] == "/rows/4/currency"
    assert Order.objects.count() == 2
    assert Customer.objects.get().orders == 2


def test_a_batch_has_at_most_five_hundred_rows_and_at_least_one(
    cast: Cast, program: MakeProgram
) -> None:
    asking = program(cast.cheese)
    for rows_ in ([], [{**ORDER, "number": str(n)} for n in range(501)]):
        found = told(asking.ask("POST", "/orders/batch", {"rows": rows_}), 422)
        assert [each["pointer"] for each in found["errors"]] == ["/rows"]
    assert not Order.objects.exists()


def test_many_at_once_and_one_by_one_leave_the_same(cast: Cast, program: MakeProgram) -> None:
    sent = [
        {**ORDER, "number": "A1"},
        {**ORDER, "number": "A2", "customer": {"number": "18"}},
        {**ORDER, "number": "A3", "customer": {"email": "ben@example.com"}},
        {**ORDER, "number": "A4", "customer": {"number": "18", "email": "ben@example.com"}},
    ]
    told(program(cast.cheese).ask("POST", "/orders/batch", {"rows": sent}))
    asking = program(cast.tea)
    for row in sent:
        body = {name: value for name, value in row.items() if name != "number"}
        told(asking.ask("PUT", f"/orders/shop/{row['number']}", body), 201)

    def state(shop: Any) -> list[Any]:
        found = Customer.objects.filter(shop=shop, merged_into=None).order_by("number")
        return list(found.values_list("number", "email", "orders", "revenue_minor"))

    assert state(cast.cheese) == state(cast.tea)
    assert [row[2] for row in state(cast.cheese)] == [1, 3]


def test_the_same_order_in_a_file_is_no_change(cast: Cast, program: MakeProgram) -> None:
    told(program(cast.cheese).ask("PUT", "/orders/shop/A1", ORDER), 201)
    import_ = imported(
        cast.cheese,
        rows("A1;05.01.2026 10:00;17;anna@example.com;Anna Ahorn;10,00;bezahlt;Brie;1"),
    )
    assert import_.counts["same"] == {"orders": 1}


def test_a_refund_that_names_nobody_belongs_to_who_ordered(
    cast: Cast, program: MakeProgram
) -> None:
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)
    refund = {"order_number": "A1", "refunded_at": "2026-01-09T10:00:00Z", "amount_minor": 400}
    told(asking.ask("PUT", "/refunds/shop/R1", refund), 201)

    assert Refund.objects.get().customer == Customer.objects.get()
    assert Customer.objects.get().refunded_minor == 400


def test_a_row_is_taken_back_and_comes_back_when_it_is_recorded_again(
    cast: Cast, program: MakeProgram
) -> None:
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)

    outcomes = [told(asking.ask("DELETE", "/orders/shop/A1"))["outcome"] for _ in range(2)]

    assert outcomes == ["deleted", "unchanged"]
    assert asking.get("/orders/shop/A1")["is_deleted"] is True
    assert (Customer.objects.get().orders, Version.objects.count()) == (0, 1)
    assert told(asking.ask("PUT", "/orders/shop/A1", ORDER))["outcome"] == "changed"
    assert Customer.objects.get().orders == 1


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("products", {"product": "Brie", "unit_cost": "2.5"}),
        ("spend", {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "purpose": "retention",
                   "amount_minor": 100}),
        ("leads", {"created_at": "2026-01-05T10:00:00Z", "qualified": True, "customer": ANNA}),
        ("subscriptions", {"subscription_id": "V1", "starts_at": "2026-01-05T10:00:00Z",
                           "monthly_minor": 900, "customer": ANNA}),
        ("responses", {"answered_at": "2026-01-05T10:00:00Z", "question": "nps", "score": 9,
                       "lowest": 0, "highest": 10, "weight": 1.5, "customer": ANNA}),
        ("tickets", {"opened_at": "2026-01-05T10:00:00Z", "contacts": 1, "customer": ANNA}),
        ("referrals", {"order_number": "A1", "customer": ANNA}),
        ("returns", {"order_number": "A1", "returned_at": "2026-01-05T10:00:00Z",
                     "kind": "return", "quantity": 1}),
        ("deliveries", {"order_number": "A1", "shipped_at": "2026-01-05T10:00:00Z",
                        "delivered_at": "2026-01-07T10:00:00Z",
                        "promised_at": "2026-01-06T10:00:00Z"}),
    ],
)  # fmt: skip
def test_every_kind_is_recorded_and_read_again(
    cast: Cast, program: MakeProgram, kind: str, said: dict[str, Any]
) -> None:
    asking = program(cast.cheese)
    told(asking.ask("PUT", f"/{kind}/shop/K1", said), 201)
    assert told(asking.ask("PUT", f"/{kind}/shop/K1", said))["outcome"] == "unchanged"

    (found,) = asking.get(f"/{kind}")["data"]
    assert found == asking.get(f"/{kind}/shop/K1")
    for name in said.keys() - {"customer"}:
        assert found[name] is not None
    if "customer" in said:
        assert found["customer_id"] == Customer.objects.get().pk
    assert told(asking.ask("DELETE", f"/{kind}/shop/K1"))["outcome"] == "deleted"
