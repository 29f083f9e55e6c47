"""What a customer sent back: found by the numbers of their orders, within a channel, by an index."""

from __future__ import annotations

import pytest
from django.db import connection

from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers.models import Customer
from stammkunde.records.customers.privacy import gather
from stammkunde.records.orders import privacy, queries, rules, writing
from stammkunde.records.orders.models import Delivery, Order, Refund, Return, Version
from stammkunde.records.orders.writing import Origin
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


def order(shop: Shop, customer: Customer, number: str, source: str) -> None:
    Order.objects.create(
        shop=shop, customer=customer, external_id=number, source=source,
        placed_at=clock.now(), state="counted", hash="x",
    )  # fmt: skip


def sent_back(shop: Shop, number: str, source: str) -> Return:
    return Return.objects.create(
        shop=shop, external_id=f"R{number}", order_number=number, source=source,
        returned_at=clock.now(), kind="return", hash="x",
    )  # fmt: skip


def test_a_number_means_the_order_of_its_own_channel_and_shop(cast: Cast) -> None:
    anna, ben = (Customer.objects.create(shop=cast.cheese) for _ in range(2))
    order(cast.cheese, anna, "1", "shop")
    order(cast.cheese, ben, "1", "market")
    own = sent_back(cast.cheese, "1", "shop")
    sent_back(cast.cheese, "1", "market")
    sent_back(cast.tea, "1", "shop")

    assert list(queries.returns(anna)) == [own]


def test_they_are_looked_up_and_not_searched_through(cast: Cast) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    anna = Customer.objects.create(shop=cast.cheese)

    assert "orders_return_order" in queries.returns(anna).explain()


def test_what_names_orders_is_exported_and_erased_with_whoever_ordered(cast: Cast) -> None:
    anna, ben = (Customer.objects.create(shop=cast.cheese) for _ in range(2))
    order(cast.cheese, anna, "1", "shop")
    order(cast.cheese, ben, "1", "market")
    for source in ("shop", "market"):
        Delivery.objects.create(
            shop=cast.cheese, external_id=f"DHL {source}", order_number="1", source=source,
            delivered_at=clock.now(), hash="x",
        )  # fmt: skip
        sent_back(cast.cheese, "1", source)
    person = gather(anna)

    found = privacy.export(person)
    assert [row["external_id"] for row in found["deliveries"]] == ["DHL shop"]
    assert [row["source"] for row in found["returns"]] == ["shop"]
    (moment,) = (one for one in queries.moments(anna, size=9)[0] if one.kind == "delivery")
    assert moment.row.external_id == "DHL shop"

    privacy.erase(person)
    numbers = set(Delivery.objects.values_list("external_id", flat=True))
    assert "DHL shop" not in numbers
    assert "DHL market" in numbers


def test_what_a_return_said_before_it_changed_is_forgotten_too(cast: Cast) -> None:
    anna = Customer.objects.create(shop=cast.cheese)
    order(cast.cheese, anna, "1", "shop")
    back = sent_back(cast.cheese, "1", "shop")
    Return.objects.filter(pk=back.pk).update(reason="Anna says: too small")
    writing.keep(
        rules.RETURNS,
        [back.pk],
        origin=Origin(shop_id=cast.cheese.pk, source="shop", actor=COMMAND),
    )

    privacy.erase(gather(anna))

    image = Version.objects.get(kind="returns", row_id=back.pk).before
    assert (image["reason"], image["order_number"]) == (None, "1")
    assert set(image) == set(writing.image_columns(rules.RETURNS))


def test_an_order_that_is_numbered_like_its_customer_keeps_what_names_it(cast: Cast) -> None:
    anna, ben = (Customer.objects.create(shop=cast.cheese, number=n) for n in ("17", "18"))
    order(cast.cheese, anna, "17", "shop")
    order(cast.cheese, ben, "17", "market")
    for source in ("shop", "market"):
        sent_back(cast.cheese, "17", source)
        Refund.objects.create(
            shop=cast.cheese, external_id=f"of {source}", order_number="17", source=source,
            refunded_at=clock.now(), amount_minor=100, hash="x",
        )  # fmt: skip
    writing.keep(
        rules.REFUNDS, list(Refund.objects.values_list("id", flat=True)),
        origin=Origin(shop_id=cast.cheese.pk, source="shop", actor=COMMAND),
    )  # fmt: skip

    privacy.erase(gather(anna))

    hidden = Order.objects.get(source="shop").external_id
    assert "17" not in hidden.split()
    for model in (Refund, Return):
        named = dict(model.objects.values_list("source", "order_number"))
        assert named == {"shop": hidden, "market": "17"}, model.__name__
    before = {each.before["order_number"] for each in Version.objects.filter(kind="refunds")}
    assert before == {"17", hidden}
