"""Figures that people type in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from dashboard.conftest import SignIn
from stammkunde.core import clock
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops.models import Shop
from stammkunde.insights import history
from stammkunde.records.orders import typed
from stammkunde.records.orders.models import Lead, Product, Spend, Version
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
PAGE = "/kaesehaus/data/figures/"


def month(shop: Shop) -> str:
    """Return this month as the forms offer it."""
    return clock.today(shop.zone).replace(day=1).isoformat()


def test_spend_is_saved_replaced_and_taken_back(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.mara)
    sent = {"month": month(cast.cheese), "purpose": "acquisition", "channel": "Google"}

    client.post(f"{PAGE}spend/", {**sent, "amount": "1.234,50"})
    answer = client.post(f"{PAGE}spend/", {**sent, "amount": "1300"}, follow=True)
    assert "€1,300.00" in answer.content.decode()
    row = Spend.objects.get()
    assert (row.amount_minor, row.starts_on.day, row.channel) == (130000, 1, "Google")
    assert Version.objects.get().before["amount_minor"] == 123450

    client.post(f"{PAGE}spend/", {**sent, "amount": ""})
    row.refresh_from_db()
    assert row.deleted_at is not None
    assert Event.objects.filter(name="figures.spend_typed").count() == 3


def test_leads_become_as_many_rows_as_there_are(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.mara)
    sent = {"month": month(cast.cheese), "channel": "Messe"}

    client.post(f"{PAGE}leads/", {**sent, "count": "12", "qualified": "5"})
    client.post(f"{PAGE}leads/", {**sent, "channel": "Messe Köln", "count": "2"})
    client.post(f"{PAGE}leads/", {**sent, "count": "8", "qualified": "3"})

    kept = Lead.objects.filter(deleted_at=None)
    assert kept.filter(channel="Messe").count() == 8
    assert kept.filter(channel="Messe", qualified=True).count() == 3
    assert kept.filter(channel="Messe Köln").count() == 2
    with history.history(cast.cheese) as found:
        assert found.engine.rows("SELECT count(*) AS n FROM leads")[0]["n"] == 10


def test_leads_stand_in_the_month_of_the_shop_wherever_it_is(as_: SignIn, cast: Cast) -> None:
    # Noon of the first is still the day before in UTC.
    Shop.objects.filter(pk=cast.cheese.pk).update(zone="Pacific/Auckland")
    cast.cheese.refresh_from_db()
    typed.leads(cast.cheese, month=dt.date(2026, 1, 1), channel="Messe", count=1, actor=COMMAND)

    (row,) = as_(cast.mara).get(PAGE).context["led"]
    assert row == ("January 2026", "Messe", 1, 0)


def test_a_cost_keeps_what_files_said_of_the_product(as_: SignIn, cast: Cast) -> None:
    Product.objects.create(
        shop=cast.cheese, source="shop", external_id="G-1", hash="x", product="Gouda"
    )
    as_(cast.mara).post(f"{PAGE}costs/", {"number": "G-1", "unit_cost": "3,25"})

    product = Product.objects.get()
    assert (product.product, product.unit_cost) == ("Gouda", Decimal("3.25"))


@pytest.mark.parametrize(
    ("form", "sent", "sentence"),
    [
        ("spend", {"purpose": "acquisition", "amount": "much"}, "Write an amount such as"),
        ("leads", {"count": "2", "qualified": "3"}, "no more can be qualified than there are"),
    ],
)
def test_what_cannot_be_is_said_and_not_saved(
    as_: SignIn, cast: Cast, form: str, sent: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.mara).post(f"{PAGE}{form}/", {"month": month(cast.cheese), **sent})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Spend.objects.exists()
    assert not Lead.objects.exists()


def test_figures_are_those_of_the_shop_and_not_for_support(as_: SignIn, cast: Cast) -> None:
    sent = {"month": month(cast.cheese), "purpose": "sales", "channel": "", "amount": "77"}
    as_(cast.mara).post(f"{PAGE}spend/", sent)

    assert b"77.00" not in as_(cast.tina).get("/teekontor/data/figures/").content
    for address in (PAGE, f"{PAGE}spend/", f"{PAGE}leads/", f"{PAGE}costs/"):
        assert as_(cast.sven).post(address, sent).status_code == 403
        assert as_(cast.tina).post(address, sent).status_code == 404
    assert Spend.objects.count() == 1


def test_what_also_comes_by_days_is_said_and_taken_back_by_a_click(as_: SignIn, cast: Cast) -> None:
    client, first = as_(cast.mara), clock.today(cast.cheese.zone).replace(day=1)
    Spend.objects.create(
        shop=cast.cheese, source="ads", external_id="1", hash="x", made_by=1, purpose="acquisition",
        channel="Google", amount_minor=98700, starts_on=first, ends_on=first,
    )  # fmt: skip
    sent = {"month": first.isoformat(), "purpose": "acquisition", "channel": "Google"}

    page = client.post(f"{PAGE}spend/", {**sent, "amount": "1000"}, follow=True).content.decode()
    assert "Typed here, and in a file as well" in page
    assert "€987.00" in page
    page = client.post(f"{PAGE}spend/", sent, follow=True).content.decode()
    assert "Typed here, and in a file as well" not in page
    assert Spend.objects.get(deleted_at=None).source == "ads"
