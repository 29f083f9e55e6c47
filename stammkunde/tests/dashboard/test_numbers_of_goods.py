"""The pages of products, channels, voices and service in a shop that knows a little of everything."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import text, work
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.flows import order_recorded
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders.models import Response, Return, Spend
from stammkunde.records.orders.rules import Line, Said
from stores_and_cast import Cast  # type: ignore[import-not-found]

SHOP = "/kaesehaus"
NOON = dt.datetime(2025, 1, 6, 12, tzinfo=dt.UTC)


def order(number: int, day: int, *, who: int, product: str, channel: str) -> Said:
    return Said(
        number=str(number),
        placed_at=NOON + dt.timedelta(days=day),
        amount_minor=2000,
        channel=channel,
        customer_number=str(who),
        name=f"Person {who}",
        lines=(
            Line(product_id=product[0], product=product, quantity=Decimal(1), amount_minor=2000),
        ),
    )


def filled(shop: Shop) -> None:
    """Let 70 customers order: who begins with brie comes by mail and comes back, the others do not."""
    said = [
        order(who, 0, who=who, product="Brie" if who < 35 else "Feta",
              channel="mail" if who < 35 else "search")
        for who in range(70)
    ]  # fmt: skip
    said += [order(100 + who, 30, who=who, product="Brie", channel="mail") for who in range(33)]
    said.append(order(999, 300, who=0, product="Brie", channel="mail"))
    order_recorded.record_all(shop, said, actor=COMMAND)
    row = {"shop": shop, "source": "test", "hash": ""}
    for number, channel in enumerate(("mail", None)):
        Spend.objects.create(
            external_id=str(number), purpose="acquisition", channel=channel, amount_minor=35000,
            starts_on=NOON.date(), ends_on=NOON.date(), **row,
        )  # fmt: skip
    Return.objects.create(
        external_id="1", order_number="3", product_id="B", kind="return", reason="too ripe",
        returned_at=NOON + dt.timedelta(days=3), **row,
    )  # fmt: skip
    customer = Customer.objects.filter(shop=shop).order_by("pk")[0]
    for number, (question, words) in enumerate((("nps", "Lovely brie"), ("csat", "Slow post"))):
        Response.objects.create(
            external_id=str(number), question=question, answer=words, score=4, lowest=0, highest=10,
            answered_at=NOON + dt.timedelta(days=number), customer=customer, **row,
        )  # fmt: skip


@pytest.fixture
def olga(settings: Any, tmp_path: Path, as_: SignIn, cast: Cast) -> Client:
    settings.DATA = tmp_path / "data"
    filled(cast.cheese)
    work()
    return as_(cast.olga)


def shown(browser: Client, page: str) -> str:
    """Return what a page says once it is computed."""
    browser.get(f"{SHOP}/{page}")
    work()
    return text(browser.get(f"{SHOP}/{page}"))


@pytest.mark.django_db
def test_products_channels_voices_and_service(olga: Client, cast: Cast, as_: SignIn) -> None:
    said = shown(olga, "products/")
    assert "2 products differ from all others by more than chance explains" in said
    first = said[said.index("First product and second order") :]
    assert "Brie more than the others 94% 81–98% 35" in first
    assert "Feta less than the others 0% 0–10% 35" in first
    back = said[said.index("Products that come back") :]
    assert "Brie within chance Commonest reason: too ripe" in back

    said = shown(olga, "channels/")
    assert "€350.00 were spent for new customers without naming a channel." in said
    line = said[said.index("mail 35") :]
    assert line.startswith("mail 35 €10.00")
    assert "the cost of goods is not known" in line
    assert "Customer retention cost" not in said
    assert "Not known" not in said

    said = shown(olga, "voices/")
    assert "Lovely brie" in said
    assert "Slow post" in said
    assert "Person 0" in said
    said = shown(olga, "voices/?question=nps")
    assert "Lovely brie" in said
    assert "Slow post" not in said
    assert "Why goods come back" in shown(olga, "service/")
    assert "Lovely brie" not in text(as_(cast.tina).get("/teekontor/voices/"))


@pytest.mark.django_db
def test_groups_that_wait_differently_are_told_apart(olga: Client) -> None:
    assert "The groups differ more than chance explains (log-rank, p < 0.001)." in shown(
        olga, "pauses/?by=channel"
    )
