"""The pages of one customer: what happened, merges and their undoing, and the customer's rights."""

from __future__ import annotations

import datetime as dt
import json
import re
import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.worker import Worker
from stammkunde.core.people.models import Person
from stammkunde.core.shops.models import Shop
from stammkunde.flows import customers_merged
from stammkunde.records.customers import rules, services
from stammkunde.records.customers.identity import About
from stammkunde.records.customers.models import Customer, Merge
from stammkunde.records.orders import queries
from stammkunde.records.orders import services as orders
from stammkunde.records.orders.models import (
    Delivery,
    Lead,
    Order,
    OrderLine,
    Refund,
    Response,
    Return,
    Ticket,
)
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
PASSWORD = "a sentence only Olga thinks of"  # noqa: S105 - of people who do not exist


def known(shop: Shop, number: str, email: str, name: str) -> tuple[int | None, int | None]:
    """Let a shop know somebody by number and address; return key and customer."""
    said = [rules.number(number, source="shop"), rules.email(email)]
    return services.know(shop, [key for key in said if key], about=About(name=name), actor=COMMAND)


def ordered(shop: Shop, who: tuple[int | None, int | None], number: str, day: int, amount: int,
            *products: str, state: str = "counted") -> None:  # fmt: skip
    """Let somebody order on a day of January."""
    order = Order.objects.create(
        shop=shop, source="shop", hash="", external_id=number, key_id=who[0], customer_id=who[1],
        placed_at=dt.datetime(2026, 1, day, 10, tzinfo=dt.UTC), currency="EUR",
        amount_minor=amount, state=state,
    )  # fmt: skip
    for line, product in enumerate(products, 1):
        OrderLine.objects.create(order=order, line_number=line, product=product, quantity=1)
    orders.count(shop.pk, {who[1] or 0}, zone=shop.zone)


@pytest.fixture
def anna(cast: Cast) -> Customer:
    anna = known(cast.cheese, "17", "anna@example.com", "Anna Ahorn")
    ordered(cast.cheese, anna, "A1", 5, 1000, "Gouda")
    ordered(cast.cheese, anna, "A2", 9, 2000, "Brie", "Feta")
    ordered(cast.cheese, anna, "A3", 29, 3000, "Feta", state="cancelled")
    ben = known(cast.cheese, "18", "ben@example.com", "Ben Birke")
    ordered(cast.cheese, ben, "B17", 9, 3000, "Gouda")
    return Customer.objects.get(shop=cast.cheese, number="17")


def at(customer: Customer, rest: str = "") -> str:
    return f"/kaesehaus/customers/{customer.pk}/{rest}"


def beside(shop: Shop, customer: Customer) -> None:
    """Let everything happen to a customer that can, at one instant."""
    noon = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
    said: Any = {"shop": shop, "source": "shop", "hash": ""}
    own: Any = {**said, "customer": customer}
    Refund.objects.create(**own, external_id="R", refunded_at=noon, amount_minor=500)
    Return.objects.create(
        **said,
        external_id="R",
        order_number="A1",
        returned_at=noon,
        kind="return",
        reason="too old",
    )
    Ticket.objects.create(**own, external_id="T", opened_at=noon, reason="Where is it?")
    Response.objects.create(
        **own, external_id="S", answered_at=noon, question="nps", score=9, highest=10, answer="Fine"
    )
    Lead.objects.create(**own, external_id="L", created_at=noon, channel="fair", qualified=True)


class TestWhatHappened:
    def test_the_head_tells_what_matters(self, cast: Cast, as_: SignIn, anna: Customer) -> None:
        page = as_(cast.olga).get(at(anna)).content.decode()

        found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)(?:<|$)", page)
        assert dict(found) == {
            "Orders": "2",
            "Revenue": "€30.00",
            "Order value": "€15.00",
            "Usual gap": "4 days",
            "First order": "5 Jan 2026",
            "Last order": "9 Jan 2026",
        }

    def test_everything_stands_on_it_newest_first(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        beside(cast.cheese, anna)

        page = as_(cast.olga).get(at(anna)).content.decode()

        what = re.findall(r'class="what"><strong>(.*?)</strong>', page)
        assert what[5:] == ["Order A3, cancelled", "Order A2", "Order A1"]
        assert sorted(what[:5]) == [
            "Answered: would recommend the shop",
            "Asked customer service",
            "First showed interest",
            "Refund",
            "Return",
        ]
        assert "9 of 10" in page
        assert "Order B17" not in page

    def test_the_usual_gap_is_a_median_of_whole_days(self, cast: Cast, anna: Customer) -> None:
        who = (None, anna.pk)
        ordered(cast.cheese, who, "A4", 9, 100)  # the day of another one
        ordered(cast.cheese, who, "A5", 14, 100)

        assert queries.usual_gap(cast.cheese, anna) == 5  # of 4 and 5

    @pytest.mark.parametrize("size", [1, 2, 3])
    def test_paging_shows_every_moment_once(self, cast: Cast, anna: Customer, size: int) -> None:
        beside(cast.cheese, anna)
        whole, more = queries.moments(anna, size=50)

        seen, after, has_more = [], None, True
        while has_more:
            some, has_more = queries.moments(anna, size=size, after=after)
            seen += some
            after = some[-1].mark

        assert not more
        assert [one.mark for one in seen] == [one.mark for one in whole]
        assert len(whole) == 8

    def test_orders_show_their_lines(self, cast: Cast, as_: SignIn, anna: Customer) -> None:
        page = as_(cast.olga).get(at(anna, "orders/")).content.decode()

        assert page.count('class="lines"') == 3
        assert "Brie" in page
        assert '<span class="tag">cancelled</span>' in page

    def test_somebody_without_orders_has_a_page(self, cast: Cast, as_: SignIn) -> None:
        nobody = Customer.objects.create(shop=cast.cheese)
        client = as_(cast.olga)

        assert "Nothing happened yet" in client.get(at(nobody)).content.decode()
        assert "No orders yet" in client.get(at(nobody, "orders/")).content.decode()
        assert client.get(at(nobody, "identity/")).status_code == 200

    def test_a_made_up_mark_shows_the_newest(self, cast: Cast, as_: SignIn, anna: Customer) -> None:
        assert "Order A3" in as_(cast.olga).get(at(anna), {"after": "x"}).content.decode()


class TestIdentity:
    def joined(self, cast: Cast, anna: Customer) -> Merge:
        ben = Customer.objects.get(shop=cast.cheese, number="18")
        return customers_merged.merge(cast.cheese, kept_id=anna.pk, gone_id=ben.pk, actor=COMMAND)

    def test_keys_say_why_and_how_sure(self, cast: Cast, as_: SignIn, anna: Customer) -> None:
        page = as_(cast.sven).get(at(anna, "identity/")).content.decode()

        assert "anna@example.com" in page
        assert "100%" in page

    def test_joining_asks_first(self, cast: Cast, as_: SignIn, anna: Customer) -> None:
        ben = Customer.objects.get(shop=cast.cheese, number="18")
        client = as_(cast.mara)

        assert "one person?" in client.get(at(anna, f"join/{ben.pk}/")).content.decode()
        assert not Merge.objects.filter(rule="by_hand").exists()
        assert client.post(at(anna, f"join/{ben.pk}/")).status_code == 302

        anna.refresh_from_db()
        assert anna.orders == 3
        assert client.get(at(ben)).headers["Location"] == at(anna)

    def test_undoing_brings_back_exactly_the_others_orders(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        merge = self.joined(cast, anna)
        client = as_(cast.sven)
        path = at(anna, f"merges/{merge.pk}/undo/")

        assert "Undo …" in client.get(at(anna, "identity/")).content.decode()
        assert "two customers" in client.get(path).content.decode()
        assert client.post(path).status_code == 302

        anna.refresh_from_db()
        assert anna.orders == 2
        assert Order.objects.get(external_id="B17").customer_id == merge.gone_id
        assert client.post(path).status_code == 404  # the second click

    def test_a_merge_of_another_shop_is_not_undone(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        merge = self.joined(cast, anna)
        tilo = Customer.objects.create(shop=cast.tea)

        answer = as_(cast.tina).post(f"/teekontor/customers/{tilo.pk}/merges/{merge.pk}/undo/")

        assert answer.status_code == 404
        merge.refresh_from_db()
        assert merge.undone_at is None

    def test_perhaps_the_same_is_only_a_hint(self, cast: Cast, as_: SignIn) -> None:
        known(cast.cheese, "17", "an.na@gmail.com", "Anna")
        known(cast.cheese, "18", "anna+shop@gmail.com", "Anna")
        one, other = Customer.objects.filter(shop=cast.cheese).order_by("id")

        for here, there in ((one, other), (other, one)):
            page = as_(cast.anton).get(at(here, "identity/")).content.decode()
            assert "Perhaps the same person" in page
            assert at(there) in page
            assert "Join …" not in page


class TestRights:
    def test_everything_held_comes_as_a_file_to_read_and_one_for_programs(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        client = as_(cast.mara)

        for_programs = json.loads(client.post(at(anna, "data/"), {"kind": "json"}).content)
        to_read = client.post(at(anna, "data/"), {"kind": "html"})

        assert [order["external_id"] for order in for_programs["orders"]["orders"]] == [
            "A1", "A2", "A3",
        ]  # fmt: skip
        assert "Brie" in to_read.content.decode()
        assert "attachment" in to_read["Content-Disposition"]
        assert Event.objects.filter(name="customer.exported").count() == 2

    def test_what_a_customer_wrote_is_only_text(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        Customer.objects.filter(pk=anna.pk).update(name="<script>alert(1)</script>")
        client = as_(cast.olga)

        for rest in ("", "orders/", "identity/", "privacy/"):
            assert "<script>alert" not in client.get(at(anna, rest)).content.decode()
        page = client.post(at(anna, "data/"), {"kind": "html"}).content.decode()
        assert "<script>alert" not in page

    def test_erasing_wants_the_name_typed_and_leaves_the_amounts(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        cast.olga.set_password(PASSWORD)
        cast.olga.save()
        client = as_(cast.olga)
        assert "/account/confirm/" in client.get(at(anna, "erase/")).headers["Location"]
        client.post("/account/confirm/", {"password": PASSWORD})

        assert client.post(at(anna, "erase/"), {"name": "Ben"}).status_code == 422
        assert Customer.objects.get(pk=anna.pk).erased_at is None
        assert client.post(at(anna, "erase/"), {"name": "Anna Ahorn"}).status_code == 302
        Worker().drain()

        erased = Customer.objects.get(pk=anna.pk)
        assert (erased.erased_at is not None, erased.name, erased.revenue_minor) == (True, "", 3000)
        page = client.get(at(anna)).content.decode()
        assert "Anna" not in page.replace("/anna", "")
        assert "Erase" not in client.get(at(anna, "privacy/")).content.decode()

    def test_only_owners_see_that_erasing_is_possible(
        self, cast: Cast, as_: SignIn, anna: Customer
    ) -> None:
        assert "Erase" in as_(cast.olga).get(at(anna, "privacy/")).content.decode()
        assert "Erase" not in as_(cast.mara).get(at(anna, "privacy/")).content.decode()


def test_a_parcel_tells_how_late_it_came_and_no_time_of_day_that_nobody_knows(
    cast: Cast, as_: SignIn, anna: Customer
) -> None:
    zone = zoneinfo.ZoneInfo(cast.cheese.zone)
    promised = dt.datetime(2026, 1, 8, tzinfo=zone)
    for number, order, arrived in (
        ("D1", "A1", dt.datetime(2026, 1, 10, tzinfo=zone)),
        ("D2", "A2", dt.datetime(2026, 1, 8, 14, 5, tzinfo=zone)),
    ):
        Delivery.objects.create(
            shop=cast.cheese, source="shop", hash="", external_id=number, order_number=order,
            delivered_at=arrived, promised_at=promised,
        )  # fmt: skip
    answer = as_(cast.olga).get(at(anna))
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    page = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "promised for 8 Jan 2026 · 2 days late 10 Jan 2026 Order A2" in page
    assert "promised for 8 Jan 2026 8 Jan 2026, 14:05" in page
