"""Customers on their way in, what they said about consent, and their rights."""

from __future__ import annotations

from typing import Any

import pytest

from api.conftest import MakeProgram, told
from stammkunde.core.audit.models import Event
from stammkunde.core.jobs.models import Job
from stammkunde.core.jobs.worker import Worker
from stammkunde.faces.api.models import Answered
from stammkunde.records.consent.models import Fact, Proof
from stammkunde.records.customers.models import Customer, Merge
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

ANNA = {"number": "17", "email": "Anna@Example.com", "name": "Anna Ahorn", "country": "DE"}
ORDER = {"placed_at": "2026-01-05T10:00:00Z", "amount_minor": 1000, "customer": ANNA}
GRANT: dict[str, Any] = {
    "number": "17", "purpose": "marketing", "channel": "email", "state": "given",
    "address": "anna@example.com", "source": "checkout", "wording": "Ja, gern.",
    "proof": {"link": "confirmed"}, "at": "2026-01-05T10:00:00Z",
}  # fmt: skip


@pytest.mark.django_db
class TestCustomers:
    def test_one_is_recorded_called_otherwise_and_stays_one(
        self, cast: Cast, program: MakeProgram
    ) -> None:
        asking = program(cast.cheese)
        made = told(asking.ask("POST", "/customers", ANNA), 201)
        again = told(asking.ask("POST", "/customers", ANNA))
        renamed = told(asking.ask("POST", "/customers", {"number": "17", "name": "Anna Birke"}))

        assert [each["outcome"] for each in (made, again, renamed)] == [
            "created", "unchanged", "changed",
        ]  # fmt: skip
        found = asking.get(f"/customers/{made['id']}")
        assert (found["name"], found["email"]) == ("Anna Birke", "anna@example.com")
        assert {key["kind"] for key in found["known_by"]} == {"number", "email"}

    def test_a_batch_tells_of_each(self, cast: Cast, program: MakeProgram) -> None:
        rows = [ANNA, {"name": "Nobody"}, {"number": "18"}, {"number": "17", "colour": 1}]
        found = told(program(cast.cheese).ask("POST", "/customers/batch", {"rows": rows}))

        assert [each["outcome"] for each in found["rows"]] == [
            "created", "refused", "created", "refused",
        ]  # fmt: skip
        assert found["rows"][1]["problem"]["errors"][0]["pointer"] == "/rows/1/number"
        assert found["rows"][3]["problem"]["errors"][0]["pointer"] == "/rows/3/colour"

    def test_an_address_that_two_numbers_share_joins_them_with_their_orders(
        self, cast: Cast, program: MakeProgram
    ) -> None:
        asking = program(cast.cheese)
        told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)
        told(asking.ask("PUT", "/orders/shop/A2", {**ORDER, "customer": {"number": "18"}}), 201)
        told(asking.ask("POST", "/customers", {"number": "18", "email": "anna@example.com"}))

        assert Customer.objects.get(merged_into=None).orders == 2

    def test_two_are_joined_by_hand_and_parted_again(
        self, cast: Cast, program: MakeProgram
    ) -> None:
        asking = program(cast.cheese)
        ids = [told(asking.ask("POST", "/customers", {"number": n}), 201)["id"] for n in "12"]
        made = told(asking.ask("POST", f"/customers/{ids[0]}/merges", {"gone_id": ids[1]}), 201)
        assert asking.get(f"/customers/{ids[1]}")["id"] == ids[0]
        told(asking.ask("POST", f"/merges/{made['id']}/undoing"))
        assert asking.get(f"/customers/{ids[1]}")["id"] == ids[1]
        assert Merge.objects.get().undone_at
        again = told(asking.ask("POST", f"/merges/{made['id']}/undoing"), 409)
        assert again["type"].endswith("merge.is_undone")


@pytest.mark.django_db
class TestConsent:
    def test_a_grant_holds_until_it_is_withdrawn(self, cast: Cast, program: MakeProgram) -> None:
        asking = program(cast.cheese)
        customer = told(asking.ask("POST", "/customers", ANNA), 201)["id"]
        told(asking.ask("POST", "/consents", GRANT), 201)
        current = f"/customers/{customer}/consents/current"
        assert asking.get(current)["data"] == [
            {"purpose": "marketing", "channel": "email", "holds": True}
        ]
        by_address = {name: value for name, value in GRANT.items() if name not in ("number", "at")}
        told(asking.ask("POST", "/consents", {**by_address, "state": "withdrawn"}), 201)

        assert asking.get(current)["data"][0]["holds"] is False
        facts = asking.get(f"/customers/{customer}/consents")["data"]
        assert [fact["state"] for fact in facts] == ["withdrawn", "given"]
        assert facts[1]["wording"] == "Ja, gern."

    def test_what_proves_nothing_counts_for_nothing(self, cast: Cast, program: MakeProgram) -> None:
        asking = program(cast.cheese)
        told(asking.ask("POST", "/customers", ANNA), 201)
        rows = [
            GRANT, {**GRANT, "proof": None}, {**GRANT, "at": "2190-01-01T00:00:00Z"},
            {**GRANT, "number": "99"}, {**GRANT, "purpose": "spam"},
        ]  # fmt: skip
        found = told(asking.ask("POST", "/consents/batch", {"rows": rows}))

        assert (found["created"], found["refused"]) == (1, 4)
        names = [
            each["problem"] and each["problem"]["type"].split(":")[-1] for each in found["rows"]
        ]
        assert names == [
            None, "consent.unproved", "consent.future", "customer.unknown", "row.invalid",
        ]  # fmt: skip
        assert Fact.objects.count() == 1


@pytest.mark.django_db
def test_everything_about_a_person_is_handed_out_and_noted(
    cast: Cast, program: MakeProgram
) -> None:
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/A1", ORDER), 201)
    customer = Customer.objects.get().pk
    assert asking.get(f"/customers/{customer}/export")["person"]["name"] == "Anna Ahorn"
    page = asking.ask("GET", f"/customers/{customer}/export?form=html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Anna Ahorn" in page.content.decode()
    assert Event.objects.filter(name="customer.exported", actor_kind="token").count() == 2


def test_an_erasure_forgets_the_person_and_no_list_brings_them_back(
    own_store: Store, program: MakeProgram
) -> None:
    cast = make_cast()
    asking = program(cast.cheese)
    told(asking.ask("PUT", "/orders/shop/A1", ORDER, key="k1"), 201)
    told(asking.ask("POST", "/consents", GRANT, key="k2"), 201)
    customer = Customer.objects.get().pk
    started = told(asking.ask("POST", f"/customers/{customer}/erasure", key="k3"), 202)
    assert asking.get(f"/jobs/{started['id']}")["state"] == "waiting"
    Worker(threads=1).drain()

    assert asking.get(f"/jobs/{started['id']}")["state"] == "done", Job.objects.get().error
    assert asking.get(f"/customers/{customer}")["name"] == ""
    assert not Proof.objects.exists()
    assert "nna" not in " ".join(str(vars(each)) for each in Answered.objects.all())
    for said in (ANNA, {"email": "anna@example.com"}):
        assert told(asking.ask("POST", "/customers", said)) == {"id": None, "outcome": "erased"}
    told(asking.ask("PUT", "/orders/shop/A2", ORDER), 201)
    assert asking.get("/orders/shop/A2")["customer_id"] is None
    again = told(asking.ask("POST", f"/customers/{customer}/erasure", key="k4"), 409)
    assert again["type"].endswith("customer.is_erased")
